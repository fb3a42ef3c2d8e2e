// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/topology_driver.h"

#include "core/record/json.h"

namespace freshet::runtime {
namespace {

constexpr int kMostAttempts = 5;

RunSettings byHand(std::uint64_t seed) {
  RunSettings settings;
  settings.isMaxSpeed = true;
  settings.seed = seed;
  return settings;
}

}  // namespace

/// What passed the edges in the step under way; a step that fails takes it back.
class TopologyDriver::Watch final : public EdgeObserver {
 public:
  explicit Watch(const Topology& topology) : m_topology(topology) {}
  void onRecords(std::uint32_t edge, std::span<record::Record* const> records) override {
    for (const record::Record* record : records)
      m_seen.emplace_back(edge, describe(*record, m_topology.slots()));
  }
  void forget() { m_seen.clear(); }
  void giveTo(Outcome& outcome) {
    for (auto& [edge, json] : m_seen)
      outcome.edges[m_topology.edges()[edge].text].push_back(std::move(json));
    forget();
  }

 private:
  const Topology& m_topology;
  std::vector<std::pair<std::uint32_t, std::string>> m_seen;
};

TopologyDriver::TopologyDriver(std::shared_ptr<const Topology> topology,
                               const stage::TypeLookup& types, Settings settings)
    : m_settings(settings),
      m_run(std::move(topology), types, {}, byHand(settings.seed)),
      m_share{m_run, settings.lane, settings.lanes, {}, 0, {}},
      m_letters(m_run, settings.lane) {}

TopologyDriver::~TopologyDriver() = default;

void TopologyDriver::provide(const std::string& connection,
                             std::shared_ptr<profile::MemoryStore> store) {
  m_run.provide(connection, std::move(store));
}

Status TopologyDriver::open() {
  const Topology& topology = m_run.topology();
  auto parts = topology.makeLane();
  if (!parts) return parts.error();
  if (m_settings.watchesEdges) m_watch = std::make_unique<Watch>(topology);
  m_lane =
      std::make_unique<Lane>(m_run.sharedTopology(), std::move(*parts), m_meters, m_watch.get());
  std::vector<stage::StageContext*> contexts;
  for (std::size_t i = 0; i < topology.nodes().size(); ++i) {
    const TopologyNode& node = topology.nodes()[i];
    m_contexts.push_back(std::make_unique<NodeContext>(m_share, node.id, m_lane->state(i),
                                                       node.role == Role::Source));
    contexts.push_back(m_contexts.back().get());
  }
  return m_lane->open(contexts);
}

std::uint32_t TopologyDriver::shard(const std::string& name) {
  return m_run.shard(name);
}

Status TopologyDriver::process(std::uint32_t source, std::span<const DrivenEvent> events) {
  m_arena.reset();
  std::vector<record::Origin*> origins;
  for (const DrivenEvent& event : events) {
    const auto headers = m_arena.array<record::Header>(event.headers.size());
    for (std::size_t i = 0; i < headers.size(); ++i)
      headers[i] = {m_arena.copy(event.headers[i].name), m_arena.copy(event.headers[i].value)};
    auto* origin = m_arena.make<record::Origin>();
    origin->bytes = m_arena.copy(event.bytes, record::kJsonPadding);
    origin->key = m_arena.copy(event.key);
    origin->headers = headers;
    origin->shard = event.shard;
    origin->partition = event.partition;
    origin->offset = event.offset;
    origin->timeMs = event.timeMs;
    origin->arrivedMs = event.arrivedMs;
    origin->isWithheld = event.isWithheld;
    origins.push_back(origin);
  }
  return attempt([&] { return m_lane->process(source, origins, m_arena, m_result); });
}

Status TopologyDriver::advanceWatermark(std::uint32_t shard, TimeMs watermark) {
  m_arena.reset();
  return attempt([&] { return m_lane->advanceWatermark(shard, watermark, m_arena, m_result); });
}

Status TopologyDriver::retry(std::span<const StoredDead> letters) {
  std::size_t at = 0;
  while (at < letters.size()) {
    m_arena.reset();
    const RetryRoute* route = m_letters.routeOf(letters[at]);
    std::vector<Letter> round;
    for (; at < letters.size() && m_letters.routeOf(letters[at]) == route; ++at)
      round.push_back(m_letters.unpack(letters[at], m_arena));
    if (!route) continue;
    auto status = attempt([&] { return m_lane->retry(*route, round, m_arena, m_result); });
    if (!status) return status;
  }
  return {};
}

Status TopologyDriver::attempt(const std::function<Status()>& step) {
  Status status;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    m_result.clear();
    if (m_watch) m_watch->forget();
    status = step();
    if (status) return finish();
    m_lane->abandon();
    for (auto& [name, session] : m_share.sessions) session->abandon();
    if (status.error().retry != Retry::Later) break;
  }
  return status;
}

Status TopologyDriver::finish() {
  for (auto& [name, session] : m_share.sessions) {
    if (auto status = session->flush(); !status) return status;
  }
  m_outcome.add(m_result, m_run.topology());
  if (m_watch) m_watch->giveTo(m_outcome);
  for (auto& [name, records] : m_outcome.routes) records = 0;
  for (std::size_t edge = 0; edge < m_meters.edges.size(); ++edge)
    m_outcome.routes[m_run.topology().edges()[edge].text] = m_meters.edges[edge];
  return {};
}

std::string TopologyDriver::profile(const std::string& connection, const std::string& key) {
  auto store = m_run.profiles(connection);
  if (!store) return "null";
  const std::string_view asked = key;
  profile::StoredProfile found;
  m_arena.reset();
  if (!(*store)->read({&asked, 1}, {&found, 1}, m_arena) || found.json.empty()) return "null";
  return std::string(found.json);
}

}  // namespace freshet::runtime
