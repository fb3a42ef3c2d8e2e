// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/json_number.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace freshet::record {
namespace {

// Doubles hold these exactly, so one multiplication or division rounds once and rightly.
constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
constexpr std::ptrdiff_t kMostDigits = 18;  // always fit in 63 bits
constexpr std::ptrdiff_t kHugeDigits = 300;

bool isDigit(char c) {
  return static_cast<unsigned char>(c - '0') < 10;
}

/// The exact way for what is long or far from 1.
const char* readDouble(const char* from, const char* end, bool isTiny, Value& to) {
  double number = 0;
  if (std::from_chars(from, end, number).ec == std::errc::result_out_of_range) {
    if (!isTiny) return "a number is too large";
    number = *from == '-' ? -0.0 : 0.0;
  }
  to = Value(number);
  return nullptr;
}

}  // namespace

const char* readJsonNumber(const char*& text, Value& to) {
  const char* const from = text;
  const bool isNegative = *text == '-';
  if (isNegative) ++text;
  const char* const digits = text;
  std::uint64_t mantissa = 0;
  while (isDigit(*text)) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*text++ - '0');
  const std::ptrdiff_t whole = text - digits;
  if (whole == 0) return "a number has no digits";
  if (*digits == '0' && whole > 1) return "a number begins with 0";
  if (*text != '.' && *text != 'e' && *text != 'E') {
    if (whole <= kMostDigits) [[likely]] {
      const auto number = static_cast<std::int64_t>(mantissa);
      to = Value(isNegative ? -number : number);
      return nullptr;
    }
    std::int64_t number = 0;
    if (std::from_chars(from, text, number).ec != std::errc()) {
      return readDouble(from, text, false, to);
    }
    to = Value(number);
    return nullptr;
  }
  std::ptrdiff_t fraction = 0;
  if (*text == '.') {
    const char* const point = ++text;
    while (isDigit(*text)) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*text++ - '0');
    fraction = text - point;
    if (fraction == 0) return "a number has no digits behind its point";
  }
  std::int64_t exponent = 0;
  bool isSmall = false;
  if (*text == 'e' || *text == 'E') {
    ++text;
    isSmall = *text == '-';
    if (*text == '-' || *text == '+') ++text;
    const char* const first = text;
    while (isDigit(*text)) {
      if (exponent < 100'000) exponent = exponent * 10 + (*text - '0');
      ++text;
    }
    if (text == first) return "a number has no digits in its exponent";
    if (isSmall) exponent = -exponent;
  }
  exponent -= fraction;
  if (whole + fraction <= kMostDigits && mantissa <= kExact && exponent >= -22 && exponent <= 22)
      [[likely]] {
    const auto exact = static_cast<double>(mantissa);
    const double number = exponent < 0 ? exact / kPowers[static_cast<std::size_t>(-exponent)]
                                       : exact * kPowers[static_cast<std::size_t>(exponent)];
    to = Value(isNegative ? -number : number);
    return nullptr;
  }
  const bool isBelowOne = *digits == '0' && exponent <= -fraction;
  return readDouble(from, text, isBelowOne || (isSmall && whole < kHugeDigits), to);
}

}  // namespace freshet::record
