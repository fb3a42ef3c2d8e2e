// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/dead_letters.h"

#include <algorithm>
#include <set>

#include "core/base/bytes.h"

namespace freshet::runtime {
namespace {

constexpr std::string_view kTable = R"(
CREATE TABLE IF NOT EXISTS dead(id INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL,
  code TEXT NOT NULL, message TEXT NOT NULL, pointer TEXT NOT NULL, part INTEGER NOT NULL,
  offset INTEGER NOT NULL, at INTEGER NOT NULL, original BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS ticket(last INTEGER PRIMARY KEY) STRICT;
)";

// In this order after those of the first version.
struct Column {
  const char* name;
  const char* type;
};
constexpr Column kAdded[] = {
    {"shard", "TEXT NOT NULL DEFAULT ''"},      {"key", "BLOB NOT NULL DEFAULT x''"},
    {"headers", "BLOB NOT NULL DEFAULT x''"},   {"sections", "BLOB NOT NULL DEFAULT x''"},
    {"time", "INTEGER NOT NULL DEFAULT 0"},     {"arrived", "INTEGER NOT NULL DEFAULT 0"},
    {"pipeline", "TEXT NOT NULL DEFAULT ''"},   {"schema", "TEXT NOT NULL DEFAULT ''"},
    {"attempts", "INTEGER NOT NULL DEFAULT 1"}, {"first", "INTEGER NOT NULL DEFAULT 0"},
    {"ticket", "INTEGER NOT NULL DEFAULT 0"},   {"armed", "INTEGER NOT NULL DEFAULT 0"},
    {"whole", "INTEGER NOT NULL DEFAULT 0"},    {"timers", "INTEGER NOT NULL DEFAULT 0"}};

constexpr std::string_view kColumns =
    "id, node, code, message, pointer, part, offset, at, original, shard, key, headers, sections,"
    " time, arrived, pipeline, schema, attempts, first, ticket, armed, whole, timers";

/// ?1 node, ?2 code, ?3 the ids as a JSON array.
constexpr std::string_view kWhere =
    "(?1='' OR node=?1) AND (?2='' OR code=?2) AND (?3='' OR id IN (SELECT value FROM"
    " json_each(?3)))";

void bindFilter(profile::Statement& statement, const LetterFilter& filter) {
  std::string ids;
  for (const std::int64_t id : filter.ids) {
    ids += ids.empty() ? '[' : ',';
    ids += std::to_string(id);
  }
  if (!ids.empty()) ids += ']';
  statement.bind(1, filter.node).bind(2, filter.code).bind(3, ids);
}

}  // namespace

std::string packHeaders(std::span<const record::Header> headers) {
  std::string packed;
  for (const record::Header& header : headers) {
    putShortText(header.name, packed);
    putShortText(header.value, packed);
  }
  return packed;
}

std::vector<record::Header> unpackHeaders(std::string_view packed) {
  std::vector<record::Header> headers;
  ByteCursor from(packed);
  while (from.isGood() && !from.isAtEnd()) {
    const std::string_view name = from.shortText();
    headers.push_back({name, from.shortText()});
  }
  return headers;
}

Status DeadLetters::prepare() {
  if (auto status = m_db.run(kTable); !status) return status;
  std::set<std::string> known;
  auto columns = m_db.prepare("SELECT name FROM pragma_table_info('dead')");
  while (columns.step()) known.emplace(columns.text(0));
  if (auto status = columns.finish(); !status) return status;
  for (const Column& column : kAdded) {
    if (known.contains(column.name)) continue;
    auto status =
        m_db.run("ALTER TABLE dead ADD COLUMN " + std::string(column.name) + ' ' + column.type);
    if (!status) return status;
  }
  if (auto status =
          m_db.run("CREATE INDEX IF NOT EXISTS dead_ticket ON dead(ticket) WHERE ticket > 0");
      !status)
    return status;
  m_put = m_db.prepare("INSERT OR REPLACE INTO dead(" + std::string(kColumns) +
                       ") VALUES(nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
                       " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
  m_remove = m_db.prepare("DELETE FROM dead WHERE id=?1");
  return {};
}

Status DeadLetters::put(const StoredDead& letter) {
  return m_put.bind(1, letter.id)
      .bind(2, letter.node)
      .bind(3, letter.code)
      .bind(4, letter.message)
      .bind(5, letter.pointer)
      .bind(6, std::int64_t{letter.partition})
      .bind(7, letter.offset)
      .bind(8, letter.atMs)
      .bindBlob(9, letter.bytes)
      .bind(10, letter.shard)
      .bindBlob(11, letter.key)
      .bindBlob(12, letter.headers)
      .bindBlob(13, letter.sections)
      .bind(14, letter.timeMs)
      .bind(15, letter.arrivedMs)
      .bind(16, letter.pipeline)
      .bind(17, letter.schema)
      .bind(18, letter.attempts)
      .bind(19, letter.firstMs)
      .bind(20, letter.ticket)
      .bind(21, std::int64_t{letter.isArmed})
      .bind(22, std::int64_t{letter.isWhole})
      .bind(23, std::int64_t{letter.isTimers})
      .run();
}

Status DeadLetters::remove(std::int64_t id) {
  return m_remove.bind(1, id).run();
}

Result<std::int64_t> DeadLetters::queue(const LetterFilter& filter, bool isArmed, bool isWhole) {
  // Letters of one step have neighbouring tickets: they go round together.
  auto select = m_db.prepare("SELECT id FROM dead WHERE ticket=0 AND " + std::string(kWhere) +
                             " ORDER BY node, id");
  bindFilter(select, filter);
  std::vector<std::int64_t> ids;
  while (select.step()) ids.push_back(select.integer(0));
  if (auto status = select.finish(); !status) return status.error();
  auto last = m_db.prepare("SELECT coalesce(max(last), 0) FROM ticket");
  // From the clock on, so that a state begun afresh never gives a ticket that a profile has seen.
  std::int64_t ticket = std::max(wallClockMs() * 1000, last.step() ? last.integer(0) : 0);
  if (auto status = last.finish(); !status) return status.error();
  auto update = m_db.prepare("UPDATE dead SET ticket=?2, armed=?3, whole=?4 WHERE id=?1");
  for (const std::int64_t id : ids) {
    auto status = update.bind(1, id)
                      .bind(2, ++ticket)
                      .bind(3, std::int64_t{isArmed})
                      .bind(4, std::int64_t{isWhole})
                      .run();
    if (!status) return status.error();
  }
  if (auto status = m_db.run("DELETE FROM ticket"); !status) return status.error();
  if (auto status = m_db.run("INSERT INTO ticket VALUES(" + std::to_string(ticket) + ')'); !status)
    return status.error();
  return static_cast<std::int64_t>(ids.size());
}

Result<std::int64_t> DeadLetters::drop(const LetterFilter& filter) {
  auto remove =
      m_db.prepare("DELETE FROM dead WHERE ticket=0 AND " + std::string(kWhere) + " RETURNING 1");
  bindFilter(remove, filter);
  std::int64_t removed = 0;
  while (remove.step()) ++removed;
  if (auto status = remove.finish(); !status) return status.error();
  return removed;
}

void DeadLetters::settled() {
  m_round.fetch_add(1, std::memory_order_acq_rel);
}

Result<std::vector<StoredDead>> DeadLetters::newest(const LetterFilter& filter, std::size_t most,
                                                    std::int64_t after) {
  const std::scoped_lock lock(m_db.mutex());
  auto select =
      m_db.prepare("SELECT " + std::string(kColumns) + " FROM (SELECT * FROM dead WHERE " +
                   std::string(kWhere) + " AND id>?4 ORDER BY id DESC LIMIT ?5) ORDER BY id");
  bindFilter(select, filter);
  select.bind(4, after).bind(5, static_cast<std::int64_t>(most));
  return read(select);
}

Result<std::vector<StoredDead>> DeadLetters::queued(std::int64_t after, std::size_t most) {
  const std::scoped_lock lock(m_db.mutex());
  auto select = m_db.prepare("SELECT " + std::string(kColumns) +
                             " FROM dead WHERE ticket>?1 ORDER BY ticket LIMIT ?2");
  select.bind(1, after).bind(2, static_cast<std::int64_t>(most));
  return read(select);
}

Result<std::vector<StoredDead>> DeadLetters::read(profile::Statement& select) {
  std::vector<StoredDead> letters;
  while (select.step()) {
    StoredDead& letter = letters.emplace_back();
    letter.id = select.integer(0);
    letter.node = select.text(1);
    letter.code = select.text(2);
    letter.message = select.text(3);
    letter.pointer = select.text(4);
    letter.partition = static_cast<std::int32_t>(select.integer(5));
    letter.offset = select.integer(6);
    letter.atMs = select.integer(7);
    letter.bytes = select.text(8);
    letter.shard = select.text(9);
    letter.key = select.text(10);
    letter.headers = select.text(11);
    letter.sections = select.text(12);
    letter.timeMs = select.integer(13);
    letter.arrivedMs = select.integer(14);
    letter.pipeline = select.text(15);
    letter.schema = select.text(16);
    letter.attempts = select.integer(17);
    letter.firstMs = select.integer(18);
    letter.ticket = select.integer(19);
    letter.isArmed = select.integer(20) != 0;
    letter.isWhole = select.integer(21) != 0;
    letter.isTimers = select.integer(22) != 0;
  }
  if (auto status = select.finish(); !status) return status.error();
  return letters;
}

}  // namespace freshet::runtime
