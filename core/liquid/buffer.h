// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>

namespace freshet::liquid {

/// Bytes under construction that never grow beyond a limit: what does not fit is left out and
/// `isFull` stays true until the buffer is cleared. Keeps its memory from one use to the next.
class Buffer {
 public:
  explicit Buffer(std::size_t limit = SIZE_MAX) : m_limit(limit) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::size_t size() const { return static_cast<std::size_t>(m_at - m_begin.get()); }
  bool empty() const { return size() == 0; }
  bool isFull() const { return m_isFull; }
  std::string_view view() const { return {m_begin.get(), size()}; }
  operator std::string_view() const { return view(); }
  /// What was appended since the buffer had this size; to be changed in place.
  char* from(std::size_t size) { return m_begin.get() + size; }

  void clear(std::size_t limit) {
    m_limit = limit;
    m_isFull = false;
    m_at = m_begin.get();
    m_end = m_begin.get() + (m_capacity < limit ? m_capacity : limit);
  }
  bool hasRoom(std::size_t size) const { return size <= static_cast<std::size_t>(m_end - m_at); }
  void truncate(std::size_t size) { m_at = m_begin.get() + size; }

  void append(const char* text, std::size_t size) {
    if (size > static_cast<std::size_t>(m_end - m_at)) [[unlikely]] {
      if (!grow(size)) return;
    }
    m_at = copied(m_at, text, size);
  }
  Buffer& operator+=(std::string_view text) {
    append(text.data(), text.size());
    return *this;
  }
  Buffer& operator+=(char c) {
    if (m_at == m_end) [[unlikely]] {
      if (!grow(1)) return *this;
    }
    *m_at++ = c;
    return *this;
  }
  void fill(std::size_t count, char c) {
    if (char* const start = extend(count)) std::memset(start, c, count);
  }
  /// `size` bytes to write to; null if they do not fit.
  char* extend(std::size_t size) {
    if (size > static_cast<std::size_t>(m_end - m_at)) [[unlikely]] {
      if (!grow(size)) return nullptr;
    }
    char* const start = m_at;
    m_at += size;
    return start;
  }
  /// Gives back what was extended too far.
  void end(char* at) { m_at = at; }

 private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  // Most pieces are short: moves that overlap beat a call.
  static char* copied(char* to, const char* from, std::size_t size) {
    const auto ends = [&](auto width) {
      std::memcpy(to, from, width());
      std::memcpy(to + size - width(), from + size - width(), width());
    };
    if (size > 64) {
      std::memcpy(to, from, size);
    } else if (size > 32) {
      ends(std::integral_constant<std::size_t, 32>());
    } else if (size > 16) {
      ends(std::integral_constant<std::size_t, 16>());
    } else if (size >= 8) {
      ends(std::integral_constant<std::size_t, 8>());
    } else if (size >= 4) {
      ends(std::integral_constant<std::size_t, 4>());
    } else if (size > 0) {
      to[0] = from[0];
      to[size / 2] = from[size / 2];
      to[size - 1] = from[size - 1];
    }
    return to + size;
  }
  bool grow(std::size_t size);

  std::unique_ptr<char, Free> m_begin;
  char* m_at = nullptr;
  char* m_end = nullptr;
  std::size_t m_capacity = 0;
  std::size_t m_limit;
  bool m_isFull = false;
};

}  // namespace freshet::liquid
