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
#include "core/record/owned_value.h"

namespace freshet::profile {

/// Up to which record of a source's partition a profile has seen writes. `source` is a stable
/// number of whoever counts these offsets (pipeline, source node): others' offsets are never
/// compared.
struct AppliedPosition {
  std::uint64_t source = 0;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
};

/// The group of an exactly-once lane that wrote a profile, and how far it had come: before `next`,
/// and `tick` groups of timers at it. `epoch` is of the lane's hold on the partition (`fence`), so
/// a lane knows its own; 0: written outside of groups.
struct GroupMark {
  std::uint64_t source = 0;
  std::int32_t partition = 0;
  std::uint64_t epoch = 0;
  std::uint64_t group = 0;
  std::int64_t next = 0;
  std::uint64_t tick = 0;
};

/// What a store knows of a person. `json` is the profile; empty if there is none, else with
/// kJsonPadding readable bytes behind. A record at or before its `applied` position is a replay:
/// the profile holds its effect already. Memory: the arena.
struct StoredProfile {
  std::string_view json;
  std::int64_t version = 0;
  std::span<const AppliedPosition> applied = {};
  GroupMark mark = {};
  std::string_view before =
      {};  ///< the profile at the commit before the group of `mark`; as `json`
};

/// A write and the record that caused it: a store skips it if it has already applied an offset of
/// that source's partition at or beyond this one (the version guard). Offset -1: unconditional.
struct ProfileWrite {
  std::string_view key;
  std::string_view json;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  std::uint64_t source = 0;
  GroupMark mark = {};           ///< epoch not 0: written in a group; the offset does not count
  std::string_view before = {};  ///< then: the profile at the commit before
};

/// "E-2301": another lane has taken the partition over; what this one writes is refused.
inline constexpr std::string_view kFencedCode = "E-2301";

/// A write that was sent and not answered yet. Dropping it leaves open whether it is done.
class PendingWrite {
 public:
  virtual ~PendingWrite() = default;
  /// Once: the answer. After an error the same write may be made again.
  virtual Status wait() = 0;
};

/// Where profiles live. Batched: one round trip a call. Thread-safe. A failed call has changed
/// nothing it did not report; Retry::Later means the same call may be made again.
class ProfileStore {
 public:
  virtual ~ProfileStore() = default;
  virtual Status read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
                      Arena& arena) = 0;
  virtual Status write(std::span<const ProfileWrite> writes) = 0;
  /// Sends a write whose answer is fetched later; `writes` and what they point to stay until then.
  /// Null: this store has only `write`.
  virtual std::unique_ptr<PendingWrite> startWrite(std::span<const ProfileWrite>) { return {}; }
  /// Takes a source's partition over: the epoch for the marks of all that is written in groups from
  /// now on. Older epochs of it are refused. 0: this store keeps no marks. `known` is what
  /// `arrived` said at the last commit; fatal if the store does not hold that any more.
  virtual Result<std::uint64_t> fence(std::uint64_t /*source*/, std::int32_t /*partition*/,
                                      std::uint64_t /*known*/) {
    return std::uint64_t{0};
  }
  /// Rises with each write in groups of this partition that has arrived; 0: none, or no marks.
  virtual std::uint64_t arrived(std::uint64_t /*source*/, std::int32_t /*partition*/) { return 0; }
  /// All that the partition holds was applied again: what was lost before is made good.
  virtual Status rebuilt(std::uint64_t /*source*/, std::int32_t /*partition*/) { return {}; }
  /// True: write() joins the checkpoint's own transaction (the embedded store).
  virtual bool joinsCheckpoint() const { return false; }
  /// Calls `visit` for profiles in no order until it returns false; for pickers and export.
  virtual Status scan(
      std::size_t most,
      const std::function<bool(std::string_view key, std::string_view json)>& visit) = 0;
};

/// How a plugin offers a store for a connection type ("redis"). `settings` are the resolved
/// settings of the connection.
struct ProfileStoreType {
  std::string connectionType;
  std::function<Result<std::shared_ptr<ProfileStore>>(const record::OwnedValue& settings)> open;
};

}  // namespace freshet::profile
