// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/lane.h"
#include "core/runtime/node_context.h"
#include "tests/support/test_types.h"

namespace freshet::testing {

/// What a pipeline made of its events, as JSON, in an order that lanes and batches do not change:
/// by key, and for a key as it came.
struct PipelineOutcome {
  std::map<std::string, std::vector<std::string>> sinks;  ///< by node
  std::vector<std::string> dead;
  std::string counts;

  void sort();
};

std::string deadJson(std::string_view node, const runtime::DeadRecord& dead);
std::string countsJson(const runtime::Counts& counts);

/// Drives one lane by hand over `TestWorld::events`: batches of any size, watermarks, snapshots. A
/// step that fails for now is taken again from where the lane stood, as a lane's runner does it.
class TopologyDriver {
 public:
  TopologyDriver(std::shared_ptr<const runtime::Topology> topology, const stage::TypeLookup& types);
  Status open();

  /// The events [from, from + count) as one batch.
  Status process(const TestWorld& world, std::size_t from, std::size_t count);
  /// Of every shard.
  Status advanceWatermark(TimeMs watermark);
  PipelineOutcome& outcome() { return m_outcome; }
  runtime::Lane& lane() { return *m_lane; }
  /// Of the lane's session, after all batches; "null" if there is none.
  std::string profile(const std::string& connection, const std::string& key);
  static std::uint32_t shardOf(std::int32_t partition) {
    return static_cast<std::uint32_t>(partition);
  }

 private:
  Status attempt(const std::function<Status()>& step);
  Status finish();

  runtime::Run m_run;
  runtime::LaneShare m_share;
  runtime::Meters m_meters;
  std::unique_ptr<runtime::Lane> m_lane;
  std::vector<std::unique_ptr<runtime::NodeContext>> m_contexts;
  std::map<std::int32_t, std::int64_t> m_offsets;
  std::uint32_t m_source = 0;
  Arena m_arena;  ///< of all batches: results point into it
  runtime::LaneResult m_result;
  runtime::Counts m_counts;
  PipelineOutcome m_outcome;
};

}  // namespace freshet::testing
