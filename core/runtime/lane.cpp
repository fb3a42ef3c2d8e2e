// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/lane.h"

#include <algorithm>

#include "core/base/text.h"

namespace freshet::runtime {
namespace {

using record::Record;

enum Outcome : std::uint8_t { kFiltered = 0, kOut = 1, kDead = 2 };

// A larger event is refused at the door: it would be copied by every tap and dead letter.
constexpr std::size_t kMostEventBytes = 1 << 20;

/// Measures one call into a stage for its meter. Calls in the later waves of a batch are many and
/// small: one in eight is timed and counts for all.
class BusyTime {
 public:
  BusyTime(NodeMeter& meter, std::size_t records, std::uint32_t wave = 0)
      : m_meter(meter),
        m_records(records),
        m_weight(wave == 0       ? 1
                 : wave % 8 == 0 ? 8
                                 : 0) {
    if (m_weight > 0) m_from = monotonicNs();
  }
  ~BusyTime() {
    if (m_weight == 0) return;
    const std::int64_t took = monotonicNs() - m_from;
    m_meter.busyNs += static_cast<std::uint64_t>(took) * m_weight;
    if (m_records > 0) m_meter.latency.add(took, m_records);
  }

 private:
  NodeMeter& m_meter;
  std::size_t m_records;
  std::uint64_t m_weight;
  std::int64_t m_from = 0;
};

}  // namespace

void LaneResult::clear() {
  for (auto& records : sinks) records.clear();
  outbox.clear();
  dead.clear();
  counts = {};
}

Lane::Lane(std::shared_ptr<const Topology> topology, LaneParts parts, Meters& meters,
           EdgeObserver* observer)
    : m_topology(std::move(topology)),
      m_parts(std::move(parts)),
      m_meters(meters),
      m_observer(observer) {
  const auto& nodes = m_topology->nodes();
  m_tables.resize(nodes.size());
  m_inbox.resize(nodes.size());
  m_batchNodes.resize(nodes.size());
  m_batchEdges.resize(m_topology->edges().size());
  static Arena none(64);  // replaced by begin() before anything is made in it
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].role == Role::Stage) m_tables[i] = std::make_unique<StateTable>();
    m_outputs.emplace_back(none, std::max<std::size_t>(1, nodes[i].ports.size()));
  }
  const std::scoped_lock lock(m_meters.mutex);
  m_meters.nodes.resize(nodes.size());
  m_meters.edges.resize(m_batchEdges.size());
}

Status Lane::open(std::span<stage::StageContext* const> contexts) {
  for (std::size_t i = 0; i < m_parts.stages.size(); ++i) {
    if (!m_parts.stages[i]) continue;
    if (auto status = m_parts.stages[i]->open(*contexts[i]); !status)
      return placed(status, m_topology->nodes()[i].id);
  }
  return {};
}

Record* Lane::makeRecord(const record::Origin* origin) {
  return m_arena->make<Record>(origin, m_arena->array<record::Value>(m_topology->slots().size()));
}

TimeMs Lane::watermark(std::uint32_t shard) const {
  return shard < m_watermarks.size() ? m_watermarks[shard] : kNoWatermark;
}

void Lane::setWatermark(std::uint32_t shard, TimeMs watermark) {
  if (shard >= m_watermarks.size()) m_watermarks.resize(shard + 1, kNoWatermark);
  m_watermarks[shard] = watermark;
}

void Lane::stamp(record::Origin& origin, const Record& record, const TopologyNode& source,
                 const stage::BoundExpression* eventTime) {
  if (eventTime) {
    const record::Value time = eventTime->evaluate(record, *m_arena);
    if (time.isNumber()) origin.timeMs = static_cast<TimeMs>(time.number());
    if (time.isString()) origin.timeMs = parseIsoTime(time.asString()).value_or(origin.timeMs);
  }
  if (origin.timeMs == 0) origin.timeMs = origin.arrivedMs;
  const TimeMs before = watermark(origin.shard);
  origin.watermarkMs = before;
  const TimeMs after = origin.timeMs - source.latenessMs;
  if (after <= before) return;
  setWatermark(origin.shard, after);
  if (std::ranges::find(m_touched, origin.shard) == m_touched.end())
    m_touched.push_back(origin.shard);
}

