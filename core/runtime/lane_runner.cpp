// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/lane_runner.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <unordered_set>

#include "core/base/failpoint.h"

namespace freshet::runtime {
namespace {

constexpr std::size_t kMostBatch = 2000;
constexpr int kPollMs = 5;
// Batches in flight to the outside; beyond it the lane waits for acknowledgements.
constexpr std::size_t kMostLeasedBytes = 96 << 20;
// A shard that has been silent for so long has its watermark moved by the clock.
constexpr std::int64_t kIdleNs = 500'000'000;
constexpr std::int64_t kIdleCheckNs = 100'000'000;
constexpr std::int64_t kMostOutbox = 20'000;
// Partitions that are wanted elsewhere: longer, and the group's others stand still.
constexpr std::int64_t kRevokeNs = 5'000'000'000;
constexpr std::int64_t kLongestCloseMs = 60'000;
// A group larger than this is committed before its time: what has to be done again stays small.
constexpr std::size_t kMostGroupBytes = 64 << 20;

}  // namespace

LaneRunner::LaneRunner(Run& run, int lane, int lanes, std::vector<stage::Source*> sources)
    : m_run(run),
      m_pool(std::make_shared<BatchPool>(m_meters)),
      m_sources(std::move(sources)),
      m_share{run, lane, lanes, {}, 0, {}},
      m_letters(run, lane),
      m_patience(
          run, [this] { service(); }, lane),
      m_group(run, m_share, m_patience) {
  m_share.service = [this] { service(); };
  m_share.isWaitOver = [this] { return m_patience.isOver(); };
  m_commitEveryNs = run.settings().commitEveryMs * 1'000'000LL;
}

LaneRunner::~LaneRunner() {
  join();
}

void LaneRunner::start() {
  m_thread = std::thread([this] { run(); });
}

void LaneRunner::join() {
  if (m_thread.joinable()) m_thread.join();
}

void LaneRunner::service() {
  for (LaneReader& reader : m_readers) {
    if (!reader.reader || &reader == m_polling) continue;
    reader.reader->service();
    if (reader.reader->isGoing() && !m_isGoing && !m_isDeciding) {
      m_isGoing = true;
      m_patience.endAt(monotonicNs() + kRevokeNs);
    }
  }
}

Status LaneRunner::open() {
  const Topology& topology = m_run.topology();
  auto parts = topology.makeLane();
  if (!parts) return parts.error();
  if (m_run.recording())
    m_recorder = std::make_unique<LaneRecorder>(m_run.recording(), m_share.lane);
  m_share.recorder = m_recorder.get();
  if (m_run.taps()) m_observer = m_run.taps()->observer();
  m_lane =
      std::make_unique<Lane>(m_run.sharedTopology(), std::move(*parts), m_meters, m_observer.get());
  std::vector<stage::StageContext*> contexts;
  for (std::size_t i = 0; i < topology.nodes().size(); ++i) {
    const TopologyNode& node = topology.nodes()[i];
    m_contexts.push_back(std::make_unique<NodeContext>(m_share, node.id, m_lane->state(i),
                                                       node.role == Role::Source));
    contexts.push_back(m_contexts.back().get());
  }
  if (auto status = m_lane->open(contexts); !status) return status;
  auto stored = m_run.db().positions();
  if (!stored) return stored.error();
  m_stored = std::move(*stored);
  m_readers.reserve(m_sources.size());
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    if (!m_sources[i]) continue;
    LaneReader& reader = m_readers.emplace_back();
    reader.node = static_cast<std::uint32_t>(i);
    reader.source = m_sources[i];
    reader.reader = m_sources[i]->reader(m_share.lane, m_share.lanes);
  }
  for (LaneReader& reader : m_readers) {
    if (auto status = openReader(reader); !status) {
      Error error = status.error();
      if (error.where.empty()) error.where = topology.nodes()[reader.node].id;
      return error;
    }
  }
  if (auto status = openSinks(contexts); !status) return status;
  for (const LaneReader& reader : m_readers) {
    for (const auto& [partition, shard] : reader.shards) {
      if (auto status = takeOver(shard); !status) return status;
    }
  }
  return m_run.settings().isLettersOnly ? openLetterShards() : Status();
}

