// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/runtime.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "core/runtime/commit_group.h"

namespace freshet::runtime {
namespace {

constexpr std::int64_t kServeNs = 200'000'000;

double cpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t residentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

}  // namespace

Runtime::Runtime(std::shared_ptr<const Topology> topology, const stage::TypeLookup& types,
                 StoreLookup stores, RunSettings settings, std::optional<Handover> left)
    : m_topology(topology),
      m_run(std::move(topology), types, std::move(stores), std::move(settings)),
      m_left(std::move(left)),
      m_delivery(m_run) {}

Runtime::~Runtime() {
  stop(true);
  wait();
}

void Runtime::start() {
  m_cpuAtStart = m_left ? m_left->cpuAtStart : cpuSeconds();
  m_thread = std::thread([this] { run(); });
}

void Runtime::stop(bool isNow) {
  if (isNow) m_run.isAbandoned = true;
  m_run.drain();
  if (!changePhase(Phase::Starting, Phase::Draining)) changePhase(Phase::Running, Phase::Draining);
}

bool Runtime::changePhase(Phase from, Phase to) {
  {
    const std::scoped_lock lock(m_phaseMutex);
    if (!m_phase.compare_exchange_strong(from, to)) return false;
  }
  m_phaseChanged.notify_all();
  return true;
}

bool Runtime::waitUntilRunning() {
  std::unique_lock lock(m_phaseMutex);
  m_phaseChanged.wait(lock, [this] { return phase() != Phase::Starting; });
  return phase() == Phase::Running;
}

Handover Runtime::standAside(const Topology& next) {
  Handover left;
  const auto& nodes = m_topology->nodes();
  const bool hasSources = phase() != Phase::Starting;
  std::vector<std::size_t> held;
  for (std::size_t i = 0; hasSources && i < m_sources.size(); ++i) {
    if (m_sources[i] && next.hasSame(nodes[i], *m_topology) && m_sources[i]->hold())
      held.push_back(i);
  }
  stop(false);
  wait();
  // What an earlier run had left, and this one never came to use, goes on.
  if (m_left) left.sources = std::move(m_left->sources);
  std::erase_if(left.sources, [](const auto& entry) { return !entry.second; });
  for (const std::size_t i : held) left.sources[nodes[i].id] = std::move(m_sources[i]);
  m_run.handOver(left);
  left.cpuAtStart = m_cpuAtStart;
  left.endToEnd = snapshot().endToEnd;
  return left;
}

void Runtime::wait() {
  if (m_thread.joinable()) m_thread.join();
}

Status Runtime::open() {
  if (auto status = m_run.open(m_left ? &*m_left : nullptr); !status) return status;
  m_hasState = true;
  if (m_left) {
    m_run.firstEventNs = m_left->firstEventNs;
    m_endToEndBefore = m_left->endToEnd;
  }

  // Under the virtual clock only sources that can follow it take part.
  const auto& nodes = m_topology->nodes();
  m_sources.resize(nodes.size());
  bool isAnyDeterministic = false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].role != Role::Source) continue;
    auto source = sourceOf(i);
    if (!source) return source.error();
    isAnyDeterministic = isAnyDeterministic || (*source)->isDeterministic();
    m_sources[i] = std::move(*source);
  }
  int partitions = 1;
  LaneShare share{m_run, 0, 1, {}, 0, {}};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!m_sources[i] || m_run.settings().isLettersOnly) continue;
    if (m_run.settings().isMaxSpeed && isAnyDeterministic && !m_sources[i]->isDeterministic()) {
      m_sources[i].reset();
      continue;
    }
    NodeContext context(share, nodes[i].id, nullptr, true);
    if (m_run.settings().isFresh && m_run.settings().mode == stage::Mode::Live) {
      if (auto status = m_sources[i]->forgetPositions(context); !status)
        return placed(status, nodes[i].id);
    }
    auto count = m_sources[i]->partitions(context);
    if (!count) return placed(count.error(), nodes[i].id);
    partitions = std::max(partitions, *count);
  }
  if (m_run.settings().isFresh && m_run.settings().mode == stage::Mode::Live) {
    if (auto status = forgetSinkPositions(); !status) return status;
  }
  if (auto status = settle(); !status) return status;
  auto before = m_run.db().counts();
  if (!before) return before.error();
  m_before = *before;
  if (m_run.settings().limit)
    m_run.remaining = *m_run.settings().limit - static_cast<std::int64_t>(m_before.in);
  if (auto status = m_delivery.start(); !status) return status;

  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  // One a core: twice as many took 30 % more CPU for job J (clients, caches) and were no faster.
  const int wanted = m_run.settings().lanes > 0 ? m_run.settings().lanes : cores;
  const int lanes = std::min(partitions, wanted);
  std::vector<stage::Source*> sources;
  for (const auto& source : m_sources)
    sources.push_back(m_run.settings().isLettersOnly ? nullptr : source.get());
  for (int lane = 0; lane < lanes; ++lane) {
    m_lanes.push_back(std::make_unique<LaneRunner>(m_run, lane, lanes, sources));
  }
  m_hasLanes.store(true, std::memory_order_release);
  for (auto& lane : m_lanes) lane->start();
  return {};
}

