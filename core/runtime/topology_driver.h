// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/lane.h"
#include "core/runtime/lane_letters.h"
#include "core/runtime/node_context.h"
#include "core/runtime/outcome.h"

namespace freshet::runtime {

/// An event for a driven lane; what it points to is copied.
struct DrivenEvent {
  std::string_view bytes;
  std::string_view key;
  std::span<const record::Header> headers;
  std::uint32_t shard = 0;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  TimeMs timeMs = 0;
  TimeMs arrivedMs = 0;
  bool isWithheld = false;
};

/// One lane driven by hand, with nothing outside: sinks hand over what arrived, profiles live in
/// memory (first people from a connection's seed, unless some are provided). A step that fails for
/// now is taken again from where the lane stood, as a lane's runner does it. One thread.
class TopologyDriver {
 public:
  struct Settings {
    std::uint64_t seed = 1;
    int lane = 0;
    int lanes = 1;
    bool watchesEdges = false;  ///< the outcome holds what passed every edge
  };
  TopologyDriver(std::shared_ptr<const Topology> topology, const stage::TypeLookup& types,
                 Settings settings);
  ~TopologyDriver();

  /// Before `open`.
  void provide(const std::string& connection, std::shared_ptr<profile::MemoryStore> store);
  Result<std::shared_ptr<profile::MemoryStore>> profiles(std::string_view connection) {
    return m_run.memoryProfiles(connection);
  }
  Status open();

  /// The number of "source/partition".
  std::uint32_t shard(const std::string& name);
  Status process(std::uint32_t source, std::span<const DrivenEvent> events);
  Status advanceWatermark(std::uint32_t shard, TimeMs watermark);
  /// Dead letters as they lay in the table; what has no way in this pipeline stays dead.
  Status retry(std::span<const StoredDead> letters);
  Outcome& outcome() { return m_outcome; }
  Lane& lane() { return *m_lane; }
  const Topology& topology() const { return m_run.topology(); }
  /// "null" if there is none.
  std::string profile(const std::string& connection, const std::string& key);

 private:
  class Watch;
  Status attempt(const std::function<Status()>& step);
  Status finish();

  Settings m_settings;
  Run m_run;
  LaneShare m_share;
  LaneLetters m_letters;
  Meters m_meters;
  std::unique_ptr<Watch> m_watch;
  std::unique_ptr<Lane> m_lane;
  std::vector<std::unique_ptr<NodeContext>> m_contexts;
  Arena m_arena;
  LaneResult m_result;
  Outcome m_outcome;
};

}  // namespace freshet::runtime
