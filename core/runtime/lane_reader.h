// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/runtime/run.h"
#include "core/stage/source.h"

namespace freshet::runtime {

/// One source in one lane: its reading end, and how far each of its partitions has come. Lane's
/// thread only.
struct LaneReader {
  struct Shard {
    std::uint32_t id = 0;
    std::string name;  ///< "source-node/partition"
    std::int64_t next = 0;
    std::int64_t quota = INT64_MAX;  ///< first offset that is not read
    std::int64_t lastEventNs = 0;
    bool isMoved = false;  ///< since the last checkpoint
  };

  /// The events of a poll that this lane is to process.
  std::vector<record::Origin*> take(Run& run, const stage::Polled& polled, Arena& arena);
  /// They are about to be processed: their shards stand behind them.
  void pass(std::span<record::Origin* const> events);
  /// It has nothing more to read: the limit is reached, or it has ended.
  bool isDone(const Run& run) const;

  std::uint32_t node = 0;
  stage::Source* source = nullptr;
  std::unique_ptr<stage::SourceReader> reader;
  std::map<std::int32_t, Shard> shards;  ///< by partition
  bool isEnded = false;
  bool hasQuota = false;  ///< the limit is split among its partitions
};

}  // namespace freshet::runtime
