// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/arena.h"
#include "core/liquid/buffer.h"
#include "core/liquid/values.h"

namespace freshet::liquid {

/// What one render may cost, partials included; charged before the work is done.
struct Limits {
  std::uint64_t operations = 1'000'000;
  std::uint64_t outputBytes = 512 * 1024;
  /// With what lies idle at the ends of blocks, all that a render holds stays under 8 MB.
  std::uint64_t allocatedBytes = 3 * 1024 * 1024;
  std::uint32_t depth = 100;
  /// Zero: no deadline. Below the 50 ms a render may take, as the clock is looked at now and then.
  std::chrono::microseconds wall{45'000};
  /// Items a range may turn into; ranges themselves are lazy.
  std::uint64_t rangeItems = 10'000;
};

enum class Failure : std::uint8_t { None, Filter, Undefined, Limit };

/// The clock is looked at, and the operations counted, once in so much work (some microseconds).
inline constexpr std::uint64_t workBetweenChecks = 512;

/// Budget, memory and complaints of one render: everything a filter makes lives in its arena.
/// The limits must outlive it. A failure sticks until the renderer clears it; what is made after it
/// is nil.
class Scratch {
 public:
  /// Text is put together in `buffer`, which keeps its memory for the next render.
  Scratch(Arena& arena, const Limits& limits, Buffer& buffer)
      : m_arena(&arena), m_limits(&limits), m_buffer(buffer) {}

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
  /// Charges work before it is done: one is a tag, or some 64 bytes that are looked at.
  bool spend(std::uint64_t work) {
    m_operations += work;
    return m_operations < m_nextCheck || check();
  }
  std::uint64_t operations() const { return m_operations; }
  /// Room that is left for text and values.
  std::uint64_t remaining() const { return m_limits->allocatedBytes - m_allocated; }
  std::uint64_t allocated() const { return m_allocated; }
  const Limits& limits() const { return *m_limits; }
  Arena& arena() { return *m_arena; }

  /// Text in the form a filter reads it, valid while the arena is (`buffer` holds what is made).
  std::string_view textOf(const Value& value) {
    return value.isString() ? value.asString() : made(value);
  }
  /// The two as one text.
  Value joined(std::string_view first, std::string_view second) {
    char* const start = bytes(first.size() + second.size());
    if (!start) return Value();
    std::ranges::copy(second, std::ranges::copy(first, start).out);
    return Value(std::string_view(start, first.size() + second.size()));
  }

  /// A string under construction that respects the budget. One at a time.
  class Builder {
   public:
    explicit Builder(Scratch& scratch) : m_scratch(scratch) {
      // Half: what is put together is copied when it is done.
      m_scratch.m_buffer.clear(m_scratch.remaining() / 2);
    }
    /// False: the budget is spent, the render will end.
    bool append(std::string_view text) {
      m_scratch.m_buffer += text;
      return !m_scratch.m_buffer.isFull() || full();
    }
    bool append(char c) {
      m_scratch.m_buffer += c;
      return !m_scratch.m_buffer.isFull() || full();
    }
    Buffer& raw() { return m_scratch.m_buffer; }
    Value done();

   private:
    bool full();

    Scratch& m_scratch;
  };

  /// Milliseconds since 1970 that `now` means, and the zone times are shown in.
  std::int64_t nowMs = 0;
  std::string_view timeZone = "UTC";

 private:
  bool check();
  std::string_view made(const Value& value);

  Arena* m_arena;
  const Limits* m_limits;
  std::uint64_t m_allocated = 0;
  std::uint64_t m_operations = 0;
  std::uint64_t m_nextCheck = workBetweenChecks;
  std::chrono::steady_clock::time_point m_deadline{};
  Failure m_failure = Failure::None;
  std::string m_message;
  Buffer& m_buffer;
};

}  // namespace freshet::liquid
