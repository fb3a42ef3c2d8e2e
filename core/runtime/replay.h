// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "core/runtime/outcome.h"
#include "core/runtime/recording.h"

namespace freshet::runtime {

struct ReplaySettings {
  double speed = 0;       ///< of the clock of the recording; 0: as fast as the machine can
  std::size_t batch = 0;  ///< events a batch; 0: as recorded
  const std::atomic<int>* interrupts = nullptr;  ///< ends early when it is not 0
};

/// What a recording led to: the same bytes each time.
struct Replayed {
  Outcome outcome;
  std::map<std::string, std::string> state;  ///< hash of keyed state and timers, by shard
  std::map<std::string, std::map<std::string, std::string>> profiles;  ///< written, by connection
  std::uint64_t events = 0;
  std::uint64_t withoutSource = 0;    ///< events of a source that this pipeline does not have
  std::uint64_t unknownProfiles = 0;  ///< reads that the recording has no answer to
};

/// Puts a recording through a pipeline by hand, lane by lane: nothing is reached, nothing is sent.
Result<Replayed> replay(const Recording& recording, std::shared_ptr<const Topology> topology,
                        const stage::TypeLookup& types, const ReplaySettings& settings);

/// The project as it was recorded, its files written into `folder`.
Result<pipeline::Project> unpackProject(const RecordingHead& head, const std::string& folder);

/// The whole of it as JSON lines in a fixed order: what arrived by sink, routes, dead letters,
/// profiles, state, counts.
void writeOutcome(const Replayed& replayed, const std::function<void(std::string_view)>& print);

}  // namespace freshet::runtime
