// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/runtime/batch_pool.h"
#include "core/runtime/lane.h"
#include "core/runtime/node_context.h"
#include "core/runtime/run.h"

namespace freshet::runtime {

/// One lane at work: a thread that polls its readers, runs the lane, writes its sinks and commits.
/// Order: effect → acknowledgement → checkpoint → source's own commit. Earlier would lose records
/// in a crash. Everything but `meters`, `isExhausted` and `isOpen` belongs to the lane's thread.
class LaneRunner final : private stage::PartitionListener {
 public:
  LaneRunner(Run& run, int lane, int lanes, std::vector<stage::Source*> sources);
  ~LaneRunner() override;

  void start();
  void join();
  Meters& meters() { return m_meters; }
  /// Every reader that can end has ended, or has read its share of the limit.
  bool isExhausted() const { return m_isExhausted.load(std::memory_order_acquire); }
  bool isOpen() const { return m_isOpen.load(std::memory_order_acquire); }

 private:
  struct Shard {
    std::uint32_t id = 0;
    std::string name;
    std::uint32_t node = 0;
    std::int64_t next = 0;
    std::int64_t quota = INT64_MAX;  ///< first offset that is not read
    std::int64_t lastEventNs = 0;
    bool isMoved = false;  ///< since the last checkpoint
  };
  struct Reader {
    std::uint32_t node = 0;
    stage::Source* source = nullptr;
    std::unique_ptr<stage::SourceReader> reader;
    std::map<std::int32_t, Shard> shards;  ///< by partition
    bool isEnded = false;
  };

  void onAssigned(std::span<const std::int32_t> partitions) override;
  void onRevoked(std::span<const std::int32_t> partitions, bool isLost) override;

  void run();
  Status open();
  Status openReader(Reader& reader);
  Status openShard(Reader& reader, std::int32_t partition);
  Status turn(bool& hadEvents);
  Status runBatch(Reader& reader, const std::shared_ptr<BatchPool::Batch>& batch,
                  const stage::Polled& polled);
  Status finishBatch(const std::shared_ptr<BatchPool::Batch>& batch, LaneResult& result);
  Status advanceIdle();
  Status commit();
  Status flushSinks();
  void collectState(Checkpoint& checkpoint);
  std::vector<record::Origin*> origins(Reader& reader, BatchPool::Batch& batch,
                                       const stage::Polled& polled);
  void keepDead(const DeadRecord& dead);
  void updateExhausted();
  /// Calls until it works, the error is not worth trying again, or the run stops.
  template <class Call>
  Status insist(Call call);
  void service();

  Run& m_run;
  Meters m_meters;
  std::shared_ptr<BatchPool> m_pool;
  std::vector<stage::Source*> m_sources;
  LaneShare m_share;
  std::unique_ptr<EdgeObserver> m_observer;
  std::unique_ptr<Lane> m_lane;
  std::vector<std::unique_ptr<NodeContext>> m_contexts;
  std::vector<Reader> m_readers;
  Reader* m_polling = nullptr;
  LaneResult m_result;
  Checkpoint m_pending;
  std::map<std::string, Checkpoint::ShardPosition> m_stored;
  std::int64_t m_lastCommitNs = 0;
  std::int64_t m_lastIdleNs = 0;
  bool m_hasPending = false;
  std::atomic<bool> m_isExhausted{false};
  std::atomic<bool> m_isOpen{false};
  std::thread m_thread;
};

}  // namespace freshet::runtime