Status LaneRunner::openSinks(std::span<stage::StageContext* const> contexts) {
  const Topology& topology = m_run.topology();
  const auto placed = [&](Error error, std::size_t node) {
    const std::string& id = topology.nodes()[node].id;
    error.where = error.where.empty() ? id : id + '/' + error.where;
    return error;
  };
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    stage::Sink* sink = m_lane->parts().sinks[i].get();
    if (!sink) continue;
    if (m_group.isLed()) sink->join(*m_group.transaction());
    if (auto status = sink->open(*contexts[i]); !status) return placed(status.error(), i);
  }
  if (!m_group.isLed()) return {};
  auto status = m_group.open();
  return status ? status : placed(status.error(), m_readers.front().node);
}

Status LaneRunner::openLetterShards() {
  auto letters = m_run.db().letters().queued(0, SIZE_MAX >> 1);
  if (!letters) return letters.error();
  const auto& nodes = m_run.topology().nodes();
  std::map<std::string, std::set<std::int32_t>> partitions;
  for (const StoredDead& letter : *letters)
    partitions[letter.shard.substr(0, letter.shard.rfind('/'))].insert(letter.partition);
  m_readers.reserve(partitions.size());
  for (const auto& [source, numbers] : partitions) {
    const auto node = std::ranges::find(nodes, source, &TopologyNode::id);
    if (node == nodes.end()) continue;
    LaneReader& reader = m_readers.emplace_back();
    reader.node = static_cast<std::uint32_t>(node - nodes.begin());
    reader.isEnded = true;
    for (const std::int32_t partition : numbers) {
      if (auto status = openShard(reader, partition); !status) return status;
    }
  }
  return {};
}

Status LaneRunner::openReader(LaneReader& reader) {
  std::vector<stage::Position> from;
  reader.hasQuota = m_run.settings().limit && reader.source->isDeterministic();
  if (!reader.source->keepsPositions()) {
    auto count = reader.source->partitions(*m_contexts[reader.node]);
    if (!count) return count.error();
    for (std::int32_t partition = m_share.lane; partition < *count; partition += m_share.lanes) {
      if (auto status = openShard(reader, partition); !status) return status;
      LaneReader::Shard& shard = reader.shards[partition];
      if (reader.hasQuota) {
        const std::int64_t limit = *m_run.settings().limit;
        shard.quota = limit / *count + (partition < limit % *count ? 1 : 0);
      }
      from.push_back({partition, shard.next});
    }
  } else {
    const std::string prefix = m_run.topology().nodes()[reader.node].id + '/';
    for (const auto& [name, stored] : m_stored) {
      if (name.starts_with(prefix))
        from.push_back({std::atoi(name.c_str() + prefix.size()), stored.offset});
    }
  }
  m_polling = &reader;
  if (auto status = reader.reader->open(*m_contexts[reader.node], from, *this); !status)
    return status;
  const std::int64_t everyMs =
      m_run.topology().nodes()[reader.node].config.durationMs("commitEvery");
  if (everyMs > 0) m_commitEveryNs = everyMs * 1'000'000;
  if (!m_run.isTransactional()) return {};
  if (stage::Transaction* transaction = reader.reader->transaction())
    m_group.lead(reader, *transaction);
  return {};
}

