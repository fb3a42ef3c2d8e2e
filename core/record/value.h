// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/arena.h"

namespace freshet::record {

enum class Kind : std::uint8_t { Nil, Bool, Int, Float, String, Array, Object, Opaque };

struct Member;

/// A JSON-shaped value in 16 bytes, trivially copyable. It owns nothing: text, items and members
/// live in an Arena (or a literal) that must outlive it. Immutable once built.
/// Opaque is a value that only its maker understands (Liquid's ranges and loop objects).
class Value {
 public:
  constexpr Value() noexcept : m_kind(Kind::Nil), m_tag(0), m_size(0), m_int(0) {}
  constexpr explicit Value(bool value) noexcept
      : m_kind(Kind::Bool), m_tag(0), m_size(0), m_int(value ? 1 : 0) {}
  constexpr explicit Value(std::int64_t value) noexcept
      : m_kind(Kind::Int), m_tag(0), m_size(0), m_int(value) {}
  constexpr explicit Value(double value) noexcept
      : m_kind(Kind::Float), m_tag(0), m_size(0), m_double(value) {}
  constexpr explicit Value(std::string_view text) noexcept
      : m_kind(Kind::String),
        m_tag(0),
        m_size(static_cast<std::uint32_t>(text.size())),
        m_text(text.data()) {}
  explicit Value(const char*) = delete;
  constexpr explicit Value(std::span<const Value> items) noexcept
      : m_kind(Kind::Array),
        m_tag(0),
        m_size(static_cast<std::uint32_t>(items.size())),
        m_items(items.data()) {}
  explicit Value(std::span<const Member> members) noexcept;
  static Value opaque(std::uint8_t tag, const void* object) noexcept {
    Value value;
    value.m_kind = Kind::Opaque;
    value.m_tag = tag;
    value.m_object = object;
    return value;
  }

  constexpr Kind kind() const noexcept { return m_kind; }
  constexpr bool isNil() const noexcept { return m_kind == Kind::Nil; }
  constexpr bool isBool() const noexcept { return m_kind == Kind::Bool; }
  constexpr bool isInt() const noexcept { return m_kind == Kind::Int; }
  constexpr bool isFloat() const noexcept { return m_kind == Kind::Float; }
  constexpr bool isNumber() const noexcept { return isInt() || isFloat(); }
  constexpr bool isString() const noexcept { return m_kind == Kind::String; }
  constexpr bool isArray() const noexcept { return m_kind == Kind::Array; }
  constexpr bool isObject() const noexcept { return m_kind == Kind::Object; }
  constexpr bool isOpaque() const noexcept { return m_kind == Kind::Opaque; }

  // The kind must match; reading another kind is a fault of the caller.
  constexpr bool asBool() const noexcept { return m_int != 0; }
  constexpr std::int64_t asInt() const noexcept { return m_int; }
  constexpr double asFloat() const noexcept { return m_double; }
  constexpr std::string_view asString() const noexcept { return {m_text, m_size}; }
  constexpr std::span<const Value> asArray() const noexcept { return {m_items, m_size}; }
  std::span<const Member> asObject() const noexcept;
  constexpr std::uint8_t opaqueTag() const noexcept { return m_tag; }
  constexpr const void* asOpaque() const noexcept { return m_object; }

  /// Int or Float as a double; 0 for anything else.
  constexpr double number() const noexcept {
    return isInt() ? static_cast<double>(m_int) : isFloat() ? m_double : 0.0;
  }
  /// Liquid's truth: everything but nil and false.
  constexpr bool truthy() const noexcept { return !isNil() && !(isBool() && m_int == 0); }
  /// Elements of an array, members of an object, bytes of a string; else 0.
  constexpr std::uint32_t size() const noexcept { return m_size; }

  /// The member called `key`; nil if there is none or this is no object.
  Value get(std::string_view key) const noexcept;
  const Value* find(std::string_view key) const noexcept;

 private:
  Kind m_kind;
  std::uint8_t m_tag;
  std::uint32_t m_size;
  union {
    std::int64_t m_int;
    double m_double;
    const char* m_text;
    const Value* m_items;
    const Member* m_members;
    const void* m_object;
  };
};
static_assert(sizeof(Value) == 16);

struct Member {
  std::string_view key;
  Value value;
};

inline Value::Value(std::span<const Member> members) noexcept
    : m_kind(Kind::Object),
      m_tag(0),
      m_size(static_cast<std::uint32_t>(members.size())),
      m_members(members.data()) {}
inline std::span<const Member> Value::asObject() const noexcept {
  return {m_members, m_size};
}
inline const Value* Value::find(std::string_view key) const noexcept {
  if (!isObject()) return nullptr;
  for (const Member& member : asObject()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}
inline Value Value::get(std::string_view key) const noexcept {
  const Value* found = find(key);
  return found ? *found : Value();
}

/// Equal in kind and content; 1 and 1.0 are equal; members in any order.
bool operator==(const Value& a, const Value& b);
/// A copy of `value` and all it holds, in `arena`. Opaque becomes nil.
Value deepCopy(const Value& value, Arena& arena);
/// `object` with `key` set to `value` (a new object in `arena`; a non-object counts as empty).
Value withMember(const Value& object, std::string_view key, const Value& value, Arena& arena);

}  // namespace freshet::record
