// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "core/runtime/lane.h"
#include "core/runtime/run_clock.h"

namespace freshet::runtime {

/// A record that passed an edge, copied so that it outlives its batch.
struct Tapped {
  std::uint64_t sequence = 0;
  TimeMs timeMs = 0;
  TimeMs seenMs = 0;
  std::string key;
  std::string bytes;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  record::OwnedValue sections;
};

/// The newest records of every edge, for whoever looks: 100 an edge (1,000 behind a template), at
/// most 8 MiB each. Lanes write through `observer`, which copies a bounded number a second however
/// fast the edge is; readers come from any thread.
class TapBoard {
 public:
  TapBoard(const Topology& topology, const RunClock& clock);
  /// One lane's way in; lane's thread only.
  std::unique_ptr<EdgeObserver> observer();
  std::vector<Tapped> newest(std::string_view edge, std::size_t most, std::uint64_t after) const;

 private:
  class Observer;
  struct Ring {
    mutable std::mutex mutex;
    std::deque<std::pair<Tapped, std::size_t>> records;  ///< with about their bytes
    std::size_t bytes = 0;
    std::size_t most = 100;
    std::uint64_t next = 1;
  };
  void add(std::uint32_t edge, const record::Record& record);

  const Topology& m_topology;
  const RunClock& m_clock;
  std::vector<std::unique_ptr<Ring>> m_rings;
};

}  // namespace freshet::runtime