Status LaneRunner::openShard(LaneReader& reader, std::int32_t partition) {
  LaneReader::Shard shard;
  shard.name = m_run.topology().nodes()[reader.node].id + "/" + std::to_string(partition);
  shard.id = m_run.shard(shard.name);
  shard.lastEventNs = monotonicNs();
  TimeMs watermark = Lane::kNoWatermark;
  if (const auto stored = m_stored.find(shard.name); stored != m_stored.end()) {
    shard.next = stored->second.offset;
    watermark = stored->second.watermarkMs;
  }
  m_lane->setWatermark(shard.id, watermark);
  for (std::size_t node = 0; node < m_run.topology().nodes().size(); ++node) {
    StateTable* table = m_lane->state(node);
    if (!table) continue;
    auto rows = m_run.db().state(m_run.topology().nodes()[node].id, shard.name);
    if (!rows) return rows.error();
    for (StateRow& row : *rows) {
      row.shard = shard.id;
      table->load(std::move(row));
    }
  }
  if (m_recorder) m_recorder->shardOpened(shard.name, m_lane->snapshot(shard.id));
  reader.shards[partition] = std::move(shard);
  return {};
}

Status LaneRunner::takeOver(const LaneReader::Shard& shard) {
  if (m_run.settings().mode == stage::Mode::Inert) return {};
  const std::string name = m_run.topology().project().pipeline.name + '/' + shard.name;
  for (std::size_t node = 0; node < m_lane->parts().sinks.size(); ++node) {
    stage::Sink* sink = m_lane->parts().sinks[node].get();
    if (!sink) continue;
    auto taken = m_patience.insist([&] {
      return m_marks.takeOver(static_cast<std::uint32_t>(node), *sink, reachOf(shard.id), name);
    });
    if (taken) continue;
    Error error = taken.error();
    if (error.where.empty()) error.where = m_run.topology().nodes()[node].id;
    return error;
  }
  return {};
}

void LaneRunner::onAssigned(std::span<const std::int32_t> partitions) {
  m_letters.lookAgain(false);
  // Another lane may have moved them on since this one started.
  if (auto stored = m_run.db().positions()) m_stored = std::move(*stored);
  if (m_group.isLed()) {
    if (auto status = m_group.adopt(partitions); !status) return m_run.fail(status.error());
  }
  for (const std::int32_t partition : partitions) {
    auto status = openShard(*m_polling, partition);
    if (status) status = takeOver(m_polling->shards[partition]);
    if (!status) return m_run.fail(status.error());
  }
  if (!m_group.isLed() || m_run.failure()) return;
  if (auto status = m_group.hold(partitions); !status) m_run.fail(status.error());
}

void LaneRunner::onRevoked(std::span<const std::int32_t> partitions, bool isLost) {
  if (isLost) {
    discardPending();
    if (auto status = m_group.isLed() ? m_group.abort() : Status(); !status)
      m_run.fail(status.error());
  } else {
    if (!m_isGoing) m_patience.endAt(monotonicNs() + kRevokeNs);
    m_isGoing = true;
    if (auto status = commit(); !status && !giveUp(status.error())) m_run.fail(status.error());
  }
  dropShards(*m_polling, partitions);
}

void LaneRunner::dropShards(LaneReader& reader, std::span<const std::int32_t> partitions) {
  for (const std::int32_t partition : partitions) {
    const auto found = reader.shards.find(partition);
    if (found == reader.shards.end()) continue;
    for (std::size_t node = 0; node < m_run.topology().nodes().size(); ++node) {
      if (StateTable* table = m_lane->state(node)) table->dropShard(found->second.id);
    }
    for (auto& [name, session] : m_share.sessions) session->letGo(found->second.id);
    m_marks.dropShard(found->second.id);
    if (m_recorder) m_recorder->shardDropped(found->second.name);
    reader.shards.erase(found);
  }
}

/// The outside did not take it in the time that a revoke has: whoever gets the partitions reads it
/// again. False: this error is another matter, or another source's events would go with it.
bool LaneRunner::giveUp(const Error& error) {
  const bool canGo = m_isGoing && error.retry == Retry::Later && m_readers.size() == 1 &&
                     !m_run.isStopping && !m_run.isAbandoned;
  if (!canGo) return false;
  m_patience.endAt(0);
  if (m_group.isLed() && !m_group.abort()) return false;
  discardAll(m_readers.front());
  m_run.report(std::nullopt);
  return true;
}

