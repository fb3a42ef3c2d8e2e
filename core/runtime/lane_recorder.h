// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/profile/profile_store.h"
#include "core/runtime/dead_letters.h"
#include "core/runtime/recording.h"

namespace freshet::runtime {

/// Records one lane: what it is given (shards with their state, events, watermarks, letters) and
/// what the outside answers (profiles, refusals). Nothing else reaches a lane, so a lane that is
/// given the same does the same. Lane's thread only.
class LaneRecorder {
 public:
  LaneRecorder(std::shared_ptr<RecordingWriter> writer, int lane)
      : m_writer(std::move(writer)),
        m_block(RecordingWriter::beginBlock(lane)),
        m_empty(m_block.size()) {}

  /// `snapshot` is Lane::snapshot: watermark, keyed state and timers.
  void shardOpened(std::string_view name, std::string_view snapshot);
  void shardDropped(std::string_view name);
  void batch(std::string_view source, std::span<record::Origin* const> events);
  void watermark(std::string_view shard, TimeMs to, TimeMs nowMs);
  void letters(std::span<const StoredDead> letters);
  void refused(const StoredDead& letter);

  /// Reads and writes through; what it reads is recorded when this lane did not know it.
  std::shared_ptr<profile::ProfileStore> watch(const std::string& connection,
                                               std::shared_ptr<profile::ProfileStore> store);

  /// Writes what has gathered if it is much, or `always`.
  Status flush(bool always);

 private:
  class Store;
  void put(RecordedStep::Kind kind);

  std::shared_ptr<RecordingWriter> m_writer;
  TimeMs m_nowMs = 0;
  std::string m_block;
  std::size_t m_empty;  ///< the size of a block without steps
  std::string m_body;   ///< of the step being made
};

/// The bodies of steps, as they are read again.
struct RecordedEvent {
  std::string_view bytes;
  std::string_view key;
  std::vector<record::Header> headers;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  TimeMs timeMs = 0;
  bool isWithheld = false;
};
struct RecordedBatch {
  std::string_view source;
  TimeMs arrivedMs = 0;
  std::vector<RecordedEvent> events;
};
struct RecordedProfile {
  std::string_view connection;
  std::string_view key;
  std::string_view json;
  std::vector<profile::AppliedPosition> applied;
};
RecordedBatch readBatch(std::string_view body);
RecordedProfile readProfile(std::string_view body);
std::vector<StoredDead> readLetters(std::string_view body);

}  // namespace freshet::runtime
