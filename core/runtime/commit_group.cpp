// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/commit_group.h"

#include <algorithm>

#include "core/base/failpoint.h"
#include "core/runtime/checkpoint_bytes.h"
#include "core/runtime/commit_note.h"

namespace freshet::runtime {
namespace {

/// Stores a prepared checkpoint for good.
Status apply(Run& run, const PreparedCheckpoint& prepared) {
  std::map<std::string, std::shared_ptr<profile::ProfileStore>> stores;
  for (const auto& profile : prepared.profiles) {
    if (stores.contains(profile.connection)) continue;
    auto store = run.profiles(profile.connection);
    if (!store) return store.error();
    stores[profile.connection] = *store;
  }
  return run.db().commit(prepared.checkpoint, [&]() -> Status {
    for (const auto& profile : prepared.profiles) {
      const profile::ProfileWrite write{profile.key, profile.json};
      if (auto status = stores[profile.connection]->write({&write, 1}); !status) return status;
    }
    return {};
  });
}

/// How much had arrived in the profiles of a connection, among the marks of a commit's note.
std::string arrivedMark(const std::string& connection) {
  return "profiles/" + connection;
}

std::string nodeOf(const std::string& shard) {
  return shard.substr(0, shard.rfind('/'));
}

}  // namespace

std::string writerName(std::string_view slot, int lane) {
  return std::string(slot.empty() ? "0" : slot) + '.' + std::to_string(lane);
}

CommitGroup::CommitGroup(Run& run, LaneShare& share, Patience& patience)
    : m_run(run),
      m_share(share),
      m_patience(patience),
      m_writer(writerName(run.settings().slot, share.lane)) {}

void CommitGroup::lead(LaneReader& reader, stage::Transaction& transaction) {
  m_reader = &reader;
  m_transaction = &transaction;
}

Status CommitGroup::open() {
  return m_patience.insist([&] {
    const auto watch = m_run.watchdog().watch("opening a transaction", m_transaction->longestMs());
    return m_transaction->open();
  });
}

Status CommitGroup::begin() {
  return m_patience.insist([&] {
    const auto watch =
        m_run.watchdog().watch("beginning a transaction", m_transaction->longestMs());
    return m_transaction->begin();
  });
}

Status CommitGroup::abort() {
  return m_patience.insist([&] {
    const auto watch = m_run.watchdog().watch("aborting a transaction", m_transaction->longestMs());
    return m_transaction->abort();
  });
}

Status CommitGroup::adopt(std::span<const std::int32_t> partitions) {
  return m_patience.insist([&]() -> Status {
    auto committed = m_reader->reader->committed(partitions);
    if (!committed) return committed.error();
    for (stage::Position& position : *committed) m_committed[position.partition] = position;
    return {};
  });
}

Status CommitGroup::hold(std::span<const std::int32_t> partitions) {
  // Beside a live run, whose hold stays: old events are written by the guard alone.
  if (m_run.settings().isBackfill) return {};
  for (auto& [name, session] : m_share.sessions) {
    session->setStanding([this](std::uint32_t shard) { return standing(shard); });
    for (const std::int32_t partition : partitions) {
      const stage::Position& at = m_committed[partition];
      const CommitNote note = CommitNote::parse(at.note);
      auto status = m_patience.insist([&] {
        return session->hold(m_reader->shards.at(partition).id, partition,
                             {std::max<std::int64_t>(at.offset, 0), note.tick, note.markOf("reset"),
                              note.markOf(arrivedMark(name))});
      });
      if (!status) return placed(status, m_run.topology().nodes()[m_reader->node].id);
    }
  }
  return {};
}

std::pair<std::int64_t, std::uint64_t> CommitGroup::standing(std::uint32_t shard) {
  for (const auto& [partition, open] : m_reader->shards) {
    if (open.id != shard) continue;
    const auto at = m_committed.find(partition);
    const bool isThere = at != m_committed.end() && at->second.offset == open.next;
    return {open.next, isThere ? CommitNote::parse(at->second.note).tick + 1 : 0};
  }
  return {0, 0};
}

std::vector<stage::Position> CommitGroup::positions() {
  // Later than every mark of a run before, whose counter is not known here.
  m_mark = std::max(m_mark + 1, static_cast<std::uint64_t>(wallClockMs()) * 1000);
  std::vector<stage::Position> positions;
  for (const auto& [partition, shard] : m_reader->shards) {
    if (!shard.isMoved) continue;
    const auto known = m_committed.find(partition);
    CommitNote note;
    if (known != m_committed.end()) {
      note = CommitNote::parse(known->second.note);
      note.tick = known->second.offset == shard.next ? note.tick + 1 : 0;
    }
    note.set(m_writer, m_mark);
    for (auto& [name, session] : m_share.sessions) {
      const std::uint64_t arrived = session->arrived(shard.id, partition);
      if (arrived > 0) note.set(arrivedMark(name), arrived);
    }
    positions.push_back({partition, shard.next, note.text()});
  }
  return positions;
}

Status CommitGroup::prepare(Checkpoint& pending) {
  PreparedCheckpoint prepared{std::move(pending), {}};
  for (auto& [connection, session] : m_share.sessions) {
    if (!session->joinsCheckpoint()) continue;
    for (const profile::ProfileWrite& write : session->checkpointWrites())
      prepared.profiles.push_back({connection, std::string(write.key), std::string(write.json)});
  }
  StateDb::Prepared stored{m_writer, m_mark, toBytes(prepared)};
  pending = std::move(prepared.checkpoint);
  pending.prepared = m_writer;
  return m_patience.insist([&] { return m_run.db().prepare(stored); });
}

Result<bool> CommitGroup::isCommitted(const stage::Position& position) {
  bool isThere = false;
  auto status = m_patience.insist([&]() -> Status {
    auto committed = m_reader->reader->committed({&position.partition, 1});
    if (!committed) return committed.error();
    isThere = CommitNote::parse(committed->at(0).note).holds(m_writer, m_mark);
    return {};
  });
  if (!status) return status.error();
  return isThere;
}

Result<bool> CommitGroup::commit(Checkpoint& pending) {
  const std::vector<stage::Position> moved = positions();
  // Without a position there is nowhere to leave the mark, and nothing was written.
  if (moved.empty()) return true;
  if (auto status = prepare(pending); !status) return status.error();
  failpoint("after_prepare");
  auto outcome = stage::Transaction::Outcome::Aborted;
  auto status = m_patience.insist([&]() -> Status {
    const auto watch =
        m_run.watchdog().watch("committing a transaction", m_transaction->longestMs());
    auto ended = m_transaction->commit(moved);
    if (!ended) return ended.error();
    outcome = *ended;
    return {};
  });
  if (!status) return status.error();
  failpoint("after_transaction");
  bool isDone = outcome == stage::Transaction::Outcome::Committed;
  if (outcome == stage::Transaction::Outcome::InDoubt) {
    auto found = isCommitted(moved.front());
    if (!found) return found.error();
    isDone = *found;
  }
  if (!isDone) {
    status = m_patience.insist([&] { return m_run.db().dropPrepared(m_writer); });
    if (!status) return status.error();
    return false;
  }
  status = m_patience.insist([&] {
    return m_run.db().commit(pending, [&]() -> Status {
      for (auto& [name, session] : m_share.sessions) {
        if (!session->joinsCheckpoint()) continue;
        if (auto written = session->writeCheckpoint(); !written) return written;
      }
      return {};
    });
  });
  if (!status) return status.error();
  failpoint("after_checkpoint");
  for (const stage::Position& position : moved) m_committed[position.partition] = position;
  return true;
}

Status settlePrepared(Run& run,
                      const std::function<stage::Source*(std::string_view node)>& sourceOf,
                      const std::function<stage::StageContext&(std::string_view node)>& contextOf) {
  auto left = run.db().prepared();
  if (!left) return left.error();
  for (const StateDb::Prepared& stored : *left) {
    auto prepared = checkpointFromBytes(stored.bytes);
    if (!prepared) return prepared.error();
    prepared->checkpoint.prepared = stored.writer;
    // Of a source that is no more nobody reads the events again.
    bool isDone = true;
    for (const auto& position : prepared->checkpoint.positions) {
      const std::string node = nodeOf(position.shard);
      stage::Source* source = sourceOf(node);
      if (!source || !source->keepsPositions()) continue;
      const int lane = std::atoi(stored.writer.c_str() + stored.writer.rfind('.') + 1);
      auto committed = source->settle(contextOf(node), lane);
      if (!committed) return committed.error();
      // All of a group's positions say the same; one of them is enough.
      bool isKnown = false;
      isDone = false;
      for (const stage::Position& at : *committed) {
        const std::string shard = node + '/' + std::to_string(at.partition);
        const bool isOfGroup = std::ranges::any_of(
            prepared->checkpoint.positions, [&](const auto& each) { return each.shard == shard; });
        isKnown = isKnown || isOfGroup;
        isDone =
            isDone || (isOfGroup && CommitNote::parse(at.note).holds(stored.writer, stored.mark));
      }
      if (!isKnown) {
        return Error{
            "E-3608",
            "It cannot be known yet whether the last commit of the run before went through", node,
            Retry::Later};
      }
      break;
    }
    const Status status = isDone ? apply(run, *prepared) : run.db().dropPrepared(stored.writer);
    if (!status) return status;
  }
  return {};
}

}  // namespace freshet::runtime