Status Lane::intake(std::uint32_t sourceNode, std::span<record::Origin* const> events,
                    stage::Output& out) {
  const TopologyNode& source = m_topology->nodes()[sourceNode];
  const stage::BoundExpression* eventTime = m_parts.eventTimes[sourceNode].get();
  const BusyTime busy(m_batchNodes[sourceNode], events.size());
  std::uint32_t ordinal = 0;
  for (record::Origin* origin : events) {
    if (origin->retry == 0) origin->ordinal = ordinal++;
    origin->reached = 0;  // the batch may have been tried before
    Record* record = makeRecord(origin);
    if (origin->bytes.size() > kMostEventBytes) {
      out.fail(record, "E-2002",
               m_arena->copy("The event is larger than 1 MiB (" +
                             std::to_string(origin->bytes.size()) + " bytes)"));
      continue;
    }
    auto event = m_reader.read(origin->bytes, *m_arena);
    if (!event) {
      out.fail(record, "E-2001", m_arena->copy(event.error().message));
      continue;
    }
    record->sections[record::kEventSlot] = *event;
    stamp(*origin, *record, source, eventTime);
    out.emit(0, record);
  }
  return {};
}

Status Lane::process(std::uint32_t sourceNode, std::span<record::Origin* const> events,
                     Arena& arena, LaneResult& result) {
  result.clear();
  beginBatch(arena, result);
  m_outcomes.assign(events.size(), kFiltered);
  m_touched.clear();
  m_watermarksBefore = m_watermarks;
  result.counts.in = events.size();

  stage::Output& out = m_outputs[sourceNode];
  out.begin(arena);
  if (auto status = intake(sourceNode, events, out); !status) return status;
  m_batchNodes[sourceNode].in += events.size();
  distribute(sourceNode, out);
  if (auto status = runFrom(0); !status) return status;

  for (const std::uint8_t outcome : m_outcomes) {
    if (outcome & kOut) {
      ++result.counts.out;
    } else if (outcome & kDead) {
      ++result.counts.dead;
    } else {
      ++result.counts.filtered;
    }
  }
  m_outcomes.clear();
  if (auto status = fireTouched(); !status) return status;
  publishMeters();
  return {};
}

Status Lane::fireTouched() {
  for (const std::uint32_t shard : m_touched) {
    if (auto status = fireTimers(shard); !status) return status;
  }
  return {};
}

Status Lane::retry(const RetryRoute& route, std::span<const Letter> letters, Arena& arena,
                   LaneResult& result) {
  result.clear();
  beginBatch(arena, result);
  m_outcomes.clear();
  m_touched.clear();
  m_watermarksBefore = m_watermarks;
  m_route = &route;
  Status status = takeUp(route.entry, letters);
  if (status) status = runFrom(0);
  m_route = nullptr;
  if (status) status = fireTouched();
  if (status) publishMeters();
  return status;
}

Status Lane::takeUp(std::uint32_t node, std::span<const Letter> letters) {
  if (m_topology->nodes()[node].role == Role::Source) {
    std::vector<record::Origin*> events;
    for (const Letter& letter : letters) events.push_back(letter.origin);
    stage::Output& out = m_outputs[node];
    out.begin(*m_arena);
    if (auto status = intake(node, events, out); !status) return status;
    distribute(node, out);
    return {};
  }
  const auto& names = m_topology->slots();
  for (const Letter& letter : letters) {
    letter.origin->watermarkMs = watermark(letter.origin->shard);
    Record* record = makeRecord(letter.origin);
    auto sections = m_reader.read(letter.sections, *m_arena);
    if (!sections) return sections.error();
    for (std::size_t slot = 0; slot < names.size(); ++slot)
      record->sections[slot] = sections->get(names[slot]);
    m_inbox[node].push_back(record);
  }
  return {};
}

void Lane::beginBatch(Arena& arena, LaneResult& result) {
  m_arena = &arena;
  m_result = &result;
  m_wave = 0;
  for (auto& inbox : m_inbox) inbox.clear();
  for (NodeMeter& meter : m_batchNodes) meter = {};
  std::ranges::fill(m_batchEdges, 0U);
  result.sinks.resize(m_topology->nodes().size());
  for (auto& table : m_tables) {
    if (table) table->beginBatch();
  }
}