Result<std::unique_ptr<stage::Source>> Runtime::sourceOf(std::size_t node) {
  if (m_left) {
    const auto held = m_left->sources.find(m_topology->nodes()[node].id);
    if (held != m_left->sources.end()) return std::move(held->second);
  }
  return m_topology->makeSource(node);
}

void Runtime::letGoOfSources() {
  for (const auto& source : m_sources) {
    if (source) source->letGo();
  }
}

Status Runtime::settle() {
  LaneShare share{m_run, 0, 1, {}, 0, {}};
  std::unique_ptr<NodeContext> context;
  const auto& nodes = m_topology->nodes();
  const auto find = [&](std::string_view node) {
    const auto found = std::ranges::find(nodes, node, &TopologyNode::id);
    return found == nodes.end() ? nullptr
                                : m_sources[static_cast<std::size_t>(found - nodes.begin())].get();
  };
  const auto contextOf = [&](std::string_view node) -> stage::StageContext& {
    context = std::make_unique<NodeContext>(share, std::string(node), nullptr, true);
    return *context;
  };
  return settlePrepared(m_run, find, contextOf);
}

Status Runtime::forgetSinkPositions() {
  auto parts = m_topology->makeLane();
  if (!parts) return parts.error();
  const std::string prefix = m_topology->project().pipeline.name + '/';
  LaneShare share{m_run, 0, 1, {}, 0, {}};
  for (std::size_t i = 0; i < parts->sinks.size(); ++i) {
    if (!parts->sinks[i]) continue;
    NodeContext context(share, m_topology->nodes()[i].id, nullptr, false);
    auto status = parts->sinks[i]->forgetPositions(context, prefix);
    if (!status) return placed(status, m_topology->nodes()[i].id);
  }
  return {};
}

void Runtime::run() {
  if (auto status = open(); status) {
    supervise();
  } else {
    m_run.fail(status.error());
    m_failedAtStart = m_hasState;
  }
  joinLanes();
  m_delivery.finish();
  if (m_hasLanes && !m_run.failure()) {
    if (auto status = closeState(); !status) m_run.fail(status.error());
  }
  m_endedNs = monotonicNs();
  if (m_hasState && !m_run.failure() && !m_run.isAbandoned) m_run.inflight().close();
  const Phase end = m_run.failure()              ? Phase::Failed
                    : phase() == Phase::Draining ? Phase::Stopped
                                                 : Phase::Finished;
  {
    const std::scoped_lock lock(m_phaseMutex);
    m_phase = end;
  }
  m_phaseChanged.notify_all();
}

// Closing the database says nothing of a disk that fails, so what it would do is done before.
Status Runtime::closeState() {
  if (m_run.settings().hasLiveClock()) {
    if (auto status = m_run.db().setMeta("clock", m_run.clock().now()); !status) return status;
  }
  return m_run.db().foldLog();
}

void Runtime::joinLanes() {
  for (auto& lane : m_lanes) {
    while (!lane->hasEnded() && !m_run.isStuck()) {
      std::unique_lock lock(m_run.wakeMutex);
      m_run.wake.wait_for(lock, std::chrono::milliseconds(20));
    }
    if (lane->hasEnded()) {
      lane->join();
    } else {
      lane->abandon();
      m_keptForStuckLane = weak_from_this().lock();
    }
  }
}

void Runtime::supervise() {
  std::int64_t savedClockNs = monotonicNs();
  std::int64_t servedNs = savedClockNs;
  while (!m_run.isStopping) {
    const bool isOpen =
        std::ranges::all_of(m_lanes, [](const auto& lane) { return lane->isOpen(); });
    if (isOpen && changePhase(Phase::Starting, Phase::Running)) letGoOfSources();
    const bool isExhausted =
        std::ranges::all_of(m_lanes, [](const auto& lane) { return lane->isExhausted(); });
    const std::int64_t now = monotonicNs();
    bool isIdle = false;
    if (isOpen && m_run.settings().untilIdleMs) {
      std::int64_t none = 0;
      m_run.lastEventNs.compare_exchange_strong(none, now);
      // Nothing comes while something is tried again, or a group gathers; that is not idleness.
      const bool isJoining =
          std::ranges::any_of(m_lanes, [](const auto& lane) { return lane->isJoining(); });
      if (m_run.trouble() || isJoining) m_run.lastEventNs = now;
      isIdle = now - m_run.lastEventNs.load() > *m_run.settings().untilIdleMs * 1'000'000;
    }
    if (isOpen && (isExhausted || isIdle)) {
      m_run.isAllRead = isIdle;
      m_run.drain();
      break;
    }
    if (m_run.settings().hasLiveClock() && now - savedClockNs > 1'000'000'000) {
      savedClockNs = now;
      if (auto status = m_run.db().setMeta("clock", m_run.clock().now()); !status)
        m_run.fail(status.error());
    }
    if (isOpen && m_run.settings().mode == stage::Mode::Live && now - servedNs > kServeNs) {
      servedNs = now;
      if (auto status = serveRequests(m_run.settings().stateFolder, m_run.db()); !status)
        m_run.fail(status.error());
    }
    std::unique_lock lock(m_run.wakeMutex);
    m_run.wake.wait_for(lock, std::chrono::milliseconds(20));
  }
  const bool isOpen = std::ranges::all_of(m_lanes, [](const auto& lane) { return lane->isOpen(); });
  if (m_run.failure() && !isOpen) m_failedAtStart = true;
}