void LaneRunner::discardAll(LaneReader& reader) {
  discardPending();
  std::vector<std::int32_t> partitions;
  for (const auto& [partition, shard] : reader.shards) partitions.push_back(partition);
  dropShards(reader, partitions);
}

void LaneRunner::goBack() {
  discardAll(*m_group.reader());
  m_group.reader()->reader->rewind();
}

bool LaneRunner::isFenced(const Status& status) const {
  return m_group.isLed() && status.error().code == profile::kFencedCode;
}

// Another worker has these partitions: what was done here is done there.
Status LaneRunner::giveWay() {
  if (auto status = m_group.abort(); !status) return status;
  goBack();
  return {};
}

// Somebody else reads these events again from the last commit: what they led to here since is not
// to be stored. A group that loses its partitions loses all of them.
void LaneRunner::discardPending() {
  {
    const std::scoped_lock lock(m_meters.mutex);
    m_meters.counts.subtract(m_pending.counts);
  }
  if (m_run.settings().limit) m_run.remaining += static_cast<std::int64_t>(m_pending.counts.in);
  m_pending = {};
  m_hasPending = false;
  m_groupBytes = 0;
  m_letters.lookAgain(true);
  for (auto& [name, session] : m_share.sessions) session->discard();
  for (const auto& sink : m_lane->parts().sinks) {
    if (sink && m_readers.size() == 1) sink->discard();
  }
}

void LaneRunner::run() {
  m_run.inflight().claim(m_share.lane);
  Status status = open();
  if (status) {
    m_isOpen.store(true, std::memory_order_release);
    m_lastCommitNs = monotonicNs();
    while (status && !m_run.isStopping) {
      bool hadEvents = false;
      status = turn(hadEvents);
      if (status && m_hasPending &&
          (monotonicNs() - m_lastCommitNs > m_commitEveryNs || m_groupBytes > kMostGroupBytes)) {
        status = commit();
      }
      if (!status && giveUp(status.error())) status = {};
      updateExhausted();
      if (!hadEvents && isExhausted())
        std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
    }
    if (status && !m_run.isAbandoned) status = commit();
  }
  // Given up on purpose: what was not committed is read again by the next run.
  if (!status && !(m_run.isAbandoned && status.error().retry == Retry::Later))
    m_run.fail(status.error());
  const auto watch = m_run.watchdog().watch("closing sinks and sources", kLongestCloseMs);
  // Sinks first: those that joined write through their reader's transaction.
  m_lane.reset();
  m_readers.clear();
  m_hasEnded.store(true, std::memory_order_release);
  m_run.wake.notify_all();
}

Status LaneRunner::turn(bool& hadEvents) {
  for (LaneReader& reader : m_readers) {
    if (reader.isEnded) continue;
    m_polling = &reader;
    auto batch = m_pool->take();
    const bool isLast = &reader == &m_readers.back();
    auto polled = reader.reader->poll(batch->arena, kMostBatch, isLast ? kPollMs : 0);
    m_polling = nullptr;
    if (m_isGoing && !reader.reader->isGoing()) {
      m_isGoing = false;
      m_patience.endAt(0);
    }
    if (!polled) {
      if (polled.error().retry != Retry::Later) return polled.error();
      m_run.report(polled.error());
      m_hasReported = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
      continue;
    }
    if (m_hasReported) m_run.report(std::nullopt);
    m_hasReported = false;
    if (polled->isEnded) reader.isEnded = true;
    if (polled->events.empty()) continue;
    hadEvents = true;
    if (auto status = runBatch(reader, batch, *polled); !status) return status;
  }
  if (auto status = retryLetters(); !status) return status;
  if (m_run.settings().hasLiveClock() && monotonicNs() - m_lastIdleNs > kIdleCheckNs) {
    m_lastIdleNs = monotonicNs();
    return advanceIdle();
  }
  return {};
}

