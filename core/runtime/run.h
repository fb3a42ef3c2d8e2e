// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/histogram.h"
#include "core/profile/memory_store.h"
#include "core/runtime/inflight_journal.h"
#include "core/runtime/recording.h"
#include "core/runtime/run_clock.h"
#include "core/runtime/state_db.h"
#include "core/runtime/tap_board.h"
#include "core/runtime/topology.h"
#include "core/runtime/watchdog.h"
#include "core/stage/source.h"

namespace freshet::runtime {

using StoreLookup =
    std::function<const profile::ProfileStoreType*(std::string_view connectionType)>;

struct RunSettings {
  stage::Mode mode = stage::Mode::Live;
  std::string stateFolder;  ///< empty: in memory
  std::string slot;         ///< of this worker in its group; empty: the only one
  bool isWorker = false;    ///< a call that hangs ends the process, for a supervisor to start again
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> untilIdleMs;
  bool isMaxSpeed = false;
  bool isFresh = false;
  bool isTapped = false;       ///< somebody watches: keep the newest records of the edges
  bool isLettersOnly = false;  ///< nothing is read: dead letters go round, then it ends
  bool isBackfill = false;     ///< old events on purpose: nothing reaches people
  std::string recordFile;      ///< empty: nothing is recorded
  std::string logicHash;       ///< of the pipeline, for what is kept of it
  std::uint64_t seed = 1;
  int commitEveryMs = 250;
  int lanes = 0;  ///< 0: min(partitions, 2 × cores)

  /// Time passes by itself, and where it stands is kept.
  bool hasLiveClock() const { return !isMaxSpeed && !isLettersOnly; }
};

/// What a run that has ended leaves to the one that takes its place (hot reload).
struct Handover {
  std::shared_ptr<StateDb> db;
  std::shared_ptr<InflightJournal> inflight;
  std::shared_ptr<const Topology> topology;  ///< whose connections and sources these are
  std::shared_ptr<RunClock> clock;
  TimeMs startedMs = 0;
  std::map<std::string, std::shared_ptr<profile::ProfileStore>, std::less<>> profiles;
  std::map<std::string, std::shared_ptr<stage::Capability>, std::less<>> capabilities;
  std::map<std::string, std::unique_ptr<stage::Source>, std::less<>> sources;  ///< held; by node
  std::int64_t firstEventNs = 0;
  double cpuAtStart = 0;
  metrics::Histogram endToEnd;
};

/// What the lanes of one run share. Thread-safe after `open`.
class Run {
 public:
  Run(std::shared_ptr<const Topology> topology, const stage::TypeLookup& types, StoreLookup stores,
      RunSettings settings);

  /// With what an earlier run left, or (null) from the state folder.
  Status open(Handover* left = nullptr);
  /// Shares what it has; this run has ended, but may still be asked.
  void handOver(Handover& left);

  const Topology& topology() const { return *m_topology; }
  std::shared_ptr<const Topology> sharedTopology() const { return m_topology; }
  const RunSettings& settings() const { return m_settings; }
  StateDb& db() const { return *m_db; }
  InflightJournal& inflight() const { return *m_inflight; }
  const RunClock& clock() const { return *m_clock; }
  std::shared_ptr<const RunClock> sharedClock() const { return m_clock; }
  const std::shared_ptr<RecordingWriter>& recording() const { return m_recording; }
  TapBoard* taps() const { return m_taps.get(); }
  TimeMs startedMs() const { return m_startedMs; }
  /// Lanes commit by the transaction of their source.
  bool isTransactional() const { return m_isTransactional; }

  /// A run that was not opened is driven by hand: its profiles live in memory.
  Result<std::shared_ptr<profile::ProfileStore>> profiles(std::string_view connection);
  /// Serves a connection instead of what it names.
  void provide(const std::string& connection, std::shared_ptr<profile::MemoryStore> store);
  /// Of a run that is driven by hand.
  Result<std::shared_ptr<profile::MemoryStore>> memoryProfiles(std::string_view connection);
  Result<std::shared_ptr<stage::Capability>> capability(std::string_view kind,
                                                        std::string_view connection);

  /// A number for "source/partition", the same for all lanes.
  std::uint32_t shard(const std::string& name);
  std::string shardName(std::uint32_t shard) const;

  /// A call that hangs ends a worker's process; elsewhere the run fails and its lane is left
  /// behind.
  Watchdog& watchdog() { return m_watchdog; }
  bool isStuck() const { return m_isStuck; }

  /// Nothing new is read; what was read is finished.
  void drain();
  /// When draining began; 0: it has not.
  std::int64_t stoppingNs() const { return m_stoppingNs; }
  /// Something went wrong for good: the first error wins, everybody stops.
  void fail(Error error);
  /// Something is being tried again (Redis is away), or works again (nullopt).
  void report(std::optional<Error> trouble);
  std::optional<Error> trouble() const;
  std::optional<Error> failure() const;

  std::atomic<bool> isStopping{false};   ///< drain and end; set by drain()
  std::atomic<bool> isAbandoned{false};  ///< end without draining
  std::atomic<bool> isAllRead{false};    ///< it ends because nothing more came
  std::atomic<std::int64_t> lastEventNs{0};
  std::atomic<std::int64_t> firstEventNs{0};
  /// Source records that may still be read under `--limit`, by sources whose limit is not split.
  std::atomic<std::int64_t> remaining{INT64_MAX};
  std::condition_variable wake;
  std::mutex wakeMutex;

 private:
  Status openState();
  void onHang(const char* what);
  Status record(bool isSwap);
  Status seed(profile::ProfileStore& store, const record::Value& connection);

  std::shared_ptr<const Topology> m_topology;
  const stage::TypeLookup& m_types;
  StoreLookup m_stores;
  RunSettings m_settings;
  std::shared_ptr<StateDb> m_db;
  std::shared_ptr<InflightJournal> m_inflight;
  std::shared_ptr<RunClock> m_clock = std::make_shared<RunClock>();
  std::shared_ptr<RecordingWriter> m_recording;
  TimeMs m_startedMs = 0;
  bool m_isTransactional = false;
  std::unique_ptr<TapBoard> m_taps;
  std::atomic<std::int64_t> m_stoppingNs{0};
  std::mutex m_openMutex;  ///< held while something outside is reached; guards the two maps
  std::map<std::string, std::shared_ptr<profile::ProfileStore>, std::less<>> m_profiles;
  std::map<std::string, std::shared_ptr<stage::Capability>, std::less<>> m_capabilities;
  mutable std::mutex m_mutex;  ///< held for a moment; guards what follows
  std::vector<std::string> m_shards;
  std::optional<Error> m_trouble;
  std::optional<Error> m_failure;
  std::atomic<bool> m_isStuck{false};
  Watchdog m_watchdog{[this](const char* what) { onHang(what); }};
};

}  // namespace freshet::runtime
