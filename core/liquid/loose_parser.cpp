// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>

#include "core/liquid/expression_parser.h"

namespace freshet::liquid {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool isInteger(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty()) return false;
  for (const char c : text) {
    if (!isDigit(c)) return false;
  }
  return true;
}

// -?\d[\d.]+, of which the part before a second point counts.
bool isFloat(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() < 2 || !isDigit(text[0])) return false;
  for (const char c : text) {
    if (!isDigit(c) && c != '.') return false;
  }
  return true;
}

struct Part {
  std::string_view text;
  bool isBracket = false;
};

// "[…]" with nested brackets, or a run of word characters.
bool nextPart(std::string_view text, std::size_t& at, Part& part) {
  for (; at < text.size(); ++at) {
    if (text[at] == '[') {
      int depth = 0;
      for (std::size_t end = at; end < text.size(); ++end) {
        if (text[end] == '[') ++depth;
        if (text[end] == ']' && --depth == 0) {
          part = {text.substr(at + 1, end - at - 1), true};
          at = end + 1;
          return true;
        }
      }
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && (isWord(text[end]) || text[end] == '-')) ++end;
    if (end == at) continue;
    if (end < text.size() && text[end] == '?') ++end;
    part = {text.substr(at, end - at), false};
    at = end;
    return true;
  }
  return false;
}

bool splitRange(std::string_view text, std::string_view& first, std::string_view& last) {
  if (!text.starts_with('(') || !text.ends_with(')')) return false;
  text = text.substr(1, text.size() - 2);
  const std::size_t dots = text.rfind("..");
  if (dots == std::string_view::npos) return false;
  first = trimBoth(text.substr(0, dots));
  last = trimBoth(text.substr(dots + 2));
  return !first.empty() && !last.empty();
}

}  // namespace

Operand looseOperand(Program& program, ParseObserver& observer, std::string_view fragment,
                     bool isComparison, int depth) {
  const std::string_view text = trimBoth(fragment);
  if (depth > 100) return {};
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    return program.textConstant(text.substr(1, text.size() - 2));
  }
  bool isLiteral = false;
  const Operand literal = literalOperand(program, text, isComparison, isLiteral);
  if (isLiteral) return literal;
  if (isInteger(text)) {
    std::int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc::result_out_of_range) value = text[0] == '-' ? INT64_MIN : INT64_MAX;
    return program.constant(Value(value));
  }
  std::string_view first;
  std::string_view last;
  if (splitRange(text, first, last)) {
    const Operand from = looseOperand(program, observer, first, false, depth + 1);
    const Operand to = looseOperand(program, observer, last, false, depth + 1);
    return program.range(from, to);
  }
  if (isFloat(text)) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return program.constant(Value(value));
  }
  std::size_t at = 0;
  Part part;
  if (!nextPart(text, at, part)) return {};
  Path path;
  if (part.isBracket) {
    path.root = looseOperand(program, observer, part.text, false, depth + 1);
    path.isDynamicRoot = true;
  } else {
    path.root = {Operand::Name, program.names.intern(part.text)};
  }
  std::vector<Segment> segments;
  while (nextPart(text, at, part)) {
    Segment segment;
    if (part.isBracket) {
      segment.dynamic = looseOperand(program, observer, part.text, false, depth + 1);
      segment.isDynamic = true;
    } else {
      segment.key = program.literals.copy(part.text);
      segment.command = commandOf(part.text);
    }
    segments.push_back(segment);
  }
  path.first = static_cast<std::uint32_t>(program.segments.size());
  path.count = static_cast<std::uint16_t>(segments.size());
  for (Segment& segment : segments) program.segments.push_back(segment);
  observer.onPath(path, text);
  if (segments.empty() && !path.isDynamicRoot) return path.root;
  program.paths.push_back(path);
  return {Operand::Path, program.paths.size() - 1};
}

}  // namespace freshet::liquid
