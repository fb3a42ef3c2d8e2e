// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/profile/sqlite.h"
#include "core/record/record.h"

namespace freshet::runtime {

/// A dead letter as it is stored: an event that a step could not process, as it arrived.
struct StoredDead {
  std::int64_t id = 0;  ///< 0: a new one
  std::string node;
  std::string code;
  std::string message;
  std::string pointer;
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  TimeMs atMs = 0;  ///< when it failed last, by the run's clock
  std::string bytes;
  std::string shard;  ///< "source-node/partition"
  std::string key;
  std::string headers;   ///< packHeaders
  std::string sections;  ///< JSON of what steps had added; empty: it goes on from its source
  TimeMs timeMs = 0;     ///< event time
  TimeMs arrivedMs = 0;
  std::string pipeline;   ///< logic hash of what refused it
  std::string schema;     ///< "path@hash" of the schema that refused it
  bool isTimers = false;  ///< made by a timer of the event that it keeps
  std::int64_t attempts = 1;
  TimeMs firstMs = 0;       ///< when it failed first
  std::int64_t ticket = 0;  ///< its place among those that go round again; 0: it rests
  bool isArmed = false;     ///< it may reach people
  bool isWhole = false;     ///< through every step, from its source
};

std::string packHeaders(std::span<const record::Header> headers);
std::vector<record::Header> unpackHeaders(std::string_view packed);

/// Which letters; what is empty counts for all.
struct LetterFilter {
  std::vector<std::int64_t> ids;
  std::string node;
  std::string code;
};

/// The table of dead letters in the database of a run's state. Methods that change it are called
/// inside a transaction with the database's mutex held; those that read take the mutex themselves.
class DeadLetters {
 public:
  explicit DeadLetters(profile::Database& database) : m_db(database) {}
  /// Makes the table, or brings an older one up to date.
  Status prepare();

  /// A new one, or the one with this id again.
  Status put(const StoredDead& letter);
  Status remove(std::int64_t id);
  /// Has them go round again, in the order of steps and ids; those that already do stay in place.
  Result<std::int64_t> queue(const LetterFilter& filter, bool isArmed, bool isWhole);
  Result<std::int64_t> drop(const LetterFilter& filter);
  /// To be called after the transaction: there may be others to go round again.
  void settled();

  /// The newest `most` with an id over `after`, oldest first.
  Result<std::vector<StoredDead>> newest(const LetterFilter& filter, std::size_t most,
                                         std::int64_t after);
  /// Those that go round again, by ticket, from `after` on.
  Result<std::vector<StoredDead>> queued(std::int64_t after, std::size_t most);
  /// Changes whenever letters were queued.
  std::uint64_t round() const { return m_round.load(std::memory_order_acquire); }

 private:
  Result<std::vector<StoredDead>> read(profile::Statement& select);

  profile::Database& m_db;
  profile::Statement m_put, m_remove;
  std::atomic<std::uint64_t> m_round{1};
};

}  // namespace freshet::runtime
