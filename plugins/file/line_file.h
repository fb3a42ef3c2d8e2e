// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace freshet::file {

/// A file of lines that can be taken back to a mark, so that each line is written exactly once
/// across crashes. One thread.
class LineFile {
 public:
  LineFile() = default;
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile();

  /// `mark`: what sync() returned last, or empty at a first start. What stands behind it is cut
  /// off. At a first start the file is begun anew; what was there is kept as PATH.before, once.
  Status open(const std::string& path, std::string_view mark);
  Status add(std::string_view line);
  /// Everything added is on disk.
  Result<std::string> sync();
  /// Takes back what was added since the last sync.
  void undo();

 private:
  Status begin();
  Status flush();

  std::string m_path;
  int m_file = -1;
  std::int64_t m_synced = 0;  ///< length
  std::int64_t m_length = 0;
  std::string m_buffer;  ///< not yet written
};

}  // namespace freshet::file
