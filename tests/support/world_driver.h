// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include "core/runtime/topology_driver.h"
#include "tests/support/test_types.h"

namespace freshet::testing {

/// Drives a topology over `TestWorld::events`: batches of any size.
class WorldDriver {
 public:
  WorldDriver(std::shared_ptr<const runtime::Topology> topology, const stage::TypeLookup& types)
      : m_driver(std::move(topology), types, {}) {}

  Status open() {
    const auto& nodes = m_driver.topology().nodes();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].role == runtime::Role::Source) m_source = static_cast<std::uint32_t>(i);
    }
    for (std::int32_t partition = 0; partition < TestWorld::kPartitions; ++partition)
      m_driver.shard(nodes[m_source].id + '/' + std::to_string(partition));
    return m_driver.open();
  }
  /// The events [from, from + count) as one batch.
  Status process(const TestWorld& world, std::size_t from, std::size_t count) {
    std::vector<runtime::DrivenEvent> events;
    for (std::size_t i = from; i < std::min(from + count, world.events.size()); ++i) {
      const TestEvent& event = world.events[i];
      events.push_back({event.bytes,
                        event.key,
                        {},
                        static_cast<std::uint32_t>(event.partition),
                        event.partition,
                        m_offsets[event.partition]++,
                        event.timeMs,
                        0});
    }
    return m_driver.process(m_source, events);
  }
  /// Of every shard.
  Status advanceWatermark(TimeMs watermark) {
    for (std::uint32_t shard = 0; shard < TestWorld::kPartitions; ++shard) {
      if (auto status = m_driver.advanceWatermark(shard, watermark); !status) return status;
    }
    return {};
  }
  runtime::Outcome& outcome() { return m_driver.outcome(); }
  runtime::Lane& lane() { return m_driver.lane(); }
  std::string profile(const std::string& connection, const std::string& key) {
    return m_driver.profile(connection, key);
  }

 private:
  runtime::TopologyDriver m_driver;
  std::map<std::int32_t, std::int64_t> m_offsets;
  std::uint32_t m_source = 0;
};

}  // namespace freshet::testing
