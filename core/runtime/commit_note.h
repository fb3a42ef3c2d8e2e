// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace freshet::runtime {

/// What a lane keeps beside the position of a partition in the source's own store, so that after a
/// crash anybody can tell which groups were committed. Every owner of the partition hands the marks
/// of the others on. Text: "tick writer=mark writer=mark", at most 3.5 KB: the oldest marks go.
struct CommitNote {
  static CommitNote parse(std::string_view text);
  std::string text() const;

  /// This writer's group `mark`, or a later one, is committed.
  bool holds(std::string_view writer, std::uint64_t mark) const;
  void set(std::string_view writer, std::uint64_t mark);
  /// The writer's last mark; 0: none.
  std::uint64_t markOf(std::string_view writer) const;

  std::uint64_t tick = 0;  ///< groups committed at this position without moving it (timers)
  std::vector<std::pair<std::string, std::uint64_t>> marks;  ///< newest last
};

}  // namespace freshet::runtime
