// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/liquid/scratch.h"

namespace freshet::liquid {

/// One application of a filter. What it returns lives in the scratch arena or in its input. Options
/// (`allow_false: true`) are one more argument, an object, as in the reference.
struct FilterCall {
  Value input;
  std::span<const Value> args;
  Scratch& scratch;

  Value arg(std::size_t index) const { return index < args.size() ? args[index] : Value(); }
  std::string_view text() { return scratch.textOf(input); }
  std::string_view argText(std::size_t index) { return scratch.textOf(arg(index)); }
  Value fail(std::string_view message) { return scratch.fail(message); }
};

/// More no filter takes.
inline constexpr std::size_t mostArguments = 7;

using FilterFunction = Value (*)(FilterCall&);

/// A filter by name: pure, called from any thread that renders.
struct Filter {
  std::string name;
  FilterFunction function = nullptr;
  std::uint8_t leastArgs = 0;
  std::uint8_t mostArgs = 0;
  /// The result is already safe in HTML (escape, raw).
  bool isSafe = false;
  /// The same input may give something else another time: not folded while compiling.
  bool readsClock = false;
};

}  // namespace freshet::liquid
