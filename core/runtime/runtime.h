// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "core/metrics/snapshot.h"
#include "core/runtime/lane_runner.h"
#include "core/runtime/letter_request.h"
#include "core/runtime/outbox_delivery.h"
#include "core/runtime/run.h"

namespace freshet::runtime {

enum class Phase { Starting, Running, Draining, Finished, Stopped, Failed };

/// One run of a topology in this process, from open to drained. `start` returns at once; the run
/// goes on behind it until it has nothing more to do, `stop` is called, or it fails. Any thread.
class Runtime : public std::enable_shared_from_this<Runtime> {
 public:
  /// `left`: what the run whose place it takes has left; else it begins from its state.
  Runtime(std::shared_ptr<const Topology> topology, const stage::TypeLookup& types,
          StoreLookup stores, RunSettings settings, std::optional<Handover> left = {});
  ~Runtime();

  void start();
  void stop(bool isNow);
  /// Waits until the run has ended.
  void wait();
  /// Waits until it is at work; false: it has ended before.
  bool waitUntilRunning();
  /// Ends between two batches for the sake of a run of `next`. What the two have in common goes
  /// over: state, clock, connections, and the sources that others send to, which stay open.
  Handover standAside(const Topology& next);

  Phase phase() const { return m_phase.load(std::memory_order_acquire); }
  /// Why it failed, or what is being tried again.
  std::optional<Error> error() const;
  /// It failed before every lane was open, and not by its own state: something could not be
  /// reached.
  bool failedAtStart() const { return m_failedAtStart.load(std::memory_order_acquire); }
  metrics::MetricsSnapshot snapshot() const;
  std::vector<Tapped> newest(std::string_view edge, std::size_t most, std::uint64_t after) const;
  std::vector<StoredDead> deadLetters(std::size_t most, std::int64_t after) const;
  /// Has dead letters go round again in this run, or drops them; how many.
  Result<std::int64_t> request(const LetterRequest& request);
  Result<record::OwnedValue> profile(std::string_view connection, std::string_view key);
  const Topology& topology() const { return *m_topology; }

 private:
  void run();
  Status open();
  Result<std::unique_ptr<stage::Source>> sourceOf(std::size_t node);
  void letGoOfSources();
  Status settle();
  Status forgetSinkPositions();
  void supervise();
  Status closeState();
  void joinLanes();
  bool changePhase(Phase from, Phase to);

  std::shared_ptr<const Topology> m_topology;
  Run m_run;
  std::optional<Handover> m_left;
  Counts m_before;  ///< counts of earlier runs of the same state
  metrics::Histogram m_endToEndBefore;
  std::vector<std::unique_ptr<stage::Source>> m_sources;
  std::vector<std::unique_ptr<LaneRunner>> m_lanes;
  OutboxDelivery m_delivery;
  std::atomic<Phase> m_phase{Phase::Starting};
  std::atomic<bool> m_failedAtStart{false};
  std::atomic<bool> m_hasLanes{false};
  std::atomic<std::int64_t> m_endedNs{0};
  std::mutex m_phaseMutex;
  std::condition_variable m_phaseChanged;
  double m_cpuAtStart = 0;
  bool m_hasState = false;
  std::shared_ptr<Runtime> m_keptForStuckLane;
  std::thread m_thread;
};

}  // namespace freshet::runtime
