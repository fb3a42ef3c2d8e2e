// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/snapshot.h"
#include "core/pipeline/project.h"

namespace freshet::host {

struct RunOptions {
  bool isDryRun = false;
  std::string env;                    ///< overlay name; empty: none
  std::vector<std::string> settings;  ///< "node.field=value"
  std::optional<std::int64_t> limit;  ///< source records over all runs of this state
  bool isMaxSpeed = false;            ///< virtual clock, as fast as the machine can
  std::optional<std::int64_t> untilIdleMs;
  std::string stateFolder;     ///< empty: $XDG_STATE_HOME/freshet/<per project path>
  std::string slot;            ///< of this worker in its group; empty: it is the only one
  bool isWorker = false;       ///< a process of its own, which a supervisor starts again
  bool isFresh = false;        ///< forget state, positions and counts first
  bool isLettersOnly = false;  ///< only dead letters that are to go round again, then it ends
  bool isBackfill = false;     ///< old events on purpose: nothing is sent to people
  std::string recordFile;      ///< keeps every event and every answer of the outside; empty: none
  std::uint64_t seed = 1;
};

/// Stopped → Starting → Running → Draining → Stopped | Finished | Failed.
enum class RunState { Stopped, Starting, Running, Draining, Finished, Failed };

struct HostStatus {
  RunState state = RunState::Stopped;
  std::optional<Error> error;    ///< why it failed, or what it is retrying ("kafka is away")
  bool isReachable = true;       ///< false: a source or sink could not be reached at start
  std::string logicHash;         ///< of what runs
  std::optional<Error> refusal;  ///< why the pipeline applied last did not take this one's place
};

/// A record that passed an edge, copied. `sections` holds event, profile, email … by name.
struct TappedRecord {
  std::uint64_t sequence = 0;
  TimeMs timeMs = 0;  ///< event time
  TimeMs seenMs = 0;  ///< the run's clock when it passed
  std::string key;
  std::string bytes;  ///< the event as it arrived, at most 64 KiB of it
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  record::OwnedValue sections;
};

struct DeadLetter {
  std::int64_t id = 0;
  std::string node;
  std::string code;
  std::string message;
  std::string pointer;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  TimeMs atMs = 0;
  std::string bytes;  ///< the event as it arrived, whole
};

/// The narrow waist between whoever watches and whatever runs: local here, remote later, nothing
/// local-only. Every method may be called from any thread and returns in well under 50 ms; the
/// run goes on behind it.
class PipelineHost {
 public:
  virtual ~PipelineHost() = default;

  /// Lints, compiles and starts. Findings with errors: nothing was started, what ran goes on. Where
  /// a run of the same state and kind is at work, the new pipeline takes its place between two
  /// batches, after this has returned; if it cannot start, the old one goes on (`refusal`).
  virtual std::vector<pipeline::Diagnostic> apply(const pipeline::Project& project,
                                                  const RunOptions& options) = 0;
  /// Drains; `isNow` gives up what is in flight (it will be read again).
  virtual void stop(bool isNow = false) = 0;
  virtual HostStatus status() const = 0;
  virtual metrics::MetricsSnapshot snapshot() const = 0;

  /// The newest records of an edge (Edge::text()), oldest first, with sequence > `after`.
  virtual std::vector<TappedRecord> records(std::string_view edge, std::size_t most,
                                            std::uint64_t after = 0) const = 0;
  virtual std::vector<DeadLetter> deadLetters(std::size_t most, std::int64_t after = 0) const = 0;
  /// A profile as JSON value; nil if there is none.
  virtual Result<record::OwnedValue> profile(std::string_view connection,
                                             std::string_view key) const = 0;
};

}  // namespace freshet::host
