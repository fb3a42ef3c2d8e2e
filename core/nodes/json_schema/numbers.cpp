// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/numbers.h"

#include <array>
#include <charconv>
#include <cmath>

namespace freshet::nodes::json_schema {
namespace {

using record::Value;
__extension__ typedef unsigned __int128 Wide;

/// magnitude × 10^exponent
struct Decimal {
  std::uint64_t magnitude = 0;
  int exponent = 0;
};

Decimal decimal(const Value& number) {
  if (number.isInt()) {
    const auto bits = static_cast<std::uint64_t>(number.asInt());
    return {number.asInt() < 0 ? 0 - bits : bits, 0};
  }
  std::array<char, 32> text;
  const auto written = std::to_chars(text.data(), text.data() + text.size(),
                                     std::fabs(number.asFloat()), std::chars_format::scientific);
  Decimal out;
  const char* at = text.data();
  bool isBehindPoint = false;
  for (; at != written.ptr && *at != 'e'; ++at) {
    if (*at == '.') {
      isBehindPoint = true;
      continue;
    }
    out.magnitude = out.magnitude * 10 + static_cast<std::uint64_t>(*at - '0');
    if (isBehindPoint) --out.exponent;
  }
  int exponent = 0;
  if (at != written.ptr) {
    at += at[1] == '+' ? 2 : 1;
    std::from_chars(at, written.ptr, exponent);
  }
  out.exponent += exponent;
  return out;
}

std::uint64_t powerModulo(int exponent, std::uint64_t modulus) {
  Wide result = 1 % modulus;
  Wide base = 10 % modulus;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return static_cast<std::uint64_t>(result);
}

}  // namespace

std::partial_ordering compareNumbers(const Value& a, const Value& b) {
  if (a.isInt() && b.isInt()) return a.asInt() <=> b.asInt();
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  const auto isExact = [](const Value& value) {
    return value.isFloat() || (value.asInt() <= kExact && value.asInt() >= -kExact);
  };
  if (isExact(a) && isExact(b)) return a.number() <=> b.number();
  // 64 bits of mantissa hold both.
  const auto wide = [](const Value& value) {
    return value.isInt() ? static_cast<long double>(value.asInt())
                         : static_cast<long double>(value.asFloat());
  };
  return wide(a) <=> wide(b);
}

bool isWhole(const Value& number) {
  return number.isInt() || (number.isFloat() && std::trunc(number.asFloat()) == number.asFloat());
}

bool isMultiple(const Value& number, const Value& of) {
  const Decimal value = decimal(number);
  const Decimal unit = decimal(of);
  if (value.magnitude == 0) return true;
  if (unit.magnitude == 0) return false;
  const int shift = value.exponent - unit.exponent;
  if (shift >= 0) {
    return Wide{value.magnitude % unit.magnitude} * powerModulo(shift, unit.magnitude) %
               unit.magnitude ==
           0;
  }
  Wide scaled = unit.magnitude;
  for (int i = shift; i < 0; ++i) {
    if (scaled > value.magnitude) return false;
    scaled *= 10;
  }
  return value.magnitude % scaled == 0;
}

}  // namespace freshet::nodes::json_schema
