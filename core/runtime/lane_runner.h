// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/runtime/batch_pool.h"
#include "core/runtime/commit_group.h"
#include "core/runtime/lane.h"
#include "core/runtime/lane_letters.h"
#include "core/runtime/lane_reader.h"
#include "core/runtime/node_context.h"
#include "core/runtime/patience.h"
#include "core/runtime/run.h"
#include "core/runtime/sink_marks.h"

namespace freshet::runtime {

/// One lane at work: a thread that polls its readers, runs the lane, writes its sinks and commits.
/// Order: effect → acknowledgement → checkpoint → source's own commit. Earlier would lose records
/// in a crash. Where the source has a transaction, the last two are one (CommitGroup). Everything
/// but `meters`, `isExhausted`, `isJoining` and `isOpen` belongs to the lane's thread.
class LaneRunner final : private stage::PartitionListener {
 public:
  LaneRunner(Run& run, int lane, int lanes, std::vector<stage::Source*> sources);
  ~LaneRunner() override;

  void start();
  void join();
  /// Its thread hangs in a call: it is let go, and everything that it may touch is kept for ever.
  void abandon() { m_thread.detach(); }
  bool hasEnded() const { return m_hasEnded.load(std::memory_order_acquire); }
  Meters& meters() { return m_meters; }
  /// Every reader that can end has ended, or has read its share of the limit.
  bool isExhausted() const { return m_isExhausted.load(std::memory_order_acquire); }
  bool isJoining() const { return m_isJoining.load(std::memory_order_acquire); }
  bool isOpen() const { return m_isOpen.load(std::memory_order_acquire); }

 private:
  void onAssigned(std::span<const std::int32_t> partitions) override;
  void onRevoked(std::span<const std::int32_t> partitions, bool isLost) override;

  void run();
  Status open();
  Status openSinks(std::span<stage::StageContext* const> contexts);
  Status openReader(LaneReader& reader);
  Status openShard(LaneReader& reader, std::int32_t partition);
  /// Asks the sinks how far they have come in a shard that this lane now reads.
  Status takeOver(const LaneReader::Shard& shard);
  Status turn(bool& hadEvents);
  Status runBatch(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                  const stage::Polled& polled);
  Status runEvents(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                   std::span<record::Origin* const> events);
  Status runWarily(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                   std::span<record::Origin* const> events);
  Status quarantine(LaneReader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                    record::Origin* event);
  Status finishBatch(const std::shared_ptr<BatchPool::Batch>& batch, LaneResult& result);
  Status advanceIdle();
  Status advanceShard(LaneReader::Shard& shard, TimeMs to);
  /// Leaves the marks that the lane has come to, or that `upcoming` lies beyond.
  Status passMarks(const record::Origin* upcoming);
  LaneReader::Shard* findShard(std::uint32_t id);
  stage::Reach reachOf(std::uint32_t shard);
  void tellReach();
  Status tellRebuilt();
  Status commit();
  Status commitApart();
  /// A group that did not become true: it is read again from the last commit.
  void goBack();
  bool isFenced(const Status& status) const;
  Status giveWay();
  /// Partitions are wanted elsewhere: from now on the outside has little time.
  void hurry();
  Status flushSinks();
  void collectState(Checkpoint& checkpoint);
  /// One round of dead letters, if some are to go round again.
  Status retryLetters();
  Status openLetterShards();
  void touchShard(const std::string& name);
  void keepDead(const DeadRecord& dead);
  void updateExhausted();
  /// A step of the lane into m_result; after a failure the lane stands where it stood, and the step
  /// is taken again.
  Status attempt(const std::function<Status()>& step);
  void discardPending();
  void discardAll(LaneReader& reader);
  bool giveUp(const Error& error);
  void dropShards(LaneReader& reader, std::span<const std::int32_t> partitions);
  void service();

  Run& m_run;
  Meters m_meters;
  std::shared_ptr<BatchPool> m_pool;
  std::vector<stage::Source*> m_sources;
  LaneShare m_share;
  LaneLetters m_letters;
  std::unique_ptr<LaneRecorder> m_recorder;  ///< null: nothing is recorded
  Patience m_patience;
  std::unique_ptr<EdgeObserver> m_observer;
  std::unique_ptr<Lane> m_lane;
  std::vector<std::unique_ptr<NodeContext>> m_contexts;
  std::vector<LaneReader> m_readers;
  CommitGroup m_group;
  std::int64_t m_commitEveryNs = 0;
  std::size_t m_groupBytes = 0;  ///< since the last commit
  SinkMarks m_marks;
  LaneReader* m_polling = nullptr;
  LaneResult m_result;
  Checkpoint m_pending;
  std::map<std::string, Checkpoint::ShardPosition> m_stored;
  std::int64_t m_lastCommitNs = 0;
  std::int64_t m_lastIdleNs = 0;
  bool m_hasPending = false;
  bool m_hasReported = false;
  bool m_isDeciding = false;  ///< a group that has to be committed or not
  bool m_isGoing = false;     ///< partitions are wanted elsewhere; m_patience has a limit
  std::atomic<bool> m_isExhausted{false};
  std::atomic<bool> m_isJoining{false};
  std::atomic<bool> m_isOpen{false};
  std::atomic<bool> m_hasEnded{false};
  std::thread m_thread;
};

}  // namespace freshet::runtime