void Lane::publishMeters() {
  const std::scoped_lock lock(m_meters.mutex);
  for (std::size_t i = 0; i < m_batchNodes.size(); ++i) {
    NodeMeter& total = m_meters.nodes[i];
    const NodeMeter& batch = m_batchNodes[i];
    total.in += batch.in;
    total.out += batch.out;
    total.errors += batch.errors;
    total.held += batch.held;
    total.busyNs += batch.busyNs;
    if (batch.latency.count() > 0) total.latency.merge(batch.latency);
  }
  for (std::size_t i = 0; i < m_batchEdges.size(); ++i) m_meters.edges[i] += m_batchEdges[i];
}

Status Lane::runFrom(std::size_t from) {
  for (std::size_t node = from; node < m_inbox.size(); ++node) {
    if (m_inbox[node].empty()) continue;
    if (auto status = runNode(node); !status) return status;
  }
  return {};
}

Status Lane::runNode(std::size_t node) {
  NodeMeter& meter = m_batchNodes[node];
  record::Batch batch{m_arena, std::move(m_inbox[node])};
  m_inbox[node].clear();
  meter.in += batch.records.size();
  if (m_topology->nodes()[node].role != Role::Stage) {
    arrive(node, batch.records);
    m_inbox[node] = std::move(batch.records);
    m_inbox[node].clear();
    return {};
  }
  stage::Stage& stage = *m_parts.stages[node];
  stage::Output& out = m_outputs[node];
  const auto failed = [&](const Error& error) {
    return placed(error, m_topology->nodes()[node].id);
  };
  out.begin(*m_arena);
  Result<stage::Step> step = stage::Step::Done;
  {
    const BusyTime busy(meter, batch.records.size(), m_wave);
    step = stage.process(batch, out);
  }
  m_inbox[node] = std::move(batch.records);
  m_inbox[node].clear();
  if (!step) return failed(step.error());
  distribute(node, out);
  while (*step == stage::Step::More) {
    if (auto status = runFrom(node + 1); !status) return status;
    ++m_wave;
    {
      const BusyTime busy(meter, 0, m_wave);
      step = stage.resume(out);
    }
    if (!step) return failed(step.error());
    distribute(node, out);
  }
  return {};
}

void Lane::arrive(std::size_t node, std::span<Record* const> records) {
  const BusyTime busy(m_batchNodes[node], records.size(), m_wave);
  stage::OutboxSink* outbox = m_parts.outboxSinks[node].get();
  const bool reachesPeople = m_topology->nodes()[node].reachesPeople;
  for (Record* record : records) {
    if (reachesPeople && record->origin->isWithheld) {
      withhold(node, *record);
      continue;
    }
    if (outbox) {
      Composed entry{static_cast<std::uint32_t>(node), record, {}, {}};
      stage::Failure failure{record, {}, {}, {}};
      if (!outbox->compose(*record, entry.id, entry.body, failure)) {
        fail(node, failure);
        continue;
      }
      m_result->outbox.push_back(std::move(entry));
    } else {
      m_result->sinks[node].push_back(record);
    }
    mark(*record, isTainted(*record) ? kDead : kOut);
    ++m_batchNodes[node].out;
  }
}

void Lane::distribute(std::size_t node, stage::Output& out) {
  const TopologyNode& info = m_topology->nodes()[node];
  NodeMeter& meter = m_batchNodes[node];
  m_result->counts.emitted += out.takeMade();
  auto& ports = out.ports();
  for (std::size_t port = 0; port < ports.size(); ++port) {
    auto& records = ports[port];
    if (records.empty()) continue;
    meter.out += records.size();
    if (info.ports.empty()) {
      // A node without exits that says its records arrived.
      for (Record* record : records) mark(*record, isTainted(*record) ? kDead : kOut);
    } else {
      const Port& wired = info.ports[port];
      const bool leavesByFirst = wired.edges.empty() && wired.isOptional;
      send(leavesByFirst ? info.ports.front() : wired, records, false);
    }
    records.clear();
  }
  for (const stage::Failure& failure : out.failures()) fail(node, failure);
  out.failures().clear();
  meter.held += out.held().size();
  out.held().clear();
}

