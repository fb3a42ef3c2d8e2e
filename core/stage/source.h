// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/record/record.h"
#include "core/stage/stage_context.h"

namespace freshet::stage {

/// The next position to read of a partition: an offset, and what the lane wants back with it from a
/// source that keeps positions itself.
struct Position {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string note = {};
};

/// What a poll brought, bytes copied into the batch's arena with kJsonPadding behind each.
struct Polled {
  struct Event {
    std::string_view bytes;
    std::string_view key;
    std::span<const record::Header> headers;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    TimeMs timeMs = 0;  ///< the source's own idea of event time; 0: unknown
  };
  std::vector<Event> events;
  bool isEnded = false;  ///< nothing will ever come again
  TimeMs nextAtMs = 0;   ///< paced sources: the run's clock when more is due; 0: unknown
};

/// Told on the lane's thread, inside poll(), when partitions come and go.
class PartitionListener {
 public:
  virtual ~PartitionListener() = default;
  virtual void onAssigned(std::span<const std::int32_t> partitions) = 0;
  /// Everything read so far must be finished and committed when this returns.
  virtual void onRevoked(std::span<const std::int32_t> partitions, bool isLost) = 0;
};

/// The commit group of one lane, where the source's own connection can do it (a Kafka transaction):
/// what the sinks that joined have written and the positions become true at once, or not at all.
/// Lane's thread only. Retry::Later: the same call may be made again.
class Transaction {
 public:
  /// InDoubt: it is decided, but not known here; ask the reader what is committed.
  enum class Outcome { Committed, Aborted, InDoubt };
  virtual ~Transaction() = default;
  /// After the sinks have joined. Whoever had this place before can write no more.
  virtual Status open() = 0;
  /// Before the first write of a group; nothing if one is open.
  virtual Status begin() = 0;
  virtual Result<Outcome> commit(std::span<const Position> positions) = 0;
  /// Gives up what is open.
  virtual Status abort() = 0;
  /// A call that takes longer hangs.
  virtual std::int64_t longestMs() const { return 60'000; }
};

/// One lane's reading end of a source. Lane's thread only.
class SourceReader {
 public:
  virtual ~SourceReader() = default;
  /// `from` holds the checkpointed positions of the partitions that this lane reads, at a first
  /// start none; for a source that keeps its own, of all that any lane has read.
  virtual Status open(StageContext& context, std::span<const Position> from,
                      PartitionListener& listener) = 0;
  /// Waits at most `waitMs`, then returns up to `most` events.
  virtual Result<Polled> poll(Arena& arena, std::size_t most, int waitMs) = 0;
  /// Positions up to which all is done and safe. Only a source that keeps its own acts on it.
  virtual Status commit(std::span<const Position>) { return {}; }
  /// Asked for once, after `open`, where the lane is to commit by one; null: this source has none.
  virtual Transaction* transaction() { return nullptr; }
  /// Where its partitions stand committed, with their notes; asked of the outside.
  virtual Result<std::vector<Position>> committed(std::span<const std::int32_t>) {
    return std::vector<Position>();
  }
  /// Goes back to the last commit; a poll then tells the listener of its partitions anew.
  virtual void rewind() {}
  /// Keeps the outside patient (Kafka polls with its partitions paused); at least every 100 ms.
  virtual void service() {}
  /// The partitions are wanted elsewhere and go with the next poll: what is under way should end.
  virtual bool isGoing() const { return false; }
  /// Which partitions it is to read is not said yet (a group that gathers): no events is no
  /// idleness.
  virtual bool isJoining() const { return false; }
};

/// A source node: made once a run, asked for its partitions, then for a reader for each lane.
class Source {
 public:
  virtual ~Source() = default;
  /// Reaches the outside to learn how many partitions there are. Virtual ones count (8).
  virtual Result<int> partitions(StageContext& context) = 0;
  /// Lane `lane` of `lanes` reads the partitions p with p % lanes == lane, or what its group
  /// assigns.
  virtual std::unique_ptr<SourceReader> reader(int lane, int lanes) = 0;
  /// True: positions live with the source (a Kafka group), not in our checkpoints.
  virtual bool keepsPositions() const { return false; }
  /// True: the same settings and seed give the same events at the same positions, at any speed.
  /// Such a source takes part in `--speed max`, and `--limit` is split among its partitions.
  virtual bool isDeterministic() const { return false; }
  /// How many times faster than the wall clock the run's clock goes (the shop's clock), 1 for most.
  virtual double clockSpeed() const { return 1; }
  /// A changed pipeline is about to take the place of this one and keeps this source as it is:
  /// until `letGo`, whoever sends to it finds it open although no reader is. Any thread. False: it
  /// cannot, and is made again.
  virtual bool hold() { return false; }
  virtual void letGo() {}
  /// Ends the transaction that lane `lane` of a killed run may have left open, then says where all
  /// partitions stand committed.
  virtual Result<std::vector<Position>> settle(StageContext&, int /*lane*/) {
    return std::vector<Position>();
  }
  /// Start over: forget positions that live with the source (`--fresh`).
  virtual Status forgetPositions(StageContext&) { return {}; }
};

}  // namespace freshet::stage
