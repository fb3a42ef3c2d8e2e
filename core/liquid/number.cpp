// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace freshet::liquid {
namespace {

constexpr int roomyDigits = 37;

Wide powerOfTen(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

int digitsOf(Wide value) {
  int digits = 0;
  if (value > -1'000'000'000 && value < 1'000'000'000) {
    for (auto small = static_cast<std::int32_t>(value); small != 0; small /= 10) ++digits;
    return digits;
  }
  for (; value != 0; value /= 10) ++digits;
  return digits;
}

double toDouble(const Number& number) {
  switch (number.shape) {
    case Number::Shape::Finite:
      break;
    case Number::Shape::MinusZero:
      return -0.0;
    case Number::Shape::Infinity:
      return HUGE_VAL;
    case Number::Shape::MinusInfinity:
      return -HUGE_VAL;
    case Number::Shape::NotANumber:
      return NAN;
  }
  constexpr Wide exact = Wide{1} << 53;
  static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (number.coefficient > -exact && number.coefficient < exact &&
      std::abs(number.exponent) <= 22) {
    const auto whole = static_cast<double>(number.coefficient);
    return number.exponent < 0 ? whole / powers[-number.exponent] : whole * powers[number.exponent];
  }
  char text[64];
  char* at = text + 44;
  const bool isNegative = number.coefficient < 0;
  Wide rest = isNegative ? -number.coefficient : number.coefficient;
  char* end = at;
  *end++ = 'e';
  end = std::to_chars(end, text + sizeof text, number.exponent).ptr;
  do {
    *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  double value = 0;
  const auto result = std::from_chars(at, end, value);
  if (result.ec == std::errc::result_out_of_range) value = number.exponent > 0 ? HUGE_VAL : 0.0;
  return isNegative ? -value : value;
}

Number parseDecimal(std::string_view text) {
  Number number{false, 0, 0, Number::Shape::Finite};
  bool isNegative = false;
  bool isFraction = false;
  int digits = 0;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-' && i == 0) {
      isNegative = true;
    } else if (c == '.') {
      isFraction = true;
    } else if (c >= '0' && c <= '9') {
      if (digits < 36) {
        number.coefficient = number.coefficient * 10 + (c - '0');
        if (number.coefficient != 0) ++digits;
        if (isFraction) --number.exponent;
      } else if (!isFraction) {
        ++number.exponent;
      }
    } else {
      break;
    }
  }
  if (i < text.size() && text[i] == 'e') {
    std::int32_t exponent = 0;
    const char* from = text.data() + i + 1;
    if (from < text.data() + text.size() && *from == '+') ++from;
    std::from_chars(from, text.data() + text.size(), exponent);
    number.exponent += exponent;
  }
  if (isNegative) number.coefficient = -number.coefficient;
  if (isNegative && number.coefficient == 0) number.shape = Number::Shape::MinusZero;
  return number;
}

Number::Shape shapeOf(double value) {
  if (std::isnan(value)) return Number::Shape::NotANumber;
  return value > 0 ? Number::Shape::Infinity : Number::Shape::MinusInfinity;
}

Number fromDouble(double value) {
  // Few decimals are the rule: the first power of ten that makes it whole and back again is its
  // shortest form as long as no more than 15 digits are in play.
  double power = 1;
  for (int decimals = 0; decimals <= 4; ++decimals, power *= 10) {
    const double scaled = value * power;
    if (!(std::fabs(scaled) < 1e15)) break;
    const auto whole =
        static_cast<double>(static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5)));
    if (whole / power != value || (whole == 0 && std::signbit(value))) continue;
    return {false, static_cast<std::int64_t>(whole), -decimals, Number::Shape::Finite};
  }
  if (!std::isfinite(value)) return {false, 0, 0, shapeOf(value)};
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  return parseDecimal({text, static_cast<std::size_t>(end.ptr - text)});
}

bool isNegative(const Number& number) {
  return number.coefficient < 0 || number.shape == Number::Shape::MinusZero;
}

// Both at the smaller exponent; false if that does not fit.
bool align(Number& a, Number& b) {
  if (a.coefficient == 0) a.exponent = b.exponent;
  if (b.coefficient == 0) b.exponent = a.exponent;
  Number& larger = a.exponent > b.exponent ? a : b;
  const std::int32_t exponent = std::min(a.exponent, b.exponent);
  const int shift = larger.exponent - exponent;
  if (shift > 0) {
    if (digitsOf(larger.coefficient) + shift > roomyDigits) return false;
    larger.coefficient *= powerOfTen(shift);
    larger.exponent = exponent;
  }
  return true;
}

std::int64_t saturate(Wide value) {
  return value > INT64_MAX   ? INT64_MAX
         : value < INT64_MIN ? INT64_MIN
                             : static_cast<std::int64_t>(value);
}

