// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/liquid/buffer.h"
#include "core/record/value.h"

namespace freshet::liquid {

using record::Kind;
using record::Member;
using record::Value;

/// The opaque values only Liquid understands. They live in the scratch arena or in a program.
enum class Special : std::uint8_t { Undefined = 1, Blank, Empty, Range, Loop, TableLoop, Safe };

struct Range {
  std::int64_t first = 0;
  std::int64_t last = -1;
  std::int64_t size() const {
    if (last < first) return 0;
    const auto span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
    return span >= INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(span) + 1;
  }
};

/// `forloop`: outlives its loop when a template assigns it.
struct Loop {
  std::string_view name;
  std::int64_t length = 0;
  std::int64_t index = 0;
  const Loop* parent = nullptr;
};

/// `tablerowloop`; columns is 0 when the tag names none.
struct TableLoop {
  std::int64_t length = 0;
  std::int64_t columns = 0;
  std::int64_t index = 0;
  std::int64_t column = 1;
  std::int64_t row = 1;
};

/// Text that is already escaped for its context (a capture in an auto-escaping render).
struct Safe {
  std::string_view text;
};

inline bool is(const Value& value, Special special) {
  return value.isOpaque() && value.opaqueTag() == static_cast<std::uint8_t>(special);
}
inline Value special(Special kind, const void* object = nullptr) {
  return Value::opaque(static_cast<std::uint8_t>(kind), object);
}
inline bool isRange(const Value& value) {
  return is(value, Special::Range);
}
inline const Range& rangeOf(const Value& value) {
  return *static_cast<const Range*>(value.asOpaque());
}
/// What a caller passes for a global that does not exist (as opposed to one that is null).
inline Value undefined() {
  return special(Special::Undefined);
}
/// Escaped text as plain text; anything else as it is.
inline Value plain(const Value& value) {
  return is(value, Special::Safe) ? Value(static_cast<const Safe*>(value.asOpaque())->text) : value;
}

/// Ruby's `to_s`: arrays and hashes as `inspect` writes them.
void appendText(Buffer& out, const Value& value);
/// As output does it: arrays are joined without a separator, nil is nothing.
void appendOutput(Buffer& out, const Value& value);
/// The same for text that outlives no batch.
void appendOutput(std::string& out, const Value& value);
void appendInspect(Buffer& out, const Value& value);
void appendInteger(Buffer& out, std::int64_t value);
/// Ruby's Float#to_s: 1.0, 1.0e+20, 1.0e-05.
void appendFloat(Buffer& out, double value);
/// What `appendInteger` and `appendFloat` write, at `to` (room for `mostDigits`): its end.
char* writeInteger(char* to, std::int64_t value);
char* writeFloat(char* to, double value);
inline constexpr std::size_t mostDigits = 32;

/// `forloop.index` and its like; false if there is no such field.
bool loopField(const Value& loop, std::string_view name, Value& out);

/// Ruby's ==, with blank and empty on either side.
bool equal(const Value& a, const Value& b);
/// Ruby's eql?, which uniq uses: 1 and 1.0 differ.
bool same(const Value& a, const Value& b);
bool isBlank(const Value& value);
bool isEmpty(const Value& value);
/// a <=> b for numbers, strings and arrays: false when they cannot be compared.
bool compare(const Value& a, const Value& b, int& order);
/// The `contains` operator.
bool contains(const Value& whole, const Value& part);

}  // namespace freshet::liquid
