// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/number.h"
#include "core/liquid/standard.h"

namespace freshet::liquid {
namespace {

Value arithmetic(FilterCall& call, Arithmetic operation) {
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
  appendFloat(text, number.value().asFloat());
  std::string message = "Computation results in '";
  message.append(text).append(text == "NaN" ? "' (Not a Number)" : "'");
  return call.fail(message);
}

Value round(FilterCall& call) {
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
    environment.addFilter({name, function, least, most, false, false});
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
