// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/diagnostic.h"

#include <algorithm>

#include "core/liquid/unicode.h"

namespace freshet::liquid {

std::string Diagnostic::where() const {
  std::string out = file;
  if (!out.empty()) out += ':';
  return out + std::to_string(place.line) + ':' + std::to_string(place.column);
}

std::string Diagnostic::text() const {
  std::string out =
      where() + ": " + (severity == Severity::Error ? "error: " : "warning: ") + message;
  out += "\n  " + sourceLine + "\n  " + std::string(place.column - 1, ' ');
  out += std::string(std::max(1U, place.endColumn - place.column), '^');
  if (!hint.empty()) out += "\n  " + hint;
  return out;
}

std::string_view lineAt(std::string_view source, std::size_t offset) {
  offset = std::min(offset, source.size());
  const std::size_t before = offset == 0 ? std::string_view::npos : source.rfind('\n', offset - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  std::string_view line = source.substr(start, source.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Place placeOf(std::string_view source, std::size_t offset, std::size_t length) {
  offset = std::min(offset, source.size());
  const std::string_view line = lineAt(source, offset);
  const auto start = static_cast<std::size_t>(line.data() - source.data());
  Place place;
  place.line = static_cast<std::uint32_t>(
      1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(start), '\n'));
  const std::size_t inLine = std::min(offset - start, line.size());
  place.column = static_cast<std::uint32_t>(1 + lengthOf(line.substr(0, inLine)));
  const std::string_view marked = line.substr(inLine, length);
  place.endColumn =
      place.column + static_cast<std::uint32_t>(std::max<std::size_t>(1, lengthOf(marked)));
  return place;
}

}  // namespace freshet::liquid
