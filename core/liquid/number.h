// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/liquid/values.h"

namespace freshet::liquid {

__extension__ typedef __int128 Wide;

/// A number as Liquid calculates with it: an integer (saturating) or an exact decimal,
/// coefficient × 10^exponent, that becomes a double again at the end.
struct Number {
  bool isInteger = true;
  Wide coefficient = 0;
  std::int32_t exponent = 0;
  /// What a coefficient cannot say.
  enum class Shape : std::uint8_t { Finite, MinusZero, Infinity, MinusInfinity, NotANumber };
  Shape shape = Shape::Finite;

  static Number of(std::int64_t value) { return {true, value, 0, Shape::Finite}; }
  bool isFinite() const { return shape == Shape::Finite || shape == Shape::MinusZero; }
  Value value() const;
};

/// Ruby Liquid's to_number: anything that is no number is 0.
Number toNumber(const Value& value);
/// Ruby's Float#to_i, at the ends of the range for what lies beyond it.
std::int64_t truncated(double value);
/// Ruby's String#to_i.
std::int64_t leadingInteger(std::string_view text);
/// Ruby's Integer(text); empty if that would raise.
std::optional<std::int64_t> strictInteger(const Value& value);

enum class Arithmetic : std::uint8_t { Plus, Minus, Times, Divide, Modulo };
/// Empty when dividing an integer by zero; a decimal becomes infinite.
std::optional<Number> calculate(Arithmetic operation, const Number& a, const Number& b);
int compareNumbers(const Number& a, const Number& b);

enum class Rounding : std::uint8_t { Nearest, Up, Down, Truncate };
/// Rounded at `digits` behind the point (negative: before it); half away from zero.
Number rounded(const Number& number, std::int64_t digits, Rounding rounding);

}  // namespace freshet::liquid
