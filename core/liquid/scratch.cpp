// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/scratch.h"

namespace freshet::liquid {

bool Scratch::charge(std::size_t bytes) {
  if (bytes > remaining()) [[unlikely]] {
    fail("memory limit exceeded", Failure::Limit);
    return false;
  }
  m_allocated += bytes;
  return true;
}

Value Scratch::fail(std::string_view message, Failure failure) {
  if (m_failure == Failure::None) {
    m_failure = failure;
    m_message = message;
  }
  return Value();
}

std::span<Value> Scratch::values(std::size_t count) {
  if (count > remaining() / sizeof(Value)) {
    charge(SIZE_MAX);
    return {};
  }
  charge(count * sizeof(Value));
  return m_arena->array<Value>(count);
}

std::span<Member> Scratch::members(std::size_t count) {
  if (count > remaining() / sizeof(Member)) {
    charge(SIZE_MAX);
    return {};
  }
  charge(count * sizeof(Member));
  return m_arena->array<Member>(count);
}

char* Scratch::bytes(std::size_t count) {
  return charge(count) ? static_cast<char*>(m_arena->allocate(count, 1)) : nullptr;
}

Value Scratch::text(std::string_view text) {
  return charge(text.size()) ? Value(m_arena->copy(text)) : Value();
}

bool Scratch::check() {
  m_nextCheck = m_operations + workBetweenChecks;
  if (m_operations > m_limits->operations) {
    fail("operation limit exceeded", Failure::Limit);
    return false;
  }
  if (m_limits->wall.count() == 0) return true;
  // The first check starts the clock: most renders end before it.
  const auto now = std::chrono::steady_clock::now();
  if (m_deadline == std::chrono::steady_clock::time_point()) m_deadline = now + m_limits->wall;
  if (now < m_deadline) return true;
  fail("time limit exceeded", Failure::Limit);
  return false;
}

bool Scratch::Builder::full() {
  m_scratch.charge(SIZE_MAX);
  return false;
}

Value Scratch::Builder::done() {
  if (m_scratch.m_buffer.isFull()) full();
  return m_scratch.failed() ? Value() : m_scratch.text(m_scratch.m_buffer);
}

Value Scratch::safe(std::string_view text) {
  if (!charge(text.size() + sizeof(Safe))) return Value();
  Safe* safe = m_arena->make<Safe>();
  safe->text = m_arena->copy(text);
  return special(Special::Safe, safe);
}

Value Scratch::range(std::int64_t first, std::int64_t last) {
  Range* range = make<Range>();
  if (!range) return Value();
  *range = {first, last};
  return special(Special::Range, range);
}

std::string_view Scratch::made(const Value& value) {
  if (value.isNil()) return {};
  if (is(value, Special::Safe)) return static_cast<const Safe*>(value.asOpaque())->text;
  Builder builder(*this);
  appendText(builder.raw(), value);
  const Value made = builder.done();
  return made.isString() ? made.asString() : std::string_view();
}

}  // namespace freshet::liquid
