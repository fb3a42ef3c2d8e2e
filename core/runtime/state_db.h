// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/profile/sqlite.h"
#include "core/runtime/dead_letters.h"
#include "core/runtime/meters.h"
#include "core/runtime/state_table.h"
#include "core/stage/sink.h"

namespace freshet::runtime {

/// What one lane adds in one checkpoint. Everything in it becomes true at once or not at all.
struct Checkpoint {
  struct ShardPosition {
    std::string shard;  ///< "source-node/partition"
    std::int64_t offset = 0;
    TimeMs watermarkMs = 0;
  };
  struct State {
    std::string node;
    std::string shard;
    StateRow row;
  };
  struct OutboxEntry {
    std::string node;
    std::string id;
    std::string body;
  };
  std::vector<ShardPosition> positions;
  std::vector<State> states;
  std::vector<std::int64_t> retried;  ///< letters that have gone round again, by id
  std::vector<StoredDead> dead;       ///< may hold some of these, failed again
  std::vector<OutboxEntry> outbox;
  std::string prepared;  ///< the writer whose prepared checkpoint this is; stored, that one goes
  Counts counts;
  TimeMs runClockMs = 0;
};

/// The database of a run's state: positions, keyed state, timers, counts, dead letters and the
/// outbox, in one SQLite file. Thread-safe; every commit is synced before it returns.
class StateDb {
 public:
  /// `folder` is made if it is not there; empty: in memory, for a dry run. Locks the folder against
  /// a second run. `isFresh` forgets what was there.
  static Result<std::unique_ptr<StateDb>> open(const std::string& folder, bool isFresh = false);

  std::shared_ptr<profile::Database> database() { return m_database; }
  /// `also` runs inside the transaction (profiles that join it).
  Status commit(const Checkpoint& checkpoint, const std::function<Status()>& also);

  /// A checkpoint whose truth somebody else decides (a Kafka transaction): kept as bytes until it
  /// is known. One a writer; synced before it returns.
  struct Prepared {
    std::string writer;
    std::uint64_t mark = 0;  ///< rises with each of a writer's checkpoints, over restarts
    std::string bytes;
  };
  Status prepare(const Prepared& prepared);
  Status dropPrepared(std::string_view writer);
  Result<std::vector<Prepared>> prepared();

  Result<std::map<std::string, Checkpoint::ShardPosition>> positions();
  Result<std::vector<StateRow>> state(const std::string& node, const std::string& shard);
  Result<Counts> counts();
  Result<TimeMs> meta(std::string_view name, TimeMs fallback);
  Status setMeta(std::string_view name, TimeMs value);
  /// Moves the write-ahead log into the database, as far as readers let it.
  Status foldLog();

  DeadLetters& letters() { return *m_letters; }

  struct OutboxBatch {
    std::vector<std::int64_t> sequences;
    std::vector<std::string> ids;
    std::vector<std::string> bodies;
  };
  Result<OutboxBatch> outbox(const std::string& node, std::size_t most);
  Result<std::string> outboxMark(const std::string& node);
  /// Removes what was delivered and stores the sink's mark, in one transaction.
  Status outboxDone(const std::string& node, std::int64_t upTo, std::string_view mark);
  /// Entries that wait for delivery, of all nodes.
  std::int64_t outboxSize() const { return m_outboxSize.load(std::memory_order_relaxed); }

 private:
  StateDb() = default;
  Status prepareStatements();
  Status write(const Checkpoint& checkpoint);

  std::shared_ptr<void> m_lock;  ///< first, so that it is given up last
  std::shared_ptr<profile::Database> m_database;
  std::unique_ptr<DeadLetters> m_letters;
  std::atomic<std::int64_t> m_outboxSize{0};
  profile::Statement m_putPosition, m_putState, m_dropState, m_putOutbox, m_putCount, m_putPrepared,
      m_dropPrepared;
};

/// $XDG_STATE_HOME/freshet/<name>-<hash of the project's path and overlay>.
std::string defaultStateFolder(const std::string& projectFolder, const std::string& name,
                               const std::string& env);

}  // namespace freshet::runtime
