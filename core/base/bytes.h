// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace freshet {

/// Numbers and texts as bytes, for what is stored: numbers take 64 bits, least byte first, or as
/// many as they need (`putShort`: seven a byte, signs folded in); texts have their length in front.
inline void putNumber(std::uint64_t value, std::string& out) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>((value >> shift) & 0xff);
}

inline void putShort(std::int64_t value, std::string& out) {
  auto bits =
      (std::bit_cast<std::uint64_t>(value) << 1) ^ std::bit_cast<std::uint64_t>(value >> 63);
  for (; bits >= 0x80; bits >>= 7) out += static_cast<char>(bits | 0x80);
  out += static_cast<char>(bits);
}

inline void putText(std::string_view text, std::string& out) {
  putNumber(text.size(), out);
  out += text;
}

inline void putShortText(std::string_view text, std::string& out) {
  putShort(static_cast<std::int64_t>(text.size()), out);
  out += text;
}

/// Reads in the order of writing; once the bytes have ended too early everything is 0 or empty.
/// Texts point into the bytes.
class ByteCursor {
 public:
  explicit ByteCursor(std::string_view bytes) : m_left(bytes) {}

  std::uint64_t number() {
    const std::string_view bytes = take(8);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::int64_t shortNumber() {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (byte.empty()) return 0;
      bits |= static_cast<std::uint64_t>(byte[0] & 0x7f) << shift;
      if ((byte[0] & 0x80) == 0) return std::bit_cast<std::int64_t>((bits >> 1) ^ (0 - (bits & 1)));
    }
    m_isGood = false;
    return 0;
  }
  std::string_view bytes(std::uint64_t size) { return take(size); }
  std::string_view text() { return take(number()); }
  std::string_view shortText() { return take(static_cast<std::uint64_t>(shortNumber())); }
  bool isGood() const { return m_isGood; }
  bool isAtEnd() const { return m_left.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > m_left.size()) {
      m_isGood = false;
      m_left = {};
      return {};
    }
    const std::string_view taken = m_left.substr(0, size);
    m_left.remove_prefix(size);
    return taken;
  }

  std::string_view m_left;
  bool m_isGood = true;
};

}  // namespace freshet
