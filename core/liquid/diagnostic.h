// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::liquid {

enum class Severity : std::uint8_t { Error, Warning };

/// A place in a template: 1-based line and column (in characters).
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t endColumn = 1;
};

/// What is wrong with a template, where, and what to do. Codes are stable:
/// E-4001 syntax, E-4002 tag, E-4003 filter, E-4004 partial, E-4005 arguments, E-4006 size.
struct Diagnostic {
  std::string code;
  Severity severity = Severity::Error;
  std::string message;
  std::string hint;
  std::string file;
  Place place;
  std::string sourceLine;

  /// "file:line:col".
  std::string where() const;
  /// Place, message, source line with a marker, hint: for a terminal.
  std::string text() const;
};

/// Line and column of a byte offset in `source`.
Place placeOf(std::string_view source, std::size_t offset, std::size_t length);
std::string_view lineAt(std::string_view source, std::size_t offset);

}  // namespace freshet::liquid
