// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/lane.h"
#include "core/runtime/run.h"

namespace freshet::runtime {

/// One lane's dead letters: what it makes of records that fail, and the stored ones that it has go
/// round again, in the order of their tickets, those of its own shards. A letter leaves the table
/// in the checkpoint that holds its effect. Lane's thread only.
class LaneLetters {
 public:
  /// Letters of one route, in the memory of a batch.
  struct Round {
    const RetryRoute* route = nullptr;
    std::vector<Letter> letters;
    std::vector<StoredDead> stored;   ///< the same, as they lay in the table
    std::vector<StoredDead> refused;  ///< cannot go round in this pipeline
  };
  using OwnsShard = std::function<bool(const std::string& shard)>;

  LaneLetters(Run& run, int lane);

  /// For the table; one that went round keeps its id, its first time and its count of attempts.
  StoredDead describe(const DeadRecord& dead);
  /// A letter ready to go round, and its way; null: the current pipeline has none for it.
  const RetryRoute* routeOf(const StoredDead& letter);
  Letter unpack(const StoredDead& letter, Arena& arena);
  /// The next to go round; empty if there are none.
  Result<Round> next(Arena& arena, const OwnsShard& owns);
  /// Whether `next` would find none.
  bool isIdle() const;
  /// What went round is stored.
  void committed() { m_taken.clear(); }
  /// Shards have come, or what went round since the last checkpoint is not going to be stored.
  void lookAgain(bool isDiscarded);

 private:
  struct Taken {
    std::int64_t id = 0;
    std::int64_t attempts = 0;
    TimeMs firstMs = 0;
  };

  Status fetch(const OwnsShard& owns);
  std::optional<std::uint32_t> sourceOf(std::string_view shard) const;
  std::optional<std::uint32_t> nodeOf(std::string_view id) const;
  const RetryRoute& route(std::optional<std::uint32_t> source, std::uint32_t failed);
  bool startsAtSource(const RetryRoute& route) const;

  Run& m_run;
  int m_lane;
  std::vector<std::string> m_schemas;  ///< by node, "path@hash"
  std::map<std::pair<std::int64_t, std::uint32_t>, RetryRoute> m_routes;
  std::deque<StoredDead> m_waiting;
  std::map<std::int64_t, Taken> m_taken;  ///< by ticket, since the last checkpoint
  std::int64_t m_last = 0;                ///< the newest ticket seen
  std::uint64_t m_round = 0;              ///< of the table, when nothing more was found
};

}  // namespace freshet::runtime