Status LaneRunner::attempt(const std::function<Status()>& step) {
  return m_patience.insist([&] {
    m_result.clear();
    Status done = step();
    if (!done) {
      m_lane->abandon();
      for (auto& [name, session] : m_share.sessions) session->abandon();
    }
    return done;
  });
}

Status LaneRunner::runBatch(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                            const stage::Polled& polled) {
  const auto events = reader.take(m_run, polled, batch->arena);
  if (events.empty()) return {};
  std::int64_t none = 0;
  m_run.firstEventNs.compare_exchange_strong(none, batch->polledNs);
  batch->records = events.size();
  return m_run.inflight().isCalm() ? runEvents(reader, batch, events)
                                   : runWarily(reader, batch, events);
}

Status LaneRunner::runEvents(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                             std::span<record::Origin* const> events) {
  if (events.empty()) return {};
  if (m_recorder) m_recorder->batch(m_run.topology().nodes()[reader.node].id, events);
  m_run.inflight().hold(reader, events);
  if (areFailpointsArmed) {
    for (const record::Origin* event : events)
      reachFailpoint(reader.shards[event->partition].name + '/' + std::to_string(event->offset));
  }
  Status status;
  for (std::span<record::Origin* const> rest = events; status && !rest.empty();) {
    const auto now = rest.first(m_marks.isEmpty() ? rest.size() : m_marks.beforeMarks(rest));
    rest = rest.subspan(now.size());
    if (!now.empty()) {
      reader.pass(now);
      status = attempt([&] { return m_lane->process(reader.node, now, batch->arena, m_result); });
      if (status) status = finishBatch(batch, m_result);
    }
    if (status) status = passMarks(rest.empty() ? nullptr : rest.front());
  }
  m_run.inflight().letGo();
  return status;
}

/// After a crash: what was in hand then goes alone, and what crashed alone goes to the dead
/// letters.
Status LaneRunner::runWarily(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                             std::span<record::Origin* const> events) {
  using Verdict = InflightJournal::Verdict;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Verdict verdict =
        m_run.inflight().verdict(reader.shards[events[i]->partition].name, events[i]->offset);
    if (verdict == Verdict::Trusted) continue;
    if (auto status = runEvents(reader, batch, events.subspan(begin, i - begin)); !status)
      return status;
    begin = i + 1;
    const auto status = verdict == Verdict::Killer ? quarantine(reader, batch, events[i])
                                                   : runEvents(reader, batch, events.subspan(i, 1));
    if (!status) return status;
  }
  return runEvents(reader, batch, events.subspan(begin));
}

Status LaneRunner::quarantine(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                              record::Origin* event) {
  m_result.clear();
  m_result.dead.push_back({reader.node,
                           event,
                           "E-3608",
                           "crash: the program ended twice while it had this event in hand; it is "
                           "not taken again",
                           {}});
  m_result.counts.in = m_result.counts.dead = m_result.counts.errors = 1;
  return finishBatch(batch, m_result);
}

LaneReader::Shard* LaneRunner::findShard(std::uint32_t id) {
  for (LaneReader& reader : m_readers) {
    for (auto& [partition, shard] : reader.shards) {
      if (shard.id == id) return &shard;
    }
  }
  return nullptr;
}

stage::Reach LaneRunner::reachOf(std::uint32_t id) {
  const LaneReader::Shard* shard = findShard(id);
  return {id, shard ? shard->next : 0, m_lane->watermark(id)};
}

