// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/lane_runner.h"

#include <algorithm>
#include <chrono>

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
    if (reader.reader->isGoing() && !m_isDeciding) hurry();
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
    if (status && m_run.settings().isBackfill && m_run.isAllRead) status = tellRebuilt();
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
      Error error = placed(polled.error(), m_run.topology().nodes()[reader.node].id);
      if (error.retry != Retry::Later) return error;
      m_run.report(error);
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
  reader.pass({&event, 1});
  event->ordinal = 0;
  m_result.clear();
  m_result.dead.push_back({reader.node,
                           batch->arena.make<record::Record>(event, std::span<record::Value>()),
                           "E-3610",
                           "crash: the program ended twice while it had this event in hand; it is "
                           "not taken again",
                           {}});
  m_result.counts.in = m_result.counts.dead = m_result.counts.errors = 1;
  return finishBatch(batch, m_result);
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
            result.dead.push_back(
                {static_cast<std::uint32_t>(node), &record, refused.code, refused.message, {}});
            result.counts.refuse(m_lane->countRefused(record));
          });
    }
    if (result.sinks[node].empty()) continue;
    stage::Sink& sink = *m_lane->parts().sinks[node];
    auto status = m_patience.insist(
        [&] { return placed(sink.write(result.sinks[node], batch), topology.nodes()[node].id); });
    if (!status) return status;
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

void LaneRunner::updateExhausted() {
  const bool isDone = std::ranges::all_of(
      m_readers, [&](const LaneReader& reader) { return reader.isDone(m_run); });
  const bool isJoining = std::ranges::any_of(m_readers, [](const LaneReader& reader) {
    return reader.reader && !reader.isEnded && reader.reader->isJoining();
  });
  m_isJoining.store(isJoining, std::memory_order_release);
  m_isExhausted.store(isDone && !m_hasPending && m_letters.isIdle(), std::memory_order_release);
}

}  // namespace freshet::runtime
