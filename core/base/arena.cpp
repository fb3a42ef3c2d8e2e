// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/arena.h"

#include <algorithm>

namespace freshet {

void Arena::use(std::size_t block) {
  m_current = block;
  m_at = reinterpret_cast<std::uintptr_t>(m_blocks[block].bytes.get());
  m_end = m_at + m_blocks[block].size;
}

void* Arena::allocateSlow(std::size_t bytes, std::size_t align) {
  const std::size_t need = bytes + align;
  for (std::size_t next = m_blocks.empty() ? 0 : m_current + 1; next < m_blocks.size(); ++next) {
    if (m_blocks[next].size < need) continue;
    std::swap(m_blocks[next], m_blocks[m_current + 1]);
    use(m_current + 1);
    return allocate(bytes, align);
  }
  const std::size_t size = std::max(m_blockBytes, need);
  Block block{std::unique_ptr<std::byte[]>(new std::byte[size]), size};
  const std::size_t at = m_blocks.empty() ? 0 : m_current + 1;
  m_blocks.insert(m_blocks.begin() + static_cast<std::ptrdiff_t>(at), std::move(block));
  m_capacity += size;
  use(at);
  return allocate(bytes, align);
}

void Arena::reset() {
  if (!m_blocks.empty()) use(0);
}

}  // namespace freshet
