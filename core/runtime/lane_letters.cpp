// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/lane_letters.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/record/json.h"

namespace freshet::runtime {
namespace {

constexpr std::size_t kMostLetters = 500;

/// "schemas/event.json@1a2b3c4d5e6f" where the step has a schema, else "".
std::string schemaOf(const TopologyNode& node, const pipeline::Project& project) {
  const spec::FieldSpec* field = node.type->spec.find("schema");
  if (!field || field->type != spec::FieldType::File || !node.config.has("schema")) return {};
  const std::string path = node.config.text("schema");
  const auto text = pipeline::readProjectFile(project, path);
  return text ? path + '@' + sha256(*text).substr(0, 12) : path;
}

std::string sectionsOf(const record::Record& record, const std::vector<std::string>& names) {
  std::vector<record::Member> members;
  for (std::size_t slot = 0; slot < record.sections.size(); ++slot) {
    if (!record.sections[slot].isNil()) members.push_back({names[slot], record.sections[slot]});
  }
  return record::toJson(record::Value(std::span<const record::Member>(members)));
}

}  // namespace

LaneLetters::LaneLetters(Run& run, int lane) : m_run(run), m_lane(lane) {
  const Topology& topology = run.topology();
  for (const TopologyNode& node : topology.nodes())
    m_schemas.push_back(schemaOf(node, topology.project()));
}

std::optional<std::uint32_t> LaneLetters::nodeOf(std::string_view id) const {
  const auto& nodes = m_run.topology().nodes();
  const auto found = std::ranges::find(nodes, id, &TopologyNode::id);
  if (found == nodes.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - nodes.begin());
}

std::optional<std::uint32_t> LaneLetters::sourceOf(std::string_view shard) const {
  const auto node = nodeOf(shard.substr(0, shard.rfind('/')));
  return node && m_run.topology().nodes()[*node].role == Role::Source ? node : std::nullopt;
}

const RetryRoute& LaneLetters::route(std::optional<std::uint32_t> source, std::uint32_t failed) {
  const auto key = std::pair(source ? std::int64_t{*source} : -1, failed);
  auto found = m_routes.find(key);
  if (found == m_routes.end())
    found = m_routes.emplace(key, retryRoute(m_run.topology(), source, failed)).first;
  return found->second;
}

bool LaneLetters::startsAtSource(const RetryRoute& route) const {
  return m_run.topology().nodes()[route.entry].role == Role::Source;
}

const RetryRoute* LaneLetters::routeOf(const StoredDead& letter) {
  const auto source = sourceOf(letter.shard);
  if (letter.isWhole) return source ? &route(source, *source) : nullptr;
  const auto failed = nodeOf(letter.node);
  if (!failed) return nullptr;
  const RetryRoute& found = route(source, *failed);
  // Without what the steps before had added it can only start at its source.
  if (!startsAtSource(found) && letter.sections.empty()) return nullptr;
  return startsAtSource(found) && source != found.entry ? nullptr : &found;
}

StoredDead LaneLetters::describe(const DeadRecord& dead) {
  const Topology& topology = m_run.topology();
  const record::Origin& origin = *dead.record->origin;
  StoredDead letter;
  letter.node = topology.nodes()[dead.node].id;
  letter.code = dead.code;
  letter.message = dead.message;
  letter.pointer = dead.pointer;
  letter.partition = origin.partition;
  letter.offset = origin.offset;
  letter.atMs = letter.firstMs = m_run.clock().now();
  letter.bytes = origin.bytes;
  letter.shard = m_run.shardName(origin.shard);
  letter.key = origin.key;
  letter.headers = packHeaders(origin.headers);
  if (!startsAtSource(route(sourceOf(letter.shard), dead.node)))
    letter.sections = sectionsOf(*dead.record, topology.slots());
  letter.timeMs = origin.timeMs;
  letter.arrivedMs = origin.arrivedMs;
  letter.pipeline = m_run.settings().logicHash;
  letter.schema = m_schemas[dead.node];
  letter.isTimers = origin.ordinal == record::Origin::kNoOrdinal;
  const auto taken = m_taken.find(origin.retry);
  if (taken != m_taken.end()) {
    letter.attempts = taken->second.attempts + 1;
    letter.firstMs = taken->second.firstMs;
    // Of several that come of one, the first keeps its id.
    letter.id = std::exchange(taken->second.id, 0);
  }
  return letter;
}

Letter LaneLetters::unpack(const StoredDead& letter, Arena& arena) {
  const auto packed = unpackHeaders(letter.headers);
  const auto headers = arena.array<record::Header>(packed.size());
  for (std::size_t i = 0; i < headers.size(); ++i)
    headers[i] = {arena.copy(packed[i].name), arena.copy(packed[i].value)};
  auto* origin = arena.make<record::Origin>();
  origin->bytes = arena.copy(letter.bytes, record::kJsonPadding);
  origin->key = arena.copy(letter.key);
  origin->headers = headers;
  origin->shard = m_run.shard(letter.shard);
  origin->partition = letter.partition;
  origin->offset = letter.offset;
  origin->timeMs = letter.timeMs;
  origin->arrivedMs = letter.arrivedMs;
  origin->ordinal = letter.isTimers ? record::Origin::kNoOrdinal : record::Origin::kRetriedOrdinal;
  origin->retry = letter.ticket;
  origin->isWithheld = !letter.isArmed;
  return {origin, letter.sections.empty() ? std::string_view()
                                          : arena.copy(letter.sections, record::kJsonPadding)};
}

Status LaneLetters::fetch(const OwnsShard& owns) {
  DeadLetters& letters = m_run.db().letters();
  const std::uint64_t round = letters.round();
  while (m_waiting.empty() && m_round != round) {
    auto found = letters.queued(m_last, kMostLetters);
    if (!found) return found.error();
    if (found->size() < kMostLetters) m_round = round;
    for (StoredDead& letter : *found) {
      m_last = letter.ticket;
      if (m_taken.contains(letter.ticket)) continue;
      // Whose source is gone has no lane of its own.
      const bool isMine = sourceOf(letter.shard) ? owns(letter.shard) : m_lane == 0;
      if (isMine) m_waiting.push_back(std::move(letter));
    }
  }
  return {};
}

Result<LaneLetters::Round> LaneLetters::next(Arena& arena, const OwnsShard& owns) {
  Round made;
  if (isIdle()) return made;
  if (auto status = fetch(owns); !status) return status.error();
  while (!m_waiting.empty()) {
    StoredDead& letter = m_waiting.front();
    const RetryRoute* route = routeOf(letter);
    if (route && made.route && route != made.route) break;
    if (!route) {
      letter.code = "E-3702";
      letter.message = "It cannot go on at " + letter.node +
                       ": the pipeline has changed. Retry it with --from-source, or drop it";
      letter.ticket = 0;
      made.refused.push_back(std::move(letter));
    } else {
      made.route = route;
      m_taken[letter.ticket] = {letter.id, letter.attempts, letter.firstMs};
      made.letters.push_back(unpack(letter, arena));
      made.stored.push_back(std::move(letter));
    }
    m_waiting.pop_front();
  }
  return made;
}

bool LaneLetters::isIdle() const {
  return m_waiting.empty() && m_round == m_run.db().letters().round();
}

void LaneLetters::lookAgain(bool isDiscarded) {
  if (isDiscarded) m_taken.clear();
  m_waiting.clear();
  m_last = 0;
  m_round = 0;
}

}  // namespace freshet::runtime
