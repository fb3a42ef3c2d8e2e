// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/position_table.h"

#include "core/record/json.h"

namespace freshet::postgres {
namespace {

constexpr const char* kCreateSql =
    "CREATE TABLE IF NOT EXISTS freshet_offset(sink text NOT NULL, shard text NOT NULL,"
    " next bigint NOT NULL, watermark bigint NOT NULL, fence bigint NOT NULL,"
    " sequence bigint NOT NULL, refused text NOT NULL DEFAULT '[]',"
    " updated timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (sink, shard)) WITH (fillfactor=50)";
constexpr const char* kTakeSql =
    "INSERT INTO freshet_offset AS o(sink, shard, next, watermark, fence, sequence)"
    " VALUES($1, $2, 0, $3::bigint, 1, 0) ON CONFLICT (sink, shard) DO UPDATE SET fence=o.fence + 1"
    " RETURNING next, watermark, fence, sequence, refused";
constexpr const char* kPutSql =
    "UPDATE freshet_offset SET next=$3, watermark=$4, sequence=$5, refused=$6, updated=now()"
    " WHERE sink=$1 AND shard=$2 AND fence<=$7";
constexpr const char* kReadSql =
    "SELECT fence, sequence FROM freshet_offset WHERE sink=$1 AND shard=$2 FOR UPDATE";
constexpr const char* kForgetSql =
    "DELETE FROM freshet_offset WHERE sink=$1 AND starts_with(shard, $2)";

std::string packed(const std::vector<stage::RefusedBefore>& all) {
  std::string out = "[";
  for (const stage::RefusedBefore& refused : all) {
    if (out.size() > 1) out += ',';
    out += '[' + std::to_string(refused.offset) + ',' + std::to_string(refused.nth) + ',' +
           (refused.timerMs ? std::to_string(*refused.timerMs) : "null") + ',';
    record::writeJsonString(refused.code, out);
    out += ',';
    record::writeJsonString(refused.message, out);
    out += ']';
  }
  return out += ']';
}

std::vector<stage::RefusedBefore> unpacked(std::string_view json, std::uint32_t shard) {
  std::vector<stage::RefusedBefore> all;
  Arena arena;
  const auto list = record::parseJson(json, arena);
  if (!list || !list->isArray()) return all;
  for (const record::Value& item : list->asArray()) {
    if (!item.isArray() || item.size() != 5) continue;
    const auto fields = item.asArray();
    if (!fields[0].isInt() || !fields[1].isInt() || !fields[3].isString() || !fields[4].isString())
      continue;
    stage::RefusedBefore& refused = all.emplace_back();
    refused.shard = shard;
    refused.offset = fields[0].asInt();
    refused.nth = static_cast<std::uint32_t>(fields[1].asInt());
    if (fields[2].isInt()) refused.timerMs = fields[2].asInt();
    refused.code = fields[3].asString();
    refused.message = fields[4].asString();
  }
  return all;
}

}  // namespace

Status PositionTable::open(Link& link) {
  auto found = link.run("SELECT to_regclass('freshet_offset') IS NOT NULL");
  if (!found) return found.error();
  for (int attempt = 0; found->text(0, 0) != "t"; ++attempt) {
    auto made = link.run(kCreateSql);
    if (made) break;
    // Two that make it at the same moment collide in the catalogue; then it is there.
    if (attempt > 0 || made.error().code != "E-3906") return made.error();
  }
  if (auto status = link.prepare("take", kTakeSql); !status) return status;
  if (auto status = link.prepare("put", kPutSql); !status) return status;
  if (auto status = link.prepare("stand", kReadSql); !status) return status;
  return link.prepare("forget", kForgetSql);
}

Result<ShardPosition> PositionTable::takeOver(Link& link, const std::string& sink,
                                              std::uint32_t shard, std::string_view name) {
  const Parameter parameters[] = {sink, std::string(name), std::to_string(INT64_MIN)};
  auto answer = link.call("take", parameters);
  if (!answer) return answer.error();
  ShardPosition position;
  position.name = name;
  position.reach = {shard, answer->integer(0, 0), answer->integer(0, 1)};
  position.fence = answer->integer(0, 2);
  position.sequence = answer->integer(0, 3);
  position.refused = unpacked(answer->text(0, 4), shard);
  return position;
}

std::vector<Parameter> PositionTable::put(const std::string& sink, const ShardPosition& position) {
  return {sink,
          position.name,
          std::to_string(position.reach.next),
          std::to_string(position.reach.watermarkMs),
          std::to_string(position.sequence),
          packed(position.refused),
          std::to_string(position.fence)};
}

Result<bool> PositionTable::isWritten(Link& link, const std::string& sink,
                                      const ShardPosition& position) {
  const Parameter parameters[] = {sink, position.name};
  auto answer = link.call("stand", parameters);
  if (!answer) return answer.error();
  return answer->rows() == 1 && answer->integer(0, 0) == position.fence &&
         answer->integer(0, 1) == position.sequence;
}

Status PositionTable::forget(Link& link, const std::string& sink, std::string_view prefix) {
  const Parameter parameters[] = {sink, std::string(prefix)};
  auto answer = link.call("forget", parameters);
  return answer ? Status() : Status(answer.error());
}

}  // namespace freshet::postgres