Status LaneRunner::passMarks(const record::Origin* upcoming) {
  const auto standing = [this](std::uint32_t shard) { return reachOf(shard); };
  while (const stage::Reach* mark = m_marks.reachedMark(standing, upcoming)) {
    LaneReader::Shard* shard = findShard(mark->shard);
    if (shard && mark->watermarkMs > m_lane->watermark(mark->shard)) {
      if (auto status = advanceShard(*shard, mark->watermarkMs); !status) return status;
    }
    m_marks.pass(mark);
  }
  return {};
}

Status LaneRunner::finishBatch(const std::shared_ptr<BatchPool::Batch>& batch, LaneResult& result) {
  m_pool->seal(*batch);
  m_groupBytes += batch->leased;
  if (m_group.isLed()) {
    if (auto status = m_group.begin(); !status) return status;
  }
  const Topology& topology = m_run.topology();
  failpoint("before_profiles");
  for (auto& [name, session] : m_share.sessions) {
    auto status = m_patience.insist([&] { return session->flush(); });
    if (!status) return isFenced(status) ? giveWay() : status;
  }
  failpoint("before_produce");
  for (std::size_t node = 0; node < result.sinks.size(); ++node) {
    if (!m_marks.isEmpty()) {
      m_marks.strip(
          static_cast<std::uint32_t>(node), result.sinks[node],
          [this](std::uint32_t shard) { return reachOf(shard); },
          [&](const record::Record& record, const stage::RefusedBefore& refused) {
            result.dead.push_back({static_cast<std::uint32_t>(node),
                                   record.origin,
                                   refused.code,
                                   refused.message,
                                   {}});
          });
    }
    if (result.sinks[node].empty()) continue;
    stage::Sink& sink = *m_lane->parts().sinks[node];
    if (auto status = m_patience.insist([&] { return sink.write(result.sinks[node], batch); });
        !status) {
      Error error = status.error();
      if (error.where.empty()) error.where = topology.nodes()[node].id;
      return error;
    }
  }
  failpoint("after_produce");
  for (const DeadRecord& dead : result.dead) keepDead(dead);
  if (m_run.settings().mode == stage::Mode::Live) {
    for (Composed& entry : result.outbox) {
      m_pending.outbox.push_back(
          {topology.nodes()[entry.node].id, std::move(entry.id), std::move(entry.body)});
    }
  }
  m_pending.counts.add(result.counts);
  m_hasPending = true;
  m_run.lastEventNs.store(monotonicNs(), std::memory_order_relaxed);
  for (const LaneReader& reader : m_readers) {
    for (const auto& [partition, shard] : reader.shards) {
      const TimeMs watermark = m_lane->watermark(shard.id);
      m_share.virtualNowMs = std::max(m_share.virtualNowMs, watermark);
    }
  }
  {
    const std::scoped_lock lock(m_meters.mutex);
    m_meters.counts.add(result.counts);
  }
  while (m_run.db().outboxSize() > kMostOutbox && !m_run.isStopping) {
    service();
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
  }
  if (m_recorder) {
    if (auto status = m_recorder->flush(false); !status) return status;
  }
  return m_pool->leasedBytes() > kMostLeasedBytes ? flushSinks() : Status();
}

void LaneRunner::keepDead(const DeadRecord& dead) {
  // What a backfill withholds is counted; it was never to be sent.
  if (m_run.settings().isBackfill && dead.record->origin->isWithheld && dead.code == "E-3701")
    return;
  m_pending.dead.push_back(m_letters.describe(dead));
}

Status LaneRunner::retryLetters() {
  if (m_letters.isIdle() || (m_group.isLed() && m_group.reader()->shards.empty())) return {};
  auto batch = m_pool->take();
  auto round = m_letters.next(batch->arena, [&](const std::string& shard) {
    return std::ranges::any_of(m_readers, [&](const LaneReader& reader) {
      return std::ranges::any_of(reader.shards,
                                 [&](const auto& entry) { return entry.second.name == shard; });
    });
  });
  if (!round) return round.error();
  if (!round->refused.empty()) {
    Checkpoint apart;
    apart.dead = std::move(round->refused);
    auto status = m_patience.insist([&] { return m_run.db().commit(apart, {}); });
    if (!status) return status;
  }
  if (round->letters.empty()) return {};
  batch->records = round->letters.size();
  if (m_recorder) m_recorder->letters(round->stored);
  auto status =
      attempt([&] { return m_lane->retry(*round->route, round->letters, batch->arena, m_result); });
  if (!status) return status;
  for (const StoredDead& letter : round->stored) {
    m_pending.retried.push_back(letter.id);
    touchShard(letter.shard);
  }
  return finishBatch(batch, m_result);
}

