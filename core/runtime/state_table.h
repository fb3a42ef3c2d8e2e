// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/stage/stage.h"
#include "core/stage/stage_context.h"

namespace freshet::runtime {

/// One row of keyed state as a checkpoint stores it.
struct StateRow {
  std::uint32_t shard = 0;
  std::string key;
  std::string bytes;  ///< empty and no timer: the row is gone
  TimeMs timerMs = kNoTimer;
  static constexpr TimeMs kNoTimer = INT64_MIN;
  bool isGone() const { return bytes.empty() && timerMs == kNoTimer; }
};

/// Keyed state and timers of one node in one lane, in memory, with the rows that changed since the
/// last checkpoint. Lane's thread only.
class StateTable final : public stage::KeyedState {
 public:
  Status get(std::span<const stage::StateKey> keys, std::span<std::string_view> values) override;
  void put(const stage::StateKey& key, std::string_view bytes) override;
  void remove(const stage::StateKey& key) override;
  void setTimer(const stage::StateKey& key, TimeMs atMs) override;
  void clearTimer(const stage::StateKey& key) override;

  /// Takes the timers of a shard that are due at `watermark` out, oldest first.
  void takeDue(std::uint32_t shard, TimeMs watermark, Arena& arena, std::vector<stage::Timer>& due);
  /// The earliest timer of all shards; INT64_MAX if there is none.
  TimeMs nextTimer() const;

  /// Remembers from here what changes, so that `rollback` can give it back.
  void beginBatch() { m_undo.clear(); }
  void rollback();

  void load(StateRow row);
  void dropShard(std::uint32_t shard);
  /// Rows changed since the last call.
  std::vector<StateRow> takeChanges();
  /// Every row of a shard, for a snapshot.
  std::vector<StateRow> rows(std::uint32_t shard) const;

 private:
  struct Entry {
    std::string bytes;
    TimeMs timerMs = StateRow::kNoTimer;
    bool isDirty = false;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Shard = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

  struct Undo {
    std::uint32_t shard;
    std::string key;
    std::string bytes;
    TimeMs timerMs;
  };

  Entry& touch(const stage::StateKey& key);
  void moveTimer(std::uint32_t shard, std::string_view key, Entry& entry, TimeMs atMs);

  std::unordered_map<std::uint32_t, Shard> m_shards;
  std::map<std::uint32_t, std::set<std::pair<TimeMs, std::string>>> m_timers;
  std::vector<std::pair<std::uint32_t, std::string>> m_dirty;
  std::vector<Undo> m_undo;  ///< newest last
};

}  // namespace freshet::runtime