std::optional<Error> Runtime::error() const {
  auto failure = m_run.failure();
  return failure ? failure : m_run.trouble();
}

metrics::MetricsSnapshot Runtime::snapshot() const {
  metrics::MetricsSnapshot snapshot;
  snapshot.atMs = wallClockMs();
  snapshot.memoryBytes = residentBytes();
  snapshot.cpuSeconds = cpuSeconds() - m_cpuAtStart;
  if (!m_hasLanes.load(std::memory_order_acquire)) return snapshot;
  snapshot.runNowMs = m_run.clock().now();
  const std::int64_t first = m_run.firstEventNs;
  const std::int64_t last = m_endedNs == 0 ? monotonicNs() : m_run.lastEventNs.load();
  if (first > 0)
    snapshot.seconds = static_cast<double>(std::max<std::int64_t>(0, last - first)) / 1e9;
  const auto& nodes = m_topology->nodes();
  const auto& edges = m_topology->edges();
  for (const TopologyNode& node : nodes) {
    snapshot.nodes.emplace_back();
    snapshot.nodes.back().node = node.id;
  }
  for (const TopologyEdge& edge : edges) snapshot.edges.push_back({edge.text, 0});
  snapshot.endToEnd = m_endToEndBefore;
  Counts counts = m_before;
  for (const auto& lane : m_lanes) {
    Meters& meters = lane->meters();
    const std::scoped_lock lock(meters.mutex);
    counts.add(meters.counts);
    snapshot.endToEnd.merge(meters.endToEnd);
    for (std::size_t i = 0; i < meters.nodes.size(); ++i) {
      metrics::NodeMetrics& node = snapshot.nodes[i];
      const NodeMeter& meter = meters.nodes[i];
      node.in += meter.in;
      node.out += meter.out;
      node.errors += meter.errors;
      node.held += meter.held;
      node.busyNs = std::max(node.busyNs, meter.busyNs);
      node.latency.merge(meter.latency);
    }
    for (std::size_t i = 0; i < meters.edges.size(); ++i)
      snapshot.edges[i].records += meters.edges[i];
  }
  snapshot.in = counts.in;
  snapshot.out = counts.out;
  snapshot.filtered = counts.filtered;
  snapshot.dead = counts.dead;
  snapshot.emitted = counts.emitted;
  snapshot.errors = counts.errors;
  snapshot.withheld = counts.withheld;
  return snapshot;
}

std::vector<Tapped> Runtime::newest(std::string_view edge, std::size_t most,
                                    std::uint64_t after) const {
  if (!m_hasLanes.load(std::memory_order_acquire) || !m_run.taps()) return {};
  return m_run.taps()->newest(edge, most, after);
}

std::vector<StoredDead> Runtime::deadLetters(std::size_t most, std::int64_t after) const {
  if (!m_hasLanes.load(std::memory_order_acquire)) return {};
  auto letters = m_run.db().letters().newest({}, most, after);
  return letters ? std::move(*letters) : std::vector<StoredDead>();
}

Result<std::int64_t> Runtime::request(const LetterRequest& request) {
  if (!m_hasLanes.load(std::memory_order_acquire)) return 0;
  return serve(request, m_run.db());
}

Result<record::OwnedValue> Runtime::profile(std::string_view connection, std::string_view key) {
  if (!m_hasLanes.load(std::memory_order_acquire)) return record::OwnedValue();
  auto store = m_run.profiles(connection);
  if (!store) return store.error();
  Arena arena;
  profile::StoredProfile found;
  if (auto status = (*store)->read({&key, 1}, {&found, 1}, arena); !status) return status.error();
  if (found.json.empty()) return record::OwnedValue();
  return record::OwnedValue::fromJson(found.json);
}

}  // namespace freshet::runtime
