// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/record/owned_value.h"
#include "core/record/record.h"

namespace freshet::stage {

struct StateKey {
  std::uint32_t shard = 0;
  std::string_view key;
};

/// State of one node by key, kept in checkpoints. Bytes are the node's own format and should begin
/// with a version. Values returned stay valid until the next put of the same key.
class KeyedState {
 public:
  virtual ~KeyedState() = default;
  /// values[i] is null where the key has no state.
  virtual Status get(std::span<const StateKey> keys, std::span<std::string_view> values) = 0;
  virtual void put(const StateKey& key, std::string_view bytes) = 0;
  virtual void remove(const StateKey& key) = 0;
  /// One timer a key, in event time; setting it again moves it.
  virtual void setTimer(const StateKey& key, TimeMs atMs) = 0;
  virtual void clearTimer(const StateKey& key) = 0;
};

/// Profiles of one connection as this batch sees them: fetched once a batch for all keys, then read
/// and written record by record in order. What was set is flushed by the lane after the batch.
class ProfileView {
 public:
  virtual ~ProfileView() = default;
  /// Brings in the keys of a batch with one round trip; known ones cost nothing.
  virtual Status fetch(std::span<const std::string_view> keys, Arena& arena) = 0;
  /// The profile after all writes so far; nil if there is none. The key must have been fetched.
  virtual record::Value read(std::string_view key) = 0;
  /// Replaces the profile; `by` is the record that caused it (for the version guard). `profile` is
  /// copied if it must outlive the batch.
  virtual Status write(std::string_view key, const record::Value& profile,
                       const record::Origin& by) = 0;
};

/// Files of the project, and the folder it may write to.
class Files {
 public:
  virtual ~Files() = default;
  /// Path relative to the project; it may not leave the project.
  virtual Result<std::string> read(std::string_view path) = 0;
  virtual std::string projectFolder() const = 0;
};

/// How the outside is reached. A plugin brings its own kinds; each has a live and an inert form.
class Capability {
 public:
  virtual ~Capability() = default;
};

enum class Mode { Live, Inert };

/// What a stage is handed: its name, time, chance, state and capabilities. A stage reaches nothing
/// else: no clock, environment or socket of its own. Lane's thread only.
class StageContext {
 public:
  virtual ~StageContext() = default;

  virtual const std::string& nodeId() const = 0;
  /// The pipeline's name.
  virtual const std::string& pipeline() const = 0;
  /// The place that an event has in this and every later run: "source/partition/offset". A timer's
  /// record has the place of the event that it kept, and the timer's time. Valid until the next
  /// call.
  virtual std::string_view placeOf(const record::Origin& origin) = 0;
  /// Which of a group of workers this process is (`--slot`), the same after every restart; empty:
  /// the only one.
  virtual std::string_view slot() const { return {}; }
  virtual int lane() const = 0;
  virtual int lanes() const = 0;
  virtual Mode mode() const = 0;
  /// Old events on purpose, beside a live run perhaps, which this one must not disturb.
  virtual bool isBackfill() const { return false; }
  /// The topology's section names by slot: how long a new record's `sections` must be, and how a
  /// stage that keeps records in its state finds their sections again after the graph has changed.
  virtual std::span<const std::string> sections() const = 0;
  /// The run's clock: wall time, or virtual time under --speed max.
  virtual TimeMs nowMs() const = 0;
  /// The same clock for a source that listens on threads of its own, under no --speed max; it may
  /// outlive the context.
  virtual std::shared_ptr<const Clock> clock() const = 0;
  /// The run's clock when this state was first started; the same after every restart.
  virtual TimeMs startedMs() const = 0;
  virtual std::uint64_t seed() const = 0;
  /// Deterministic for (seed, node, lane).
  virtual std::uint64_t random() = 0;
  virtual KeyedState& state() = 0;
  virtual Result<ProfileView*> profiles(std::string_view connection) = 0;
  virtual Files& files() = 0;
  /// The capability `kind` for a connection of the pipeline ("" where it needs none), made once a
  /// process and shared by lanes: implementations are thread-safe.
  virtual Result<std::shared_ptr<Capability>> capability(std::string_view kind,
                                                         std::string_view connection) = 0;
  /// Where a source may keep what it has accepted but not yet handed over (a folder of its own
  /// below it); empty in a dry run, which leaves nothing behind.
  virtual std::string stateFolder() const { return {}; }
  /// To be called at least every 100 ms while a stage waits for the outside.
  virtual void service() = 0;
  /// The time for what is under way is over (the run drains, or the partitions are wanted
  /// elsewhere): whoever waits returns what kept it.
  virtual bool isWaitOver() const { return false; }
};

}  // namespace freshet::stage