Wide floorDivide(Wide a, Wide b) {
  if (a >= 0 && b > 0 && a <= INT64_MAX && b <= INT64_MAX) {
    return static_cast<std::int64_t>(a) / static_cast<std::int64_t>(b);
  }
  const Wide quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Number approximate(Arithmetic operation, double a, double b) {
  switch (operation) {
    case Arithmetic::Plus:
      return fromDouble(a + b);
    case Arithmetic::Minus:
      return fromDouble(a - b);
    case Arithmetic::Times:
      return fromDouble(a * b);
    case Arithmetic::Divide:
      return fromDouble(a / b);
    case Arithmetic::Modulo:
      return fromDouble(a - b * std::floor(a / b));
  }
  return {};
}

Number divide(const Number& a, const Number& b) {
  const int shift = std::max(0, 36 - digitsOf(a.coefficient));
  const Wide scaled = a.coefficient * powerOfTen(shift);
  Wide quotient = scaled / b.coefficient;
  if (scaled % b.coefficient != 0 && quotient % 2 == 0) {
    quotient += (a.coefficient < 0) == (b.coefficient < 0) ? 1 : -1;
  }
  return {false, quotient, a.exponent - b.exponent - shift, Number::Shape::Finite};
}

std::optional<Number> integers(Arithmetic operation, Wide a, Wide b) {
  switch (operation) {
    case Arithmetic::Plus:
      return Number::of(saturate(a + b));
    case Arithmetic::Minus:
      return Number::of(saturate(a - b));
    case Arithmetic::Times:
      return Number::of(saturate(a * b));
    case Arithmetic::Divide:
      if (b == 0) return std::nullopt;
      return Number::of(saturate(floorDivide(a, b)));
    case Arithmetic::Modulo:
      if (b == 0) return std::nullopt;
      return Number::of(saturate(a - b * floorDivide(a, b)));
  }
  return std::nullopt;
}

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (isSpace(text.front()) || text.front() == '\0')) text.remove_prefix(1);
  while (!text.empty() && (isSpace(text.back()) || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// -?\d+\.\d+
bool isDecimalText(std::string_view text) {
  std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t whole = i;
  while (i < text.size() && isDigit(text[i])) ++i;
  if (i == whole || i >= text.size() || text[i] != '.') return false;
  const std::size_t fraction = ++i;
  while (i < text.size() && isDigit(text[i])) ++i;
  return i > fraction && i == text.size();
}

// Digits of `base` with single underscores between them; false if there is something else.
bool parseDigits(std::string_view text, int base, bool isStrict, std::int64_t& out) {
  Wide value = 0;
  bool wasDigit = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    int digit = isDigit(c)             ? c - '0'
                : c >= 'a' && c <= 'z' ? c - 'a' + 10
                : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                                       : 99;
    if (c == '_' && wasDigit && i + 1 < text.size()) {
      wasDigit = false;
      continue;
    }
    if (digit >= base) {
      if (isStrict) return false;
      break;
    }
    wasDigit = true;
    value = std::min<Wide>(value * base + digit, Wide{INT64_MAX} + 1);
  }
  if (isStrict && !wasDigit) return false;
  out = saturate(value);
  return true;
}

}  // namespace

Value Number::value() const {
  if (isInteger) return Value(static_cast<std::int64_t>(coefficient));
  return Value(toDouble(*this));
}

std::int64_t truncated(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 9223372036854775807.0) return INT64_MAX;
  return value <= -9223372036854775808.0 ? INT64_MIN : static_cast<std::int64_t>(value);
}

std::int64_t leadingInteger(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  const bool isNegative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  std::int64_t value = 0;
  parseDigits(text, 10, false, value);
  return isNegative ? -value : value;
}

std::optional<std::int64_t> strictInteger(const Value& value) {
  if (value.isInt()) return value.asInt();
  const Value text = plain(value);
  if (!text.isString()) return std::nullopt;
  std::string_view rest = text.asString();
  while (!rest.empty() && isSpace(rest.front())) rest.remove_prefix(1);
  while (!rest.empty() && isSpace(rest.back())) rest.remove_suffix(1);
  const bool isNegative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  int base = 10;
  if (rest.size() > 1 && rest[0] == '0') {
    const char kind = static_cast<char>(rest[1] | 0x20);
    base = kind == 'x' ? 16 : kind == 'b' ? 2 : kind == 'd' ? 10 : 8;
    rest.remove_prefix(isDigit(rest[1]) || rest[1] == '_' ? 1 : 2);
    if (!rest.empty() && rest.front() == '_') rest.remove_prefix(1);
  }
  std::int64_t result = 0;
  if (rest.empty() || rest.front() == '_' || !parseDigits(rest, base, true, result)) {
    return std::nullopt;
  }
  return isNegative ? -result : result;
}

