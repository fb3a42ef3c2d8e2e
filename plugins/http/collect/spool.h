// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/stage/source.h"
#include "plugins/http/collect/spool_segment.h"

namespace freshet::http {

/// Accepted events on disk, numbered per partition, until the pipeline is done with them. What
/// arrives while a sync is under way is synced together next. Without a folder it is memory.
/// append() from any thread; a partition is read and released by one thread.
class Spool {
 public:
  static constexpr int kPartitions = 8;
  struct Entry {
    int partition = 0;
    std::string key;
    std::string bytes;
    TimeMs timeMs = 0;
    std::uint64_t id = 0;  ///< of the sender's own id (SeenIds::of); 0: it gave none
  };
  enum class Outcome { Stored, Full, Failed };
  /// Called once, on the spool's thread (or append's own, if it is full).
  using Done = std::function<void(Outcome)>;

  static Result<std::shared_ptr<Spool>> open(const std::string& folder, std::uint64_t mostBytes);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// All of the entries or none; in order.
  void append(std::span<const Entry> entries, Done done);

  /// Numbers below `next` were handed over before; a spool that ends earlier begins there.
  Status begin(int partition, std::int64_t next);
  /// What is durable from `begin` (or the last read) on, at most `most` events.
  Status read(int partition, std::size_t most, Arena& arena,
              std::vector<stage::Polled::Event>& events);
  /// What was accepted last before this run: the events of each partition's newest file.
  Status visitNewest(const std::function<void(const SpooledEvent&)>& visit) const;
  /// Waits until something may be read in one of the partitions.
  void wait(std::span<const std::int32_t> partitions, std::chrono::milliseconds most);
  /// Everything below `next` is done: its segments may go.
  void release(int partition, std::int64_t next);
  /// Bytes on disk and under way.
  std::uint64_t bytes() const;

 private:
  struct Partition {
    std::map<std::int64_t, std::shared_ptr<SpoolSegment>> segments;  ///< by first number
    std::int64_t durableEnd = 0;
    bool isRollWanted = false;
    // Of the reader.
    std::int64_t next = 0;
    std::int64_t segment = -1;
    std::uint64_t at = 0;
    std::string chunk;
  };
  struct Pending {
    std::string encoded[kPartitions];
    std::int64_t counts[kPartitions] = {};
    std::vector<Done> done;
  };
  Spool(std::string folder, std::uint64_t mostBytes);
  Status recover();
  std::string pathOf(int partition, std::int64_t first) const;
  Status roll(int partition);
  void run();
  Status store(const Pending& pending);
  bool hasUnread(std::span<const std::int32_t> partitions) const;

  const std::string m_folder;
  const std::uint64_t m_mostBytes;
  const std::uint64_t m_segmentBytes;
  mutable std::mutex m_mutex;
  std::condition_variable m_accepted;
  std::condition_variable m_stored;
  Partition m_partitions[kPartitions];
  Pending m_pending;
  std::uint64_t m_bytes = 0;
  std::optional<Error> m_failure;
  bool m_isEnding = false;
  std::thread m_thread;
};

}  // namespace freshet::http
