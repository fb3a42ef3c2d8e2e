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
  /// The open file holds less than was read of it: somebody has emptied it.
  bool isShortened() const;
  /// "DEVICE:INODE" of the open file.
  std::string identity() const { return m_identity; }
  /// The first bytes of the open file, up to `most`; of compressed ones unpacked.
  std::string head(unsigned most) const;
  static std::string headOf(const std::string& path, unsigned most);
  /// Nothing more will be written behind its end.
  void stopFollowing() { m_follows = false; }

 private:
  Result<bool> fill();
  bool takeRecord(std::string_view& record);

  std::string m_path;
  Shape m_shape = Shape::Lines;
  bool m_follows = false;
  gzFile_s* m_gzip = nullptr;
  int m_file = -1;
  std::string m_identity;
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
