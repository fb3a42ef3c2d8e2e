// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/registry.h"
#include "core/runtime/lane.h"
#include "core/runtime/node_context.h"
#include "core/runtime/run.h"

namespace freshet::bench {

/// Runs `work`; callgrind counts what happens in here and nothing else (instructions.py names it).
void counted(const std::function<void()>& work);

struct HotEvent {
  std::string bytes;
  std::string key;
  TimeMs timeMs = 0;
};

/// One lane of a pipeline, driven as its thread drives it, without thread, clock and outside:
/// events in, nodes, profiles (in memory), and what `kafka.sink` would send. `kafka.source` and
/// `kafka.sink` are stood in for; offsets count on from 0 in one partition.
class HotPath {
 public:
  static Result<std::unique_ptr<HotPath>> open(const pipeline::Project& project);
  ~HotPath();

  /// One batch; all but the check of what came out is counted.
  Status process(std::span<const HotEvent> events);
  /// What a sink would have sent for the last batch, until the next.
  std::span<const std::string_view> written(std::string_view sink);
  const runtime::Counts& counts() const { return m_counts; }
  /// By key, as they were written.
  Result<std::map<std::string, std::string>> profiles(std::string_view connection);

 private:
  class Sink;
  HotPath(std::unique_ptr<plugin::Registry> types,
          std::shared_ptr<const runtime::Topology> topology);
  Status openLane();
  Status step(std::span<const HotEvent> events);

  std::unique_ptr<plugin::Registry> m_types;
  runtime::Run m_run;
  runtime::LaneShare m_share;
  runtime::Meters m_meters;
  std::unique_ptr<runtime::Lane> m_lane;
  std::vector<std::unique_ptr<runtime::NodeContext>> m_contexts;
  Arena m_arena;
  std::vector<record::Origin*> m_origins;
  runtime::LaneResult m_result;
  std::uint32_t m_source = 0;
  std::int64_t m_offset = 0;
  runtime::Counts m_counts;
};

}  // namespace freshet::bench
