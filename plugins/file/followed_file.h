// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "plugins/file/line_input.h"

namespace freshet::file {

/// A file that is followed while it is renamed and begun anew, emptied, or away for a while. Its
/// records are numbered through all of its lives; a journal beside the state says which file had
/// which numbers, so that a restart finds its place again. One thread.
class FollowedFile {
 public:
  /// `journal` is empty in a dry run. `from`: the number of the first record that is wanted.
  Status open(const std::string& path, LineInput::Shape shape, const std::string& journal,
              std::int64_t from);
  Result<LineInput::Next> next(std::string_view& record);
  /// The number of the record that `next` returned last.
  std::int64_t number() const { return m_next - 1; }
  /// The record that `next` returned last is the first of its file.
  bool isFirst() const { return m_isFirst; }
  static Status forget(const std::string& journal);

 private:
  /// A file as the journal knows it: its first bytes tell it from another with the same inode.
  struct Life {
    std::int64_t base = 0;
    std::string identity;
    std::uint64_t size = 0;
    std::string hash;
  };

  Status read(const std::string& journal);
  Status find(const Life& life);
  Status begin(const std::string& path);
  Status note();
  bool isOver();
  Result<bool> goOn();

  std::string m_path, m_journal;
  LineInput::Shape m_shape = LineInput::Shape::Lines;
  std::vector<Life> m_lives;
  std::vector<std::string>
      m_waiting;  ///< later files that a restart has still to read, oldest first
  std::unique_ptr<LineInput> m_input;
  std::int64_t m_next = 0;
  std::int64_t m_base = 0;       ///< number of the current file's first record
  std::int64_t m_renamedNs = 0;  ///< when the path was first seen to be another file
  bool m_isNoted = false;
  bool m_isFirst = false;
};

}  // namespace freshet::file
