// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/wait/wait_state.h"

#include <concepts>

namespace freshet::nodes {
namespace {

constexpr char kVersion = 2;  // 1: without isWithheld

template <std::integral T>
void putNumber(T value, std::string& out) {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i, bits = static_cast<decltype(bits)>(bits >> 7 >> 1)) {
    out += static_cast<char>(bits & 0xff);
  }
}

void putText(std::string_view text, std::string& out) {
  putNumber(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

/// Reads in the order of writing; `isGood` turns false where the bytes end too early.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : m_rest(bytes) {}

  template <std::integral T>
  T number() {
    const std::string_view from = take(sizeof(T));
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t i = from.size(); i > 0; --i) {
      bits =
          static_cast<decltype(bits)>((bits << 7 << 1) | static_cast<unsigned char>(from[i - 1]));
    }
    return static_cast<T>(bits);
  }
  std::string_view text() { return take(number<std::uint32_t>()); }
  std::string_view take(std::size_t count) {
    if (count > m_rest.size()) {
      m_isGood = false;
      return {};
    }
    const std::string_view taken = m_rest.substr(0, count);
    m_rest.remove_prefix(count);
    return taken;
  }
  bool isGood() const { return m_isGood; }
  bool isAtEnd() const { return m_isGood && m_rest.empty(); }

 private:
  std::string_view m_rest;
  bool m_isGood = true;
};

}  // namespace

void WaitState::clear() {
  phase = Phase::Idle;
  items.clear();
  record.headers.clear();
}

bool WaitState::decode(std::string_view bytes) {
  clear();
  if (bytes.empty()) return true;
  Bytes from(bytes);
  const char version = from.number<char>();
  if (version < 1 || version > kVersion) return false;
  const auto phaseNumber = from.number<std::uint8_t>();
  dueMs = from.number<TimeMs>();
  if (phaseNumber == static_cast<std::uint8_t>(Phase::Resting)) {
    phase = Phase::Resting;
    return from.isAtEnd();
  }
  if (phaseNumber != static_cast<std::uint8_t>(Phase::Waiting)) return false;
  phase = Phase::Waiting;
  sinceMs = from.number<TimeMs>();
  lastMs = from.number<TimeMs>();
  record.partition = from.number<std::int32_t>();
  record.offset = from.number<std::int64_t>();
  record.arrivedMs = from.number<TimeMs>();
  record.isWithheld = version >= 2 && from.number<std::uint8_t>() != 0;
  record.key = from.text();
  record.bytes = from.text();
  record.sections = from.text();
  for (auto count = from.number<std::uint32_t>(); count > 0 && from.isGood(); --count) {
    const std::string_view name = from.text();
    record.headers.push_back({name, from.text()});
  }
  for (auto count = from.number<std::uint32_t>(); count > 0 && from.isGood(); --count) {
    items.push_back(from.text());
  }
  return from.isAtEnd();
}

void WaitState::encode(std::string& out) const {
  out.assign(1, kVersion);
  putNumber(static_cast<std::uint8_t>(phase), out);
  putNumber(dueMs, out);
  if (phase != Phase::Waiting) return;
  putNumber(sinceMs, out);
  putNumber(lastMs, out);
  putNumber(record.partition, out);
  putNumber(record.offset, out);
  putNumber(record.arrivedMs, out);
  putNumber(static_cast<std::uint8_t>(record.isWithheld), out);
  putText(record.key, out);
  putText(record.bytes, out);
  putText(record.sections, out);
  putNumber(static_cast<std::uint32_t>(record.headers.size()), out);
  for (const record::Header& header : record.headers) {
    putText(header.name, out);
    putText(header.value, out);
  }
  putNumber(static_cast<std::uint32_t>(items.size()), out);
  for (const std::string_view item : items) putText(item, out);
}

}  // namespace freshet::nodes
