// SPDX-License-Identifier: GPL-3.0-or-later
// A lane's group: flushed, committed, given up.
#include <algorithm>

#include "core/base/failpoint.h"
#include "core/runtime/lane_runner.h"

namespace freshet::runtime {

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

Status LaneRunner::tellRebuilt() {
  for (auto& [name, session] : m_share.sessions) {
    for (const LaneReader& reader : m_readers) {
      for (const auto& [partition, shard] : reader.shards) {
        auto status = m_patience.insist([&] { return session->rebuilt(shard.id, partition); });
        if (!status) return status;
      }
    }
  }
  return {};
}

Status LaneRunner::flushSinks() {
  tellReach();
  for (std::size_t node = 0; node < m_lane->parts().sinks.size(); ++node) {
    stage::Sink* sink = m_lane->parts().sinks[node].get();
    if (!sink) continue;
    std::vector<stage::Failure> refused;
    auto status = m_patience.insist(
        [&] { return placed(sink->flush(refused), m_run.topology().nodes()[node].id); });
    Counts moved;
    for (const stage::Failure& failure : refused) {
      keepDead({static_cast<std::uint32_t>(node), failure.record, std::string(failure.code),
                std::string(failure.message), std::string(failure.pointer)});
      if (m_recorder) m_recorder->refused(m_pending.dead.back());
      moved.add(m_lane->countRefused(*failure.record));
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

}  // namespace freshet::runtime
