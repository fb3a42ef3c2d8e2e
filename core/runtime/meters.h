// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "core/metrics/histogram.h"

namespace freshet::runtime {

struct NodeMeter {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t errors = 0;
  std::uint64_t held = 0;
  std::uint64_t busyNs = 0;
  metrics::Histogram latency;
};

/// What becomes of source records; `in = out + filtered + dead` once a batch has ended.
struct Counts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t filtered = 0;
  std::uint64_t dead = 0;
  std::uint64_t emitted = 0;
  std::uint64_t errors = 0;
  std::uint64_t withheld = 0;  ///< would have reached people, but went round again unarmed

  void add(const Counts& other) {
    in += other.in;
    out += other.out;
    filtered += other.filtered;
    dead += other.dead;
    emitted += other.emitted;
    errors += other.errors;
    withheld += other.withheld;
  }
  /// A sink refused what had been counted as out.
  void refuse(const Counts& refused) {
    out -= refused.dead;
    dead += refused.dead;
    errors += refused.errors;
  }
  void subtract(const Counts& other) {
    in -= other.in;
    out -= other.out;
    filtered -= other.filtered;
    dead -= other.dead;
    emitted -= other.emitted;
    errors -= other.errors;
    withheld -= other.withheld;
  }
};

/// The counters of one lane. The lane holds the mutex once a batch, a snapshot once a copy.
struct Meters {
  std::mutex mutex;
  std::vector<NodeMeter> nodes;
  std::vector<std::uint64_t> edges;
  Counts counts;
  metrics::Histogram endToEnd;
};

}  // namespace freshet::runtime