Number toNumber(const Value& input) {
  const Value value = plain(input);
  if (value.isInt()) return Number::of(value.asInt());
  if (value.isFloat()) return fromDouble(value.asFloat());
  if (!value.isString()) return Number::of(0);
  const std::string_view text = trimmed(value.asString());
  return isDecimalText(text) ? parseDecimal(text) : Number::of(leadingInteger(value.asString()));
}

std::optional<Number> calculate(Arithmetic operation, const Number& left, const Number& right) {
  if (left.isInteger && right.isInteger) {
    return integers(operation, left.coefficient, right.coefficient);
  }
  Number a = left;
  Number b = right;
  a.isInteger = b.isInteger = false;
  const bool isZero = b.isFinite() && b.coefficient == 0;
  if (operation == Arithmetic::Modulo && isZero) return std::nullopt;
  if (!a.isFinite() || !b.isFinite() || (operation == Arithmetic::Divide && isZero)) {
    return approximate(operation, toDouble(a), toDouble(b));
  }
  if (a.coefficient == 0 || b.coefficient == 0) {
    // A decimal zero keeps the sign of its product or quotient.
    const bool isProduct = operation == Arithmetic::Divide || operation == Arithmetic::Times;
    if (isProduct) {
      const bool isMinus = isNegative(a) != isNegative(b);
      return Number{false, 0, 0, isMinus ? Number::Shape::MinusZero : Number::Shape::Finite};
    }
  }
  if (operation == Arithmetic::Divide) return divide(a, b);
  if (operation == Arithmetic::Times) {
    if (digitsOf(a.coefficient) + digitsOf(b.coefficient) > roomyDigits) {
      return approximate(operation, toDouble(a), toDouble(b));
    }
    return Number{false, a.coefficient * b.coefficient, a.exponent + b.exponent,
                  Number::Shape::Finite};
  }
  if (!align(a, b)) return approximate(operation, toDouble(a), toDouble(b));
  if (operation == Arithmetic::Plus)
    return Number{false, a.coefficient + b.coefficient, a.exponent, Number::Shape::Finite};
  if (operation == Arithmetic::Minus)
    return Number{false, a.coefficient - b.coefficient, a.exponent, Number::Shape::Finite};
  return Number{false, a.coefficient - b.coefficient * floorDivide(a.coefficient, b.coefficient),
                a.exponent};
}

int compareNumbers(const Number& left, const Number& right) {
  Number a = left;
  Number b = right;
  if (a.isFinite() && b.isFinite() && align(a, b))
    return a.coefficient < b.coefficient ? -1 : a.coefficient > b.coefficient ? 1 : 0;
  const double x = toDouble(left);
  const double y = toDouble(right);
  return x < y ? -1 : x > y ? 1 : 0;
}

Number rounded(const Number& number, std::int64_t digits, Rounding rounding) {
  Number result = number;
  if (!number.isFinite()) return result;
  // Where the last kept digit stands; what is smaller than a unit there goes.
  const auto keep = static_cast<std::int32_t>(-std::clamp<std::int64_t>(digits, -400, 400));
  result.isInteger = number.isInteger || digits < 1;
  if (number.exponent < keep) {
    const int drop = keep - number.exponent;
    if (drop >= roomyDigits + 1) {
      const bool isUp = rounding == Rounding::Up && number.coefficient > 0;
      const bool isDown = rounding == Rounding::Down && number.coefficient < 0;
      result.coefficient = isUp ? 1 : isDown ? -1 : 0;
    } else {
      const Wide unit = powerOfTen(drop);
      const Wide whole = floorDivide(number.coefficient, unit);
      const Wide rest = number.coefficient - whole * unit;
      const Wide half = unit - rest;
      bool isUp = (rounding == Rounding::Up ||
                   (rounding == Rounding::Truncate && number.coefficient < 0)) &&
                  rest != 0;
      if (rounding == Rounding::Nearest) {
        isUp = rest > half || (rest == half && number.coefficient > 0);
      }
      result.coefficient = whole + (isUp ? 1 : 0);
    }
    result.exponent = keep;
  }
  if (!result.isInteger) {
    if (result.coefficient == 0 && isNegative(number)) result.shape = Number::Shape::MinusZero;
    return result;
  }
  for (; result.exponent < 0; ++result.exponent) result.coefficient /= 10;
  while (result.exponent > 0) {
    if (digitsOf(result.coefficient) > 20) break;
    result.coefficient *= 10;
    --result.exponent;
  }
  return Number::of(saturate(result.coefficient));
}

}  // namespace freshet::liquid
