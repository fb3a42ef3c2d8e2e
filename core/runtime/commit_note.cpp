// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/commit_note.h"

#include <algorithm>
#include <charconv>

namespace freshet::runtime {
namespace {

// A broker takes 4096 bytes beside an offset unless it is told otherwise.
constexpr std::size_t kMostBytes = 3500;

std::uint64_t numberIn(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

CommitNote CommitNote::parse(std::string_view text) {
  CommitNote note;
  for (bool isFirst = true; !text.empty(); isFirst = false) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const std::size_t equals = word.rfind('=');
    if (isFirst && equals == std::string_view::npos) note.tick = numberIn(word);
    if (equals != std::string_view::npos)
      note.set(word.substr(0, equals), numberIn(word.substr(equals + 1)));
  }
  return note;
}

std::string CommitNote::text() const {
  std::size_t size = 0;
  auto first = marks.end();
  while (first != marks.begin()) {
    size += std::prev(first)->first.size() + 22;
    if (size > kMostBytes) break;
    --first;
  }
  std::string out = std::to_string(tick);
  for (; first != marks.end(); ++first)
    out.append(" ").append(first->first).append("=").append(std::to_string(first->second));
  return out;
}

std::uint64_t CommitNote::markOf(std::string_view writer) const {
  const auto found =
      std::ranges::find(marks, writer, &std::pair<std::string, std::uint64_t>::first);
  return found == marks.end() ? 0 : found->second;
}

bool CommitNote::holds(std::string_view writer, std::uint64_t mark) const {
  return std::ranges::any_of(
      marks, [&](const auto& entry) { return entry.first == writer && entry.second >= mark; });
}

void CommitNote::set(std::string_view writer, std::uint64_t mark) {
  std::erase_if(marks, [&](const auto& entry) { return entry.first == writer; });
  marks.emplace_back(writer, mark);
}

}  // namespace freshet::runtime
