// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/items.h"

#include <algorithm>

#include "core/liquid/number.h"
#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

std::size_t flatSize(std::span<const Value> items) {
  std::size_t count = 0;
  for (const Value& item : items) count += item.isArray() ? flatSize(item.asArray()) : 1;
  return count;
}

void flatten(std::span<const Value> items, std::span<Value> into, std::size_t& next) {
  for (const Value& item : items) {
    if (item.isArray()) {
      flatten(item.asArray(), into, next);
    } else {
      into[next++] = item;
    }
  }
}

Value characterAt(std::string_view text, std::int64_t index) {
  const auto length = static_cast<std::int64_t>(lengthOf(text));
  if (index < 0) index += length;
  if (index < 0 || index >= length) return Value();
  const std::size_t at = offsetOf(text, static_cast<std::size_t>(index));
  return Value(text.substr(at, stepOf(text, at)));
}

}  // namespace

std::span<const Value> listOf(Scratch& scratch, const Value& input) {
  if (input.isArray()) {
    const auto items = input.asArray();
    if (std::ranges::none_of(items, &Value::isArray)) return items;
    const auto flat = scratch.values(flatSize(items));
    std::size_t next = 0;
    if (!flat.empty()) flatten(items, flat, next);
    return flat;
  }
  if (input.isNil()) return {};
  if (isRange(input)) {
    const Range& range = rangeOf(input);
    if (static_cast<std::uint64_t>(range.size()) > scratch.limits().rangeItems) {
      scratch.fail("a range of " + std::to_string(range.size()) + " items is too long",
                   Failure::Limit);
      return {};
    }
    const auto numbers = scratch.values(static_cast<std::size_t>(range.size()));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      numbers[i] = Value(range.first + static_cast<std::int64_t>(i));
    return numbers;
  }
  const auto one = scratch.values(1);
  if (!one.empty()) one[0] = input;
  return one;
}

Selected selectProperty(const Value& item, const Value& key, Value& out) {
  out = Value();
  if (item.isObject()) {
    if (key.isString()) out = item.get(key.asString());
    return Selected::Value;
  }
  const std::int64_t index = key.isInt()     ? key.asInt()
                             : key.isFloat() ? truncated(key.asFloat())
                                             : 0;
  if (item.isString()) {
    if (key.isString()) {
      if (item.asString().find(key.asString()) != std::string_view::npos) out = key;
      return Selected::Value;
    }
    if (isRange(key)) {
      const auto length = static_cast<std::int64_t>(lengthOf(item.asString()));
      const auto from = [&](std::int64_t at) { return at < 0 ? at + length : at; };
      const std::int64_t first = from(rangeOf(key).first);
      const std::int64_t last = std::min(from(rangeOf(key).last), length - 1);
      if (first < 0 || first > length) return Selected::Value;
      const std::size_t start = offsetOf(item.asString(), static_cast<std::size_t>(first));
      const std::size_t count = last < first ? 0 : static_cast<std::size_t>(last - first + 1);
      out = Value(item.asString().substr(start, offsetOf(item.asString().substr(start), count)));
      return Selected::Value;
    }
    if (!key.isNumber()) return Selected::WrongKey;
    out = characterAt(item.asString(), index);
    return Selected::Value;
  }
  if (item.isInt() && isRange(key)) {
    const std::int64_t bits = std::clamp<std::int64_t>(rangeOf(key).size(), 0, 62);
    const std::int64_t shift = std::clamp<std::int64_t>(rangeOf(key).first, 0, 63);
    out = Value(std::int64_t{(item.asInt() >> shift) & ((std::int64_t{1} << bits) - 1)});
    return Selected::Value;
  }
  if (item.isInt()) {
    if (!key.isNumber()) return Selected::WrongKey;
    // An integer's item is one of its bits.
    out =
        Value(std::int64_t{index < 0 ? 0 : item.asInt() >> std::min<std::int64_t>(index, 63) & 1});
    return Selected::Value;
  }
  return Selected::Nothing;
}

}  // namespace freshet::liquid
