// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/number.h"
#include "core/liquid/standard.h"

namespace freshet::liquid {
namespace {

// A number of cents, where a value is one: prices, counts, rates in per cent.
struct Cents {
  std::int64_t count = 0;
  bool isKnown = false;
};

Cents centsOf(const Value& value) {
  constexpr double most = 1e11;
  if (value.isInt()) {
    const bool isSmall = value.asInt() > -1'000'000'000 && value.asInt() < 1'000'000'000;
    return {isSmall ? value.asInt() * 100 : 0, isSmall};
  }
  if (!value.isFloat()) return {};
  const double scaled = value.asFloat() * 100;
  if (!(scaled > -most && scaled < most)) return {};
  const auto count = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  // Zero has a sign of its own.
  return {count, count != 0 && static_cast<double>(count) / 100 == value.asFloat()};
}

// What exact decimals would give, where whole cents and one division are enough for it.
bool calculateCents(Arithmetic operation, const Value& a, const Value& b, double& result) {
  if (!a.isFloat() && !b.isFloat()) return false;
  const Cents left = centsOf(a);
  const Cents right = centsOf(b);
  if (!left.isKnown || !right.isKnown) return false;
  if (operation == Arithmetic::Plus || operation == Arithmetic::Minus) {
    const std::int64_t sum =
        operation == Arithmetic::Plus ? left.count + right.count : left.count - right.count;
    result = static_cast<double>(sum) / 100;
    return true;
  }
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  std::int64_t product = 0;
  if (operation != Arithmetic::Times || __builtin_mul_overflow(left.count, right.count, &product) ||
      product == 0 || product >= exact || product <= -exact) {
    return false;
  }
  result = static_cast<double>(product) / 10000;
  return true;
}

Value arithmetic(FilterCall& call, Arithmetic operation) {
  double quick = 0;
  if (calculateCents(operation, call.input, call.arg(0), quick)) return Value(quick);
  const auto result = calculate(operation, toNumber(call.input), toNumber(call.arg(0)));
  return result ? result->value() : call.fail("divided by 0");
}

Value plus(FilterCall& call) {
  return arithmetic(call, Arithmetic::Plus);
}
Value minus(FilterCall& call) {
  return arithmetic(call, Arithmetic::Minus);
}
Value times(FilterCall& call) {
  return arithmetic(call, Arithmetic::Times);
}
Value dividedBy(FilterCall& call) {
  return arithmetic(call, Arithmetic::Divide);
}
Value modulo(FilterCall& call) {
  return arithmetic(call, Arithmetic::Modulo);
}

Value absolute(FilterCall& call) {
  Number number = toNumber(call.input);
  if (number.shape == Number::Shape::MinusZero) number.shape = Number::Shape::Finite;
  if (number.shape == Number::Shape::MinusInfinity) number.shape = Number::Shape::Infinity;
  if (number.coefficient < 0) number.coefficient = -number.coefficient;
  if (number.isInteger && number.coefficient > INT64_MAX) number.coefficient = INT64_MAX;
  return number.value();
}

Value atLeast(FilterCall& call) {
  const Number number = toNumber(call.input);
  const Number bound = toNumber(call.arg(0));
  return (compareNumbers(bound, number) > 0 ? bound : number).value();
}

Value atMost(FilterCall& call) {
  const Number number = toNumber(call.input);
  const Number bound = toNumber(call.arg(0));
  return (compareNumbers(bound, number) < 0 ? bound : number).value();
}

Value roundedAt(FilterCall& call, std::int64_t digits, Rounding rounding) {
  const Number number = toNumber(call.input);
  if (number.isFinite() || digits > 0) return rounded(number, digits, rounding).value();
  std::string text;
  appendOutput(text, number.value());
  std::string message = "Computation results in '";
  message.append(text).append(text == "NaN" ? "' (Not a Number)" : "'");
  return call.fail(message);
}

Value round(FilterCall& call) {
  // Cents rounded to cents are themselves.
  const Value asked = call.arg(0);
  if (asked.isInt() && asked.asInt() >= 2 && call.input.isFloat() && centsOf(call.input).isKnown)
    return call.input;
  const Number digits = rounded(toNumber(call.arg(0)), 0, Rounding::Truncate);
  return roundedAt(call, digits.isFinite() ? digits.value().asInt() : 0, Rounding::Nearest);
}

Value ceil(FilterCall& call) {
  return roundedAt(call, 0, Rounding::Up);
}
Value floor(FilterCall& call) {
  return roundedAt(call, 0, Rounding::Down);
}

}  // namespace

void addNumberFilters(TemplateEnvironment& environment) {
  const auto add = [&](const char* name, FilterFunction function, std::uint8_t least,
                       std::uint8_t most) {
    environment.addFilter({name, function, least, most});
  };
  add("abs", absolute, 0, 0);
  add("at_least", atLeast, 1, 1);
  add("at_most", atMost, 1, 1);
  add("ceil", ceil, 0, 0);
  add("divided_by", dividedBy, 1, 1);
  add("floor", floor, 0, 0);
  add("minus", minus, 1, 1);
  add("modulo", modulo, 1, 1);
  add("plus", plus, 1, 1);
  add("round", round, 0, 1);
  add("times", times, 1, 1);
}

}  // namespace freshet::liquid
