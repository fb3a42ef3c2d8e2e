// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/arena.h"
#include "core/liquid/values.h"

namespace freshet::liquid {

/// What one render may cost, partials included; charged before the work is done.
struct Limits {
  std::uint64_t operations = 1'000'000;
  std::uint64_t outputBytes = 512 * 1024;
  std::uint64_t allocatedBytes = 8 * 1024 * 1024;
  std::uint32_t depth = 100;
  /// Zero: no deadline.
  std::chrono::microseconds wall{50'000};
  /// Items a range may turn into; ranges themselves are lazy.
  std::uint64_t rangeItems = 10'000;
};

enum class Failure : std::uint8_t { None, Filter, Undefined, Limit };

/// Memory and complaints of one render: everything a filter makes lives in its arena.
/// The limits must outlive it. A failure sticks until the renderer clears it; what is made after it
/// is nil.
class Scratch {
 public:
  Scratch(Arena& arena, const Limits& limits) : m_arena(&arena), m_limits(&limits) {}

  /// Memory for `count` values, all nil; empty if the budget is spent.
  std::span<Value> values(std::size_t count);
  std::span<Member> members(std::size_t count);
  char* bytes(std::size_t count);
  /// A copy in the arena.
  Value text(std::string_view text);
  Value safe(std::string_view text);
  Value range(std::int64_t first, std::int64_t last);
  template <class T>
  T* make() {
    return charge(sizeof(T)) ? m_arena->make<T>() : nullptr;
  }

  /// "Liquid error: <message>"; always returns nil.
  Value fail(std::string_view message, Failure failure = Failure::Filter);
  bool failed() const { return m_failure != Failure::None; }
  Failure failure() const { return m_failure; }
  const std::string& message() const { return m_message; }
  void clearFailure() { m_failure = Failure::None; }

  bool charge(std::size_t bytes);
  /// Room that is left for text and values.
  std::uint64_t remaining() const { return m_limits->allocatedBytes - m_allocated; }
  std::uint64_t allocated() const { return m_allocated; }
  const Limits& limits() const { return *m_limits; }
  Arena& arena() { return *m_arena; }

  /// Text in the form a filter reads it, valid while the arena is (`buffer` holds what is made).
  std::string_view textOf(const Value& value);

  /// A string under construction that respects the budget. One at a time.
  class Builder {
   public:
    explicit Builder(Scratch& scratch) : m_scratch(scratch) { m_scratch.m_buffer.clear(); }
    bool append(std::string_view text) {
      if (m_scratch.m_buffer.size() + text.size() > m_scratch.remaining()) [[unlikely]] {
        m_scratch.charge(m_scratch.m_buffer.size() + text.size());
        return false;
      }
      m_scratch.m_buffer += text;
      return true;
    }
    bool append(char c) { return append(std::string_view(&c, 1)); }
    std::string& raw() { return m_scratch.m_buffer; }
    Value done() { return m_scratch.failed() ? Value() : m_scratch.text(m_scratch.m_buffer); }

   private:
    Scratch& m_scratch;
  };

  /// Milliseconds since 1970 that `now` means, and the zone times are shown in.
  std::int64_t nowMs = 0;
  std::string_view timeZone = "UTC";

 private:
  Arena* m_arena;
  const Limits* m_limits;
  std::uint64_t m_allocated = 0;
  Failure m_failure = Failure::None;
  std::string m_message;
  std::string m_buffer;
};

}  // namespace freshet::liquid