// A position is committed again where it stands: a transaction without one would not be stored. A
// letter whose source is gone has none of its own, so any will do.
void LaneRunner::touchShard(const std::string& name) {
  if (!m_group.isLed()) return;
  auto& shards = m_group.reader()->shards;
  auto found =
      std::ranges::find_if(shards, [&](const auto& entry) { return entry.second.name == name; });
  if (found == shards.end()) found = shards.begin();
  auto& [partition, shard] = *found;
  shard.next = std::max(shard.next, m_group.committed(partition));
  shard.isMoved = true;
}

Status LaneRunner::advanceIdle() {
  if (auto status = passMarks(nullptr); !status) return status;
  const TimeMs now = m_run.clock().now();
  const std::int64_t nowNs = monotonicNs();
  const auto idleMs =
      static_cast<TimeMs>(static_cast<double>(kIdleNs) / 1e6 * m_run.clock().speed());
  for (LaneReader& reader : m_readers) {
    for (auto& [partition, shard] : reader.shards) {
      if (nowNs - shard.lastEventNs < kIdleNs) continue;
      const TimeMs to = now - idleMs - m_run.topology().nodes()[reader.node].latenessMs;
      if (to <= m_lane->watermark(shard.id) || m_lane->nextDeadline() > to) continue;
      // What fired before the crash is known only up to the mark's own watermark.
      if (m_marks.isBehind(shard.id)) continue;
      if (auto status = advanceShard(shard, to); !status) return status;
    }
  }
  return {};
}

Status LaneRunner::advanceShard(LaneReader::Shard& shard, TimeMs to) {
  auto batch = m_pool->take();
  const std::uint32_t id = shard.id;
  if (m_recorder) m_recorder->watermark(shard.name, to, m_run.clock().now());
  auto status = attempt([&] { return m_lane->advanceWatermark(id, to, batch->arena, m_result); });
  if (!status) return status;
  shard.isMoved = true;
  batch->records = 1;
  return finishBatch(batch, m_result);
}

void LaneRunner::tellReach() {
  if (!m_marks.hasSinks()) return;
  std::vector<stage::Reach> reach;
  for (const LaneReader& reader : m_readers) {
    for (const auto& [partition, shard] : reader.shards) {
      reach.push_back({shard.id, shard.next, m_lane->watermark(shard.id)});
    }
  }
  for (auto& sink : m_lane->parts().sinks) {
    if (sink) sink->reached(reach);
  }
}

Status LaneRunner::flushSinks() {
  tellReach();
  // An event that several sinks refuse is one dead event.
  std::unordered_set<const record::Origin*> seen;
  for (std::size_t node = 0; node < m_lane->parts().sinks.size(); ++node) {
    stage::Sink* sink = m_lane->parts().sinks[node].get();
    if (!sink) continue;
    std::vector<stage::Failure> refused;
    auto status = m_patience.insist([&] { return sink->flush(refused); });
    Counts moved;
    for (const stage::Failure& failure : refused) {
      keepDead({static_cast<std::uint32_t>(node), failure.record, std::string(failure.code),
                std::string(failure.message), std::string(failure.pointer)});
      if (m_recorder) m_recorder->refused(m_pending.dead.back());
      ++moved.errors;
      // What a timer made was never counted among the events that came in; a letter was, once.
      const record::Origin* origin = failure.record->origin;
      const bool isCounted = origin->ordinal != record::Origin::kNoOrdinal && origin->retry == 0;
      if (isCounted && seen.insert(origin).second) ++moved.dead;
    }
    m_pending.counts.refuse(moved);
    {
      const std::scoped_lock lock(m_meters.mutex);
      m_meters.counts.refuse(moved);
      m_meters.nodes[node].errors += moved.errors;
    }
    if (!status) return status;
  }
  return {};
}

