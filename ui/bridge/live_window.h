// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "core/host/pipeline_host.h"

namespace freshet::bridge {

struct NodeLive {
  double rate = 0;              // records a second that enter; for a source, that leave
  double errorShare = 0;        // of what entered, over the long window
  double busy = 0;              // stage time ÷ wall time, worst lane, 0–1
  std::optional<double> p99Ms;  // none where nothing was measured
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t errors = 0;
  std::uint64_t held = 0;
  static constexpr std::size_t kPoints = 60;
  std::array<float, kPoints> history{};  // rates, oldest first
  std::size_t points = 0;                // how many of them are there, at the front
};

struct EdgeLive {
  double rate = 0;
  double busy = 0;  // of the stage it enters
  std::uint64_t records = 0;
};

// What panels show of a run: rates over the last 2 s, quantiles over the last 10 s, counts since
// the start. A plain value.
struct LiveSnapshot {
  host::HostStatus status;
  TimeMs atMs = 0;
  TimeMs runNowMs = 0;
  double seconds = 0;
  bool hasRun = false;  // numbers were seen since the project opened
  std::uint64_t in = 0, out = 0, filtered = 0, dead = 0, emitted = 0, errors = 0;
  std::uint64_t memoryBytes = 0;
  double inRate = 0, outRate = 0, emittedRate = 0, errorRate = 0;
  double errorShare = 0;  // errors ÷ records in, over the last 2 s
  std::uint64_t samples = 0;
  double p50Ms = 0, p95Ms = 0, p99Ms = 0;
  std::map<std::string, NodeLive, std::less<>> nodes;
  std::map<std::string, EdgeLive, std::less<>> edges;  // by pipeline::Edge::text()
};

// Makes LiveSnapshots from the counters of successive snapshots. Counters that fall begin anew.
class LiveWindow {
 public:
  static constexpr TimeMs kRateMs = 2'000;
  static constexpr TimeMs kQuantileMs = 10'000;
  static constexpr TimeMs kTickMs = 300;  // a poll out of turn adds no point

  LiveSnapshot add(const metrics::MetricsSnapshot& now, const host::HostStatus& status);
  void reset();

 private:
  struct Counters {
    TimeMs atMs = 0;
    std::uint64_t in = 0, out = 0, emitted = 0, errors = 0;
    struct Node {
      std::uint64_t in = 0, out = 0, busyNs = 0;
    };
    std::map<std::string, Node, std::less<>> nodes;
    std::map<std::string, std::uint64_t, std::less<>> edges;
  };
  struct History {
    std::array<float, NodeLive::kPoints> points{};
    std::size_t count = 0;
  };
  void fillTotals(LiveSnapshot& live, const metrics::MetricsSnapshot& now) const;
  void fillNodes(LiveSnapshot& live, const metrics::MetricsSnapshot& now);
  void fillEdges(LiveSnapshot& live, const metrics::MetricsSnapshot& now) const;
  bool isTick(const metrics::MetricsSnapshot& now) const;
  void remember(const metrics::MetricsSnapshot& now);

  std::deque<Counters> m_counters;              // over kRateMs
  std::deque<metrics::MetricsSnapshot> m_long;  // one a second over kQuantileMs: histograms are big
  std::map<std::string, History, std::less<>> m_history;
};

}  // namespace freshet::bridge
