// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/record/record.h"

namespace freshet::runtime {

/// What a recording says of the run it was made of.
struct RecordingHead {
  std::string pipelineFile;
  std::string logicHash;
  std::uint64_t seed = 1;
  TimeMs startedMs = 0;
  /// Files of the project by path: the pipeline with its overlay applied, and all it refers to.
  std::map<std::string, std::string> files;
};

/// A step of a recorded lane. Views point into the recording.
struct RecordedStep {
  /// What is in it: see `append…` of LaneRecorder, which writes them.
  enum class Kind : char {
    ShardOpened = 'S',
    ShardDropped = 'X',
    Batch = 'B',
    Watermark = 'W',
    Profile = 'P',
    Letters = 'L',
    Refused = 'R',
  };
  Kind kind = Kind::Batch;
  int lane = 0;
  TimeMs atMs = 0;
  std::string_view body;
};

/// A recording is one file: "FRRC", a version, then blocks of length, CRC-32 and bytes. The first
/// block is the head, each other a number of steps of one lane. Any thread.
class RecordingWriter {
 public:
  /// Refuses a file that is there already.
  static Result<std::shared_ptr<RecordingWriter>> create(const std::string& path,
                                                         const RecordingHead& head);
  ~RecordingWriter();

  /// A block begins with room for its head; then come whole steps, by putStep.
  static std::string beginBlock(int lane);
  /// Fills in the head.
  Status append(std::string& block);

 private:
  RecordingWriter(int file, std::string path) : m_file(file), m_path(std::move(path)) {}
  Status write(std::string_view block);

  int m_file;
  std::string m_path;
  std::mutex m_mutex;
};

void putStep(RecordedStep::Kind kind, TimeMs atMs, std::string_view body, std::string& out);

/// A recording as it lies on disk, mapped. What was torn off at the end of the last block is cut.
class Recording {
 public:
  static Result<std::shared_ptr<const Recording>> open(const std::string& path);
  ~Recording();

  const RecordingHead& head() const { return m_head; }
  /// Of all lanes, by time; those of a lane in their order.
  const std::vector<RecordedStep>& steps() const { return m_steps; }
  std::size_t cutBytes() const { return m_cutBytes; }

 private:
  Recording() = default;
  Status read(const std::string& path);

  const char* m_mapped = nullptr;
  std::size_t m_size = 0;
  RecordingHead m_head;
  std::vector<RecordedStep> m_steps;
  std::size_t m_cutBytes = 0;
};

}  // namespace freshet::runtime