void Lane::send(const Port& port, std::span<Record* const> records, bool isFailed) {
  std::span<const std::uint32_t> edges = port.edges;
  if (m_route) {
    for (const std::uint32_t edge : m_route->edges) {
      const auto found = std::ranges::find(edges, edge);
      if (found != edges.end()) edges = {found, 1};
    }
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const std::uint32_t edge = edges[i];
    const TopologyEdge& info = m_topology->edges()[edge];
    auto& inbox = m_inbox[info.to];
    if (i == 0) {
      inbox.insert(inbox.end(), records.begin(), records.end());
    } else {
      // Each branch sees its own sections.
      for (const Record* record : records) {
        Record* clone = makeRecord(record->origin);
        std::ranges::copy(record->sections, clone->sections.begin());
        inbox.push_back(clone);
      }
    }
    m_batchEdges[edge] += records.size();
    if (m_observer && !isFailed) m_observer->onRecords(edge, records);
  }
}

// A record on its way from an error exit: where it arrives, it is still a dead one.
bool Lane::isTainted(const Record& record) const {
  return !record.sections[m_topology->errorSlot()].isNil();
}

void Lane::mark(const Record& record, std::uint8_t outcome) {
  const std::uint32_t ordinal = record.origin->ordinal;
  if (ordinal >= m_outcomes.size()) return;
  m_outcomes[ordinal] |= outcome;
  if (outcome == kOut) ++record.origin->reached;
}

Counts Lane::countRefused(const Record& record) const {
  Counts moved;
  moved.errors = 1;
  // A tainted one never counted as out, nor what a timer made or a letter led to.
  std::uint32_t& reached = record.origin->reached;
  if (!isTainted(record) && reached > 0 && --reached == 0) moved.dead = 1;
  return moved;
}

// A dead letter, so that it can still be sent: by hand, or armed.
void Lane::withhold(std::size_t node, Record& record) {
  ++m_result->counts.withheld;
  m_result->dead.push_back({static_cast<std::uint32_t>(node),
                            &record,
                            "E-3701",
                            "This would reach a person, and it goes round again: it is withheld "
                            "unless armed",
                            {}});
}

void Lane::fail(std::size_t node, const stage::Failure& failure) {
  const TopologyNode& info = m_topology->nodes()[node];
  Record* record = failure.record;
  ++m_batchNodes[node].errors;
  ++m_result->counts.errors;
  mark(*record, kDead);
  if (info.errorPort.edges.empty()) {
    m_result->dead.push_back({static_cast<std::uint32_t>(node), record, std::string(failure.code),
                              std::string(failure.message), std::string(failure.pointer)});
    return;
  }
  const auto members = m_arena->array<record::Member>(4);
  members[0] = {"code", record::Value(m_arena->copy(failure.code))};
  members[1] = {"message", record::Value(m_arena->copy(failure.message))};
  members[2] = {"pointer", record::Value(m_arena->copy(failure.pointer))};
  members[3] = {"node", record::Value(std::string_view(info.id))};
  record->sections[m_topology->errorSlot()] =
      record::Value(std::span<const record::Member>(members));
  Record* const one[] = {record};
  send(info.errorPort, one, true);
}

Status Lane::advanceWatermark(std::uint32_t shard, TimeMs to, Arena& arena, LaneResult& result) {
  beginBatch(arena, result);
  m_outcomes.clear();
  m_watermarksBefore = m_watermarks;
  if (to > watermark(shard)) setWatermark(shard, to);
  if (auto status = fireTimers(shard); !status) return status;
  publishMeters();
  return {};
}

Status Lane::fireTimers(std::uint32_t shard) {
  std::vector<stage::Timer> due;
  for (std::size_t node = 0; node < m_tables.size(); ++node) {
    if (!m_tables[node]) continue;
    due.clear();
    m_tables[node]->takeDue(shard, watermark(shard), *m_arena, due);
    if (due.empty()) continue;
    stage::Output& out = m_outputs[node];
    out.begin(*m_arena);
    {
      const BusyTime busy(m_batchNodes[node], due.size());
      if (auto status = m_parts.stages[node]->onTimers(due, out); !status) return status;
    }
    distribute(node, out);
    if (auto status = runFrom(node + 1); !status) return status;
  }
  return {};
}

void Lane::abandon() {
  m_watermarks = m_watermarksBefore;
  for (auto& table : m_tables) {
    if (table) table->rollback();
  }
}

TimeMs Lane::nextDeadline() const {
  TimeMs next = INT64_MAX;
  for (const auto& table : m_tables) {
    if (table) next = std::min(next, table->nextTimer());
  }
  return next;
}

}  // namespace freshet::runtime
