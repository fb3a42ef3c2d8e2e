// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/owned_value.h"

#include <algorithm>
#include <vector>

namespace freshet::record {
namespace {

constexpr std::size_t kSmallBlock = 512;

}  // namespace

OwnedValue::OwnedValue(const Value& value) {
  auto memory = std::make_shared<Arena>(kSmallBlock);
  m_value = deepCopy(value, *memory);
  m_memory = std::move(memory);
}

Result<OwnedValue> OwnedValue::fromJson(std::string_view text) {
  auto memory = std::make_shared<Arena>(kSmallBlock);
  auto value = parseJson(text, *memory);
  if (!value) return value.error();
  return OwnedValue(std::move(memory), *value);
}

OwnedValue OwnedValue::with(std::string_view key, const Value& value) const {
  Arena scratch(kSmallBlock);
  return OwnedValue(withMember(m_value, key, value, scratch));
}

OwnedValue OwnedValue::without(std::string_view key) const {
  std::vector<Member> kept;
  if (m_value.isObject()) {
    std::ranges::copy_if(m_value.asObject(), std::back_inserter(kept),
                         [&](const Member& member) { return member.key != key; });
  }
  return OwnedValue(Value(std::span<const Member>(kept)));
}

}  // namespace freshet::record
