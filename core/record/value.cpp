// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/value.h"

#include <algorithm>

namespace freshet::record {

bool operator==(const Value& a, const Value& b) {
  if (a.isNumber() && b.isNumber()) {
    return a.isInt() && b.isInt() ? a.asInt() == b.asInt() : a.number() == b.number();
  }
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::Bool:
      return a.asBool() == b.asBool();
    case Kind::String:
      return a.asString() == b.asString();
    case Kind::Array:
      return std::ranges::equal(a.asArray(), b.asArray());
    case Kind::Object:
      return a.size() == b.size() && std::ranges::all_of(a.asObject(), [&](const Member& member) {
               const Value* other = b.find(member.key);
               return other && member.value == *other;
             });
    case Kind::Opaque:
      return a.opaqueTag() == b.opaqueTag() && a.asOpaque() == b.asOpaque();
    default:
      return true;
  }
}

Value deepCopy(const Value& value, Arena& arena) {
  switch (value.kind()) {
    case Kind::String:
      return Value(arena.copy(value.asString()));
    case Kind::Array: {
      const auto items = arena.array<Value>(value.size());
      for (std::size_t i = 0; i < items.size(); ++i) items[i] = deepCopy(value.asArray()[i], arena);
      return Value(std::span<const Value>(items));
    }
    case Kind::Object: {
      const auto members = arena.array<Member>(value.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        const Member& from = value.asObject()[i];
        members[i] = {arena.copy(from.key), deepCopy(from.value, arena)};
      }
      return Value(std::span<const Member>(members));
    }
    case Kind::Opaque:
      return Value();
    default:
      return value;
  }
}

Value withMember(const Value& object, std::string_view key, const Value& value, Arena& arena) {
  const auto old = object.isObject() ? object.asObject() : std::span<const Member>();
  const bool isThere = std::ranges::any_of(old, [&](const Member& m) { return m.key == key; });
  const auto members = arena.array<Member>(old.size() + (isThere ? 0 : 1));
  std::ranges::copy(old, members.begin());
  for (Member& member : members) {
    if (member.key == key) member.value = value;
  }
  if (!isThere) members.back() = {arena.copy(key), value};
  return Value(std::span<const Member>(members));
}

}  // namespace freshet::record
