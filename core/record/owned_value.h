// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "core/base/result.h"
#include "core/record/json.h"

namespace freshet::record {

/// A Value with the memory it lives in: for settings, documents and messages between threads.
/// Immutable and cheap to copy; a changed one is a new one. Never in the record loop.
class OwnedValue {
 public:
  OwnedValue() = default;
  explicit OwnedValue(const Value& value);  ///< a deep copy
  OwnedValue(std::shared_ptr<const Arena> memory, Value value)
      : m_memory(std::move(memory)), m_value(value) {}
  static Result<OwnedValue> fromJson(std::string_view text);

  const Value& operator*() const { return m_value; }
  const Value* operator->() const { return &m_value; }
  const Value& value() const { return m_value; }

  OwnedValue with(std::string_view key, const Value& value) const;
  OwnedValue without(std::string_view key) const;

  friend bool operator==(const OwnedValue& a, const OwnedValue& b) {
    return a.m_value == b.m_value;
  }

 private:
  std::shared_ptr<const Arena> m_memory;
  Value m_value;
};

}  // namespace freshet::record