void LaneRunner::collectState(Checkpoint& checkpoint) {
  for (std::size_t node = 0; node < m_run.topology().nodes().size(); ++node) {
    StateTable* table = m_lane->state(node);
    if (!table) continue;
    for (StateRow& row : table->takeChanges()) {
      std::string shard = m_run.shardName(row.shard);
      checkpoint.states.push_back(
          {m_run.topology().nodes()[node].id, std::move(shard), std::move(row)});
    }
  }
  for (LaneReader& reader : m_readers) {
    for (auto& [partition, shard] : reader.shards) {
      if (!shard.isMoved) continue;
      checkpoint.positions.push_back({shard.name, shard.next, m_lane->watermark(shard.id)});
    }
  }
}

Status LaneRunner::commit() {
  if (!m_hasPending) return {};
  failpoint("before_flush");
  for (auto& [name, session] : m_share.sessions) {
    auto status = m_patience.insist([&] { return session->settle(); });
    if (!status) return isFenced(status) ? giveWay() : status;
  }
  if (auto status = flushSinks(); !status) return status;
  failpoint("after_flush");
  if (m_recorder) {
    if (auto status = m_recorder->flush(true); !status) return status;
  }
  collectState(m_pending);
  if (m_group.isLed()) {
    // Once it is under way it has to be decided, however long that takes.
    m_isDeciding = true;
    m_patience.endAt(0);
    auto isDone = m_group.commit(m_pending);
    m_isDeciding = false;
    if (!isDone) return isDone.error();
    if (!*isDone) goBack();
    for (auto& [partition, shard] : m_group.reader()->shards) shard.isMoved = false;
  } else if (auto status = commitApart(); !status) {
    return status;
  }
  for (auto& [name, session] : m_share.sessions) {
    session->checkpointDone();
    session->beginGroup();
  }
  m_letters.committed();
  if (!m_pending.outbox.empty()) m_run.wake.notify_all();
  m_pending = {};
  m_hasPending = false;
  m_groupBytes = 0;
  m_lastCommitNs = monotonicNs();
  return {};
}

Status LaneRunner::commitApart() {
  auto status = m_patience.insist([&] {
    return m_run.db().commit(m_pending, [&]() -> Status {
      for (auto& [name, session] : m_share.sessions) {
        if (!session->joinsCheckpoint()) continue;
        if (auto written = session->writeCheckpoint(); !written) return written;
      }
      return {};
    });
  });
  if (!status) return status;
  failpoint("after_checkpoint");
  for (const auto& sink : m_lane->parts().sinks) {
    if (sink) sink->settled();
  }
  for (LaneReader& reader : m_readers) {
    std::vector<stage::Position> done;
    for (auto& [partition, shard] : reader.shards) {
      if (shard.isMoved) done.push_back({partition, shard.next});
      shard.isMoved = false;
    }
    if (done.empty() || !reader.reader) continue;
    if (m_run.settings().mode == stage::Mode::Inert) continue;
    if (auto committed = m_patience.insist([&] { return reader.reader->commit(done); }); !committed)
      return committed;
  }
  failpoint("after_commit");
  return {};
}

void LaneRunner::updateExhausted() {
  const bool isDone = std::ranges::all_of(
      m_readers, [&](const LaneReader& reader) { return reader.isDone(m_run); });
  m_isExhausted.store(isDone && !m_hasPending && m_letters.isIdle(), std::memory_order_release);
}

}  // namespace freshet::runtime
