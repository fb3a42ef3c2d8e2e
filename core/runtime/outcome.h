// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/lane.h"

namespace freshet::runtime {

/// What a pipeline made of its events, as JSON texts, in an order that lanes and batches do not
/// change once it is sorted: by key, and for a key as it came.
struct Outcome {
  std::map<std::string, std::vector<std::string>> sinks;  ///< by node; what arrived, and what an
                                                          ///< outbox sink composed of it
  std::map<std::string, std::vector<std::string>> edges;  ///< by Edge::text(), where watched
  std::vector<std::string> dead;
  std::map<std::string, std::uint64_t> routes;  ///< records by edge
  Counts counts;

  void add(const LaneResult& result, const Topology& topology);
  /// Sorts; once, at the end.
  void finish();
};

/// Key, event time and all sections of a record.
std::string describe(const record::Record& record, std::span<const std::string> slots);
/// Node, code, message, pointer, partition, offset and the bytes as they arrived.
std::string deadJson(std::string_view node, const DeadRecord& dead);
std::string countsJson(const Counts& counts);

}  // namespace freshet::runtime
