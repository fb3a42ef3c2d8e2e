// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/liquid/values.h"

namespace freshet::liquid {
namespace {

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool equalItems(const Value& a, const Value& b, bool (*test)(const Value&, const Value&)) {
  return std::ranges::equal(a.asArray(), b.asArray(), test);
}

bool equalMembers(const Value& a, const Value& b, bool (*test)(const Value&, const Value&)) {
  return a.size() == b.size() && std::ranges::all_of(a.asObject(), [&](const Member& member) {
           const Value* other = b.find(member.key);
           return other && test(member.value, *other);
         });
}

bool equalSpecials(const Value& a, const Value& b) {
  if (a.opaqueTag() != b.opaqueTag()) return false;
  if (isRange(a)) {
    return rangeOf(a).first == rangeOf(b).first && rangeOf(a).last == rangeOf(b).last;
  }
  return a.asOpaque() == b.asOpaque();
}

}  // namespace

bool isEmpty(const Value& value) {
  return (value.isString() || value.isArray() || value.isObject()) && value.size() == 0;
}

bool isBlank(const Value& value) {
  if (!value.truthy()) return true;
  if (value.isString()) return std::ranges::all_of(value.asString(), isSpace);
  return isEmpty(value);
}

bool equal(const Value& first, const Value& second) {
  const Value a = plain(first);
  const Value b = plain(second);
  if (a.isString() && b.isString()) return a.asString() == b.asString();
  if (a.isOpaque()) {
    if (is(a, Special::Blank)) return !b.isOpaque() && isBlank(b);
    if (is(a, Special::Empty)) return isEmpty(b);
  }
  if (b.isOpaque()) {
    if (is(b, Special::Blank)) return !a.isOpaque() && isBlank(a);
    if (is(b, Special::Empty)) return isEmpty(a);
    return a.isOpaque() && equalSpecials(a, b);
  }
  if (a.isNumber() && b.isNumber()) {
    return a.isInt() && b.isInt() ? a.asInt() == b.asInt() : a.number() == b.number();
  }
  if (a.kind() != b.kind()) return false;
  if (a.isBool()) return a.asBool() == b.asBool();
  if (a.isArray()) return equalItems(a, b, equal);
  if (a.isObject()) return equalMembers(a, b, equal);
  return a.isNil();
}

bool same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.isArray()) return equalItems(a, b, same);
  if (a.isObject()) return equalMembers(a, b, same);
  return equal(a, b);
}

bool compare(const Value& first, const Value& second, int& order) {
  const Value a = plain(first);
  const Value b = plain(second);
  const auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.isInt() && b.isInt()) {
    order = sign(a.asInt(), b.asInt());
    return true;
  }
  if (a.isNumber() && b.isNumber()) {
    order = sign(a.number(), b.number());
    return a.number() == a.number() && b.number() == b.number();
  }
  if (a.isString() && b.isString()) {
    order = sign(a.asString(), b.asString());
    return true;
  }
  if (a.isArray() && b.isArray()) {
    const std::size_t shared = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < shared; ++i) {
      if (!compare(a.asArray()[i], b.asArray()[i], order)) return false;
      if (order != 0) return true;
    }
    order = sign(a.size(), b.size());
    return true;
  }
  order = 0;
  return equal(a, b);
}

bool contains(const Value& first, const Value& second) {
  const Value whole = plain(first);
  const Value part = plain(second);
  if (!whole.truthy() || !part.truthy()) return false;
  if (whole.isString()) {
    if (part.isString()) return whole.asString().find(part.asString()) != std::string_view::npos;
    Buffer text(whole.size());
    appendText(text, part);
    return !text.isFull() && whole.asString().find(text.view()) != std::string_view::npos;
  }
  if (whole.isArray()) {
    if (is(part, Special::Blank) || is(part, Special::Empty)) return false;
    return std::ranges::any_of(whole.asArray(),
                               [&](const Value& item) { return equal(item, part); });
  }
  if (whole.isObject()) return part.isString() && whole.find(part.asString());
  if (isRange(whole) && part.isNumber()) {
    const double number = part.number();
    return number >= static_cast<double>(rangeOf(whole).first) &&
           number <= static_cast<double>(rangeOf(whole).last);
  }
  return false;
}

bool loopField(const Value& value, std::string_view name, Value& out) {
  if (is(value, Special::Loop)) {
    const Loop& loop = *static_cast<const Loop*>(value.asOpaque());
    if (name == "index") return out = Value(loop.index + 1), true;
    if (name == "index0") return out = Value(loop.index), true;
    if (name == "first") return out = Value(loop.index == 0), true;
    if (name == "last") return out = Value(loop.index == loop.length - 1), true;
    if (name == "length") return out = Value(loop.length), true;
    if (name == "rindex") return out = Value(loop.length - loop.index), true;
    if (name == "rindex0") return out = Value(loop.length - loop.index - 1), true;
    if (name == "name") return out = Value(loop.name), true;
    if (name == "parentloop") {
      out = loop.parent ? special(Special::Loop, loop.parent) : Value();
      return true;
    }
    return false;
  }
  const TableLoop& loop = *static_cast<const TableLoop*>(value.asOpaque());
  if (name == "index") return out = Value(loop.index + 1), true;
  if (name == "index0") return out = Value(loop.index), true;
  if (name == "first") return out = Value(loop.index == 0), true;
  if (name == "last") return out = Value(loop.index == loop.length - 1), true;
  if (name == "length") return out = Value(loop.length), true;
  if (name == "rindex") return out = Value(loop.length - loop.index), true;
  if (name == "rindex0") return out = Value(loop.length - loop.index - 1), true;
  if (name == "col") return out = Value(loop.column), true;
  if (name == "col0") return out = Value(loop.column - 1), true;
  if (name == "row") return out = Value(loop.row), true;
  if (name == "col_first") return out = Value(loop.column == 1), true;
  if (name == "col_last") return out = Value(loop.column == loop.columns), true;
  return false;
}

}  // namespace freshet::liquid
