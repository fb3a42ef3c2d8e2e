// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/metrics/histogram.h"

namespace freshet::metrics {

/// Counters since the run began; rates are differences of two snapshots.
struct NodeMetrics {
  std::string node;
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t errors = 0;
  std::uint64_t held = 0;
  std::uint64_t busyNs = 0;  ///< time spent in the stage, worst lane
  Histogram latency;         ///< per record, sampled by batch
};

struct EdgeMetrics {
  std::string edge;  ///< pipeline::Edge::text()
  std::uint64_t records = 0;
};

/// The state of a run at one moment. Values only: may cross threads and machines.
/// in = out + filtered + dead holds at every checkpoint; `emitted` counts what timers made.
struct MetricsSnapshot {
  TimeMs atMs = 0;      ///< wall clock
  TimeMs runNowMs = 0;  ///< the run's clock (the shop's, where it runs faster)
  double seconds = 0;   ///< since the first record
  double cpuSeconds = 0;
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t filtered = 0;
  std::uint64_t dead = 0;
  std::uint64_t emitted = 0;
  std::uint64_t errors = 0;
  std::uint64_t withheld = 0;  ///< would have reached people, but went round again unarmed
  std::uint64_t memoryBytes = 0;
  Histogram endToEnd;  ///< poll to acknowledgement
  std::vector<NodeMetrics> nodes;
  std::vector<EdgeMetrics> edges;
};

/// Prometheus text exposition of a snapshot, names as in the interface
/// ("freshet_records_in_total").
std::string prometheusText(const MetricsSnapshot& snapshot, const std::string& pipeline);

}  // namespace freshet::metrics
