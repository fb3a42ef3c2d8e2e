// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/plugin/registry.h"

namespace freshet::testing {

struct TestEvent {
  std::string bytes;
  std::string key;
  std::int32_t partition = 0;
  TimeMs timeMs = 0;
};

/// What test nodes share: the events that `test.events` reads, in 4 partitions, and what arrived at
/// each `test.sink`, as JSON. Filled before a run; `sinks` from any lane under `mutex`.
struct TestWorld {
  static constexpr std::int32_t kPartitions = 4;
  std::vector<TestEvent> events;
  bool isEndless = false;  ///< the source waits for more when it has read them
  std::mutex mutex;
  std::map<std::string, std::vector<std::string>> sinks;
  std::map<std::string, int> failuresLeft;  ///< by `test.flaky` node; lanes share it under `mutex`
};

/// Core's nodes, and those of the tests: `test.events` (a deterministic source), `test.sink` and
/// `test.flaky` (lets records pass; its first `failures` calls fail for now). `world` outlives it.
std::unique_ptr<plugin::Registry> makeTestTypes(TestWorld& world);

}  // namespace freshet::testing
