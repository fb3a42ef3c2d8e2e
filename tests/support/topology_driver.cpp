// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/topology_driver.h"

#include <algorithm>

#include "core/record/json.h"

namespace freshet::testing {
namespace {

constexpr int kMostAttempts = 5;

runtime::RunSettings inMemory() {
  runtime::RunSettings settings;
  settings.isMaxSpeed = true;
  return settings;
}

std::string keyOf(const std::string& json) {
  const auto value = record::OwnedValue::fromJson(json);
  const record::Value key = value ? value->value().get("key") : record::Value();
  return key.isString() ? std::string(key.asString()) : std::string();
}

}  // namespace

void PipelineOutcome::sort() {
  for (auto& [node, records] : sinks) std::ranges::stable_sort(records, {}, keyOf);
  std::ranges::sort(dead);
}

std::string deadJson(std::string_view node, const runtime::DeadRecord& dead) {
  Arena arena;
  record::Value value;
  const auto set = [&](std::string_view name, const record::Value& member) {
    value = record::withMember(value, name, member, arena);
  };
  set("node", record::Value(node));
  set("code", record::Value(std::string_view(dead.code)));
  set("message", record::Value(std::string_view(dead.message)));
  set("pointer", record::Value(std::string_view(dead.pointer)));
  set("partition", record::Value(std::int64_t{dead.origin->partition}));
  set("offset", record::Value(dead.origin->offset));
  // A large one is told by its size.
  if (dead.origin->bytes.size() < 4096) {
    set("bytes", record::Value(dead.origin->bytes));
  } else {
    set("size", record::Value(static_cast<std::int64_t>(dead.origin->bytes.size())));
  }
  return record::toJson(value);
}

std::string countsJson(const runtime::Counts& counts) {
  return "{\"in\":" + std::to_string(counts.in) + ",\"out\":" + std::to_string(counts.out) +
         ",\"filtered\":" + std::to_string(counts.filtered) +
         ",\"dead\":" + std::to_string(counts.dead) +
         ",\"emitted\":" + std::to_string(counts.emitted) +
         ",\"errors\":" + std::to_string(counts.errors) + "}";
}

TopologyDriver::TopologyDriver(std::shared_ptr<const runtime::Topology> topology,
                               const stage::TypeLookup& types)
    : m_run(std::move(topology), types, {}, inMemory()), m_share{m_run, 0, 1, {}, 0, {}} {}

Status TopologyDriver::open() {
  if (auto status = m_run.open(); !status) return status;
  const runtime::Topology& topology = m_run.topology();
  auto parts = topology.makeLane();
  if (!parts) return parts.error();
  m_lane =
      std::make_unique<runtime::Lane>(m_run.sharedTopology(), std::move(*parts), m_meters, nullptr);
  std::vector<stage::StageContext*> contexts;
  for (std::size_t i = 0; i < topology.nodes().size(); ++i) {
    const runtime::TopologyNode& node = topology.nodes()[i];
    const bool isSource = node.role == runtime::Role::Source;
    if (isSource) m_source = static_cast<std::uint32_t>(i);
    m_contexts.push_back(
        std::make_unique<runtime::NodeContext>(m_share, node.id, m_lane->state(i), isSource));
    contexts.push_back(m_contexts.back().get());
  }
  for (std::int32_t partition = 0; partition < TestWorld::kPartitions; ++partition) {
    const std::string name = topology.nodes()[m_source].id + '/' + std::to_string(partition);
    m_lane->setWatermark(m_run.shard(name), runtime::Lane::kNoWatermark);
  }
  return m_lane->open(contexts);
}

Status TopologyDriver::process(const TestWorld& world, std::size_t from, std::size_t count) {
  std::vector<record::Origin*> origins;
  for (std::size_t i = from; i < std::min(from + count, world.events.size()); ++i) {
    const TestEvent& event = world.events[i];
    auto* origin = m_arena.make<record::Origin>();
    origin->bytes = m_arena.copy(event.bytes, record::kJsonPadding);
    origin->key = m_arena.copy(event.key);
    origin->partition = event.partition;
    origin->shard = shardOf(event.partition);
    origin->offset = m_offsets[event.partition]++;
    origin->timeMs = event.timeMs;
    origins.push_back(origin);
  }
  return attempt([&] { return m_lane->process(m_source, origins, m_arena, m_result); });
}

Status TopologyDriver::advanceWatermark(TimeMs watermark) {
  for (std::int32_t partition = 0; partition < TestWorld::kPartitions; ++partition) {
    auto status = attempt(
        [&] { return m_lane->advanceWatermark(shardOf(partition), watermark, m_arena, m_result); });
    if (!status) return status;
  }
  return {};
}

Status TopologyDriver::attempt(const std::function<Status()>& step) {
  Status status;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    m_result.clear();
    status = step();
    if (status) return finish();
    m_lane->abandon();
    for (auto& [name, session] : m_share.sessions) session->abandon();
    if (status.error().retry != Retry::Later) break;
  }
  return status;
}

Status TopologyDriver::finish() {
  const auto& nodes = m_run.topology().nodes();
  for (auto& [name, session] : m_share.sessions) {
    if (auto status = session->flush(); !status) return status;
  }
  for (std::size_t node = 0; node < m_result.sinks.size(); ++node) {
    for (const record::Record* record : m_result.sinks[node])
      m_outcome.sinks[nodes[node].id].push_back(describe(*record, m_run.topology().slots()));
  }
  for (const runtime::DeadRecord& dead : m_result.dead)
    m_outcome.dead.push_back(deadJson(nodes[dead.node].id, dead));
  m_counts.add(m_result.counts);
  m_outcome.counts = countsJson(m_counts);
  return {};
}

std::string TopologyDriver::profile(const std::string& connection, const std::string& key) {
  const auto session = m_share.sessions.find(connection);
  if (session == m_share.sessions.end()) return "null";
  const std::string_view keys[] = {key};
  if (!session->second->fetch(keys, m_arena)) return "null";
  std::string json = record::toJson(session->second->read(key));
  session->second->abandon();
  return json;
}

}  // namespace freshet::testing
