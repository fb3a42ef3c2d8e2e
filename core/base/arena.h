// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace freshet {

/// Memory of one batch: allocation is a pointer bump, everything is freed at once.
/// One thread at a time. Holds trivially destructible objects only; nothing in it is destroyed.
class Arena {
 public:
  explicit Arena(std::size_t blockBytes = 64 * 1024) : m_blockBytes(blockBytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  void* allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    auto at = (m_at + (align - 1)) & ~(align - 1);
    if (at + bytes > m_end) [[unlikely]]
      return allocateSlow(bytes, align);
    m_at = at + bytes;
    return reinterpret_cast<void*>(at);
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  /// A copy of `text`, followed by `padding` readable bytes.
  std::string_view copy(std::string_view text, std::size_t padding = 0) {
    if (text.empty() && padding == 0) return {};
    char* to = static_cast<char*>(allocate(text.size() + padding, 1));
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    if (padding > 0) std::memset(to + text.size(), 0, padding);
    return {to, text.size()};
  }

  /// Forgets everything, keeps the blocks for the next batch.
  void reset();
  /// Bytes held from the system, used or not.
  std::size_t capacityBytes() const { return m_capacity; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };
  void* allocateSlow(std::size_t bytes, std::size_t align);
  void use(std::size_t block);

  std::size_t m_blockBytes;
  std::size_t m_current = 0;
  std::uintptr_t m_at = 0;
  std::uintptr_t m_end = 0;
  std::size_t m_capacity = 0;
  std::vector<Block> m_blocks;
};

}  // namespace freshet
