// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/record/record.h"
#include "core/stage/stage.h"
#include "core/stage/stage_context.h"

namespace freshet::stage {

class Transaction;

/// Keeps a batch's memory alive; a sink holds a copy until the outside has acknowledged.
using BatchLease = std::shared_ptr<const void>;

/// How far a sink's effects reach in one shard (a partition of a source node): all records before
/// `next` and all timers up to the watermark.
struct Reach {
  std::uint32_t shard = 0;
  std::int64_t next = 0;
  TimeMs watermarkMs = INT64_MIN;
};

/// A record that the outside refused within its reach: read again, it is refused again. `nth` of
/// the records that its origin led to at this sink; `timerMs` is set for what a timer made.
struct RefusedBefore {
  std::uint32_t shard = 0;
  std::int64_t offset = 0;
  std::optional<TimeMs> timerMs;
  std::uint32_t nth = 0;
  std::string code;
  std::string message;
};
/// The place of records[at] among those of the same origin.
inline std::uint32_t nthOfOrigin(std::span<record::Record* const> records, std::size_t at) {
  std::uint32_t nth = 0;
  for (std::size_t i = 0; i < at; ++i) nth += records[i]->origin == records[at]->origin ? 1 : 0;
  return nth;
}

/// A sink in one lane that writes to the outside itself (Kafka). Lane's thread only.
/// Records that the outside refuses for good come back by `flush` as failures.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Before `open`. True: what it writes becomes true with this transaction; false: it cannot join.
  virtual bool join(Transaction&) { return false; }
  virtual Status open(StageContext&) { return {}; }
  /// Hands over; may return before the outside has it. An error means nothing was taken.
  virtual Status write(std::span<record::Record* const> records, const BatchLease& lease) = 0;
  /// Waits until everything written is acknowledged or refused; refused ones are added to
  /// `refused`.
  virtual Status flush(std::vector<Failure>& refused) = 0;
  /// What was written and is not acknowledged is read again, by somebody else: forget it.
  virtual void discard() {}

  // For a sink that stores positions in one transaction with its effects (a database). What is read
  // again after a crash, up to where its effects reach, the lane does not write to it again.

  /// Takes the shard over from whoever wrote it before, who can write no more, and says how far it
  /// has come, adding to `refused`. Nothing: this sink stores no positions. `name` is the shard's
  /// for ever: pipeline/source/partition.
  virtual Result<std::optional<Reach>> takeOver(std::uint32_t /*shard*/, std::string_view /*name*/,
                                                std::vector<RefusedBefore>& /*refused*/) {
    return std::optional<Reach>();
  }
  /// Said before a flush: up to where everything has been written, by shard.
  virtual void reached(std::span<const Reach>) {}
  /// The checkpoint is stored: what was refused until now is read no more.
  virtual void settled() {}
  /// Start over (`--fresh`); called before `open`, with `prefix` of the names of all shards.
  virtual Status forgetPositions(StageContext&, std::string_view /*prefix*/) { return {}; }
};

/// A sink whose effect is not idempotent by itself (a mail, a line in a file): the lane stores what
/// `compose` makes in the checkpoint's own transaction, and one thread delivers it afterwards, in
/// order, exactly once if `deliver` can tell by `sequence` what it has already done.
class OutboxSink {
 public:
  struct Entry {
    std::int64_t sequence = 0;  ///< rises by one; never used twice for a node
    std::string_view id;
    std::string_view body;
  };
  virtual ~OutboxSink() = default;
  /// On the lane's thread. False: the record has no such content and fails with the Failure given.
  virtual bool compose(const record::Record& record, std::string& id, std::string& body,
                       Failure& failure) = 0;
  /// On the delivery thread. `mark` is what the last successful deliver returned ("" at first): it
  /// is stored with the removal of the entries, so after a crash undo what goes beyond it.
  virtual Status openDelivery(StageContext& context, std::string_view mark) = 0;
  virtual Result<std::string> deliver(std::span<const Entry> entries) = 0;
  /// The last mark is stored: what it makes superfluous may go.
  virtual void settled() {}
};

}  // namespace freshet::stage
