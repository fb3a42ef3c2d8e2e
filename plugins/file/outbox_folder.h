// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace freshet::file {

/// A folder of e-mails: the newest 1,000 as .eml files, older ones in mbox segments of 64 MiB.
/// Exactly once across crashes: `add` returns a mark; opening with a stored mark undoes whatever
/// was done after it. One thread.
class OutboxFolder {
 public:
  static constexpr std::size_t kNewest = 1000;

  /// An empty mark: a new start; messages that this class wrote before are removed.
  Status open(const std::filesystem::path& folder, std::string_view mark);
  /// `later`: how many more come with this delivery. What they would push out goes into a segment
  /// at once.
  Status add(std::int64_t sequence, std::string_view id, std::string_view message,
             std::size_t later);
  /// Everything added is on disk; the mark to come back to.
  Result<std::string> sync();
  /// The mark of the last sync is stored: removes the files that are in a segment by now.
  void settled();

 private:
  struct Mark {
    std::int64_t last = 0;     ///< newest sequence that was added
    std::int64_t evicted = 0;  ///< newest sequence that is in a segment
    std::int64_t segment = 1;
    std::int64_t length = 0;  ///< of that segment
  };
  std::filesystem::path segmentPath(std::int64_t segment) const;
  Status evictDownTo(std::size_t files);
  Status append(std::int64_t sequence, std::string_view message);
  Status undo();

  std::filesystem::path m_folder;
  Mark m_mark;
  std::deque<std::pair<std::int64_t, std::filesystem::path>> m_files;
  std::vector<std::filesystem::path> m_superfluous;
};

}  // namespace freshet::file
