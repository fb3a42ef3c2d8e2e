// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct gzFile_s;

namespace freshet::file {

/// A text file, read forwards in records that end with a line end: lines, or rows of CSV in which a
/// line end may stand between quotes. Plain or gzip. One thread.
class LineInput {
 public:
  enum class Shape { Lines, Csv };
  /// What is longer is cut; the rest of the record is skipped.
  static constexpr std::size_t kMostRecord = 16 << 20;

  LineInput() = default;
  LineInput(const LineInput&) = delete;
  LineInput& operator=(const LineInput&) = delete;
  ~LineInput();

  /// `follows`: an end is not final, more may be written behind it.
  Status open(const std::string& path, Shape shape, bool follows);
  enum class Next { Record, End, Wait };
  /// The next record without its line end (CRLF or LF); empty lines are left out. What stands
  /// behind the last line end is a record at the end of a file that is not followed.
  Result<Next> next(std::string_view& record);

 private:
  Result<bool> fill();
  bool takeRecord(std::string_view& record);
  Status checkFollowed() const;

  std::string m_path;
  Shape m_shape = Shape::Lines;
  bool m_follows = false;
  gzFile_s* m_gzip = nullptr;
  int m_file = -1;
  std::uint64_t m_inode = 0;
  std::uint64_t m_read = 0;  ///< bytes taken from a plain file
  std::string m_buffer;
  std::size_t m_at = 0;       ///< where the next record begins
  std::size_t m_scanned = 0;  ///< up to where its end was looked for
  bool m_isQuoted = false;    ///< at m_scanned
  bool m_isSkipping = false;  ///< the rest of a record that is too long
  bool m_isStart = true;
  bool m_isEnded = false;
};

}  // namespace freshet::file
