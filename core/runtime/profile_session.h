// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/profile/profile_store.h"
#include "core/record/json.h"
#include "core/stage/key_groups.h"
#include "core/stage/stage_context.h"

namespace freshet::runtime {

/// Profiles of one connection as one lane sees them. Within a batch every record reads what the
/// records before it wrote; at the batch's end `flush` hands the changed ones to the store, once a
/// key. A store that joins checkpoints gets them at the checkpoint instead: until then they are
/// kept here, and this lane reads them from here. Others are written while the lane goes on; the
/// next read and the checkpoint wait for the answer. A record whose effect the stored profile holds
/// already (it is read again after a crash) changes nothing. Lane's thread only.
class ProfileSession final : public stage::ProfileView {
 public:
  /// The stable number of the source that a shard belongs to.
  using SourceOf = std::function<std::uint64_t(std::uint32_t shard)>;

  ProfileSession(std::shared_ptr<profile::ProfileStore> store, SourceOf sourceOf)
      : m_store(std::move(store)), m_sourceOf(std::move(sourceOf)) {}

  /// Where a partition stands committed. What others have written beyond `next` and `tick` is not
  /// read, but for epochs before `resetUs`: then positions were set back, and what is read again
  /// changes nothing in profiles that have seen it.
  struct Committed {
    std::int64_t next = 0;
    std::uint64_t tick = 0;
    std::uint64_t resetUs = 0;
    std::uint64_t arrived = 0;  ///< what `arrived` said
  };
  /// For a lane that commits in groups, where the store keeps marks: it holds this partition now.
  Status hold(std::uint32_t shard, std::int32_t partition, const Committed& at);
  /// How much of what this lane wrote for the shard's partition is in the store; 0: no marks.
  std::uint64_t arrived(std::uint32_t shard, std::int32_t partition) {
    return m_holds.empty() ? 0 : m_store->arrived(sourceOf(shard), partition);
  }
  /// All that the shard's partition holds was applied again.
  Status rebuilt(std::uint32_t shard, std::int32_t partition) {
    return m_store->rebuilt(sourceOf(shard), partition);
  }
  void letGo(std::uint32_t shard);
  /// How far a shard has come, for what its timers write.
  void setStanding(std::function<std::pair<std::int64_t, std::uint64_t>(std::uint32_t shard)> of) {
    m_standing = std::move(of);
  }
  /// What is written from now on belongs to another group.
  void beginGroup() { ++m_group; }

  Status fetch(std::span<const std::string_view> keys, Arena& arena) override;
  record::Value read(std::string_view key) override;
  Status write(std::string_view key, const record::Value& profile,
               const record::Origin& by) override;

  /// Ends the batch: forgets its values, sends what changed. Retry::Later keeps them.
  Status flush();
  /// Until what `flush` sent has arrived; before anything that builds on it.
  Status settle();
  /// Forgets the batch: it is about to be processed again.
  void abandon();
  /// Forgets what no checkpoint holds yet: somebody else does it again.
  void discard();
  /// What a checkpoint stores now; for stores that join it. Valid until the next write.
  std::span<const profile::ProfileWrite> checkpointWrites();
  /// Stores it, inside the checkpoint's transaction.
  Status writeCheckpoint();
  void checkpointDone();
  bool joinsCheckpoint() const { return m_store->joinsCheckpoint(); }

 private:
  struct Current {
    record::Value value;
    std::span<const profile::AppliedPosition> applied;
    std::uint64_t source = 0;
    std::int32_t partition = 0;
    std::int64_t offset = -1;
    profile::GroupMark mark;
    std::string_view before;  ///< the profile at the last commit
    std::int64_t seen = 0;    ///< records before it change nothing
    bool isDirty = false;

    bool hasSeen(std::uint64_t from, std::int32_t at, std::int64_t upTo) const;
  };
  struct Hold {
    std::uint32_t shard = 0;
    std::uint64_t source = 0;
    std::int32_t partition = 0;
    std::uint64_t epoch = 0;
    Committed at;
  };
  struct Kept {
    std::string json;  ///< with padding behind
    bool isDirty = false;
  };

  std::uint64_t sourceOf(std::uint32_t shard);
  void collectWrites();
  /// The profile as it was committed, or as this lane has made it since.
  std::string_view standing(const profile::StoredProfile& stored, Current& current) const;

  std::shared_ptr<profile::ProfileStore> m_store;
  SourceOf m_sourceOf;
  std::vector<Hold> m_holds;
  std::function<std::pair<std::int64_t, std::uint64_t>(std::uint32_t)> m_standing;
  std::uint64_t m_group = 1;
  std::vector<std::uint64_t> m_sources;  ///< by shard; 0: not asked yet
  stage::KeyGroups m_keys;
  std::vector<Current> m_current;  ///< by key group
  record::JsonReader m_reader;
  std::unordered_map<std::string, Kept> m_kept;
  std::vector<std::pair<const std::string, Kept>*> m_dirty;  ///< of m_kept; a checkpoint's work
  std::size_t m_keptBytes = 0;
  std::vector<std::string_view> m_missing;
  std::vector<std::uint32_t> m_missingGroups;
  std::vector<profile::StoredProfile> m_stored;
  std::vector<profile::ProfileWrite> m_writes;
  std::string m_bytes;  ///< keys and JSON of m_writes
  std::unique_ptr<profile::PendingWrite> m_pending;
  bool m_isOwed = false;  ///< m_writes did not arrive
};

}  // namespace freshet::runtime
