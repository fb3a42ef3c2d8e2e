// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/buffer.h"

#include <algorithm>
#include <new>

namespace freshet::liquid {

bool Buffer::grow(std::size_t more) {
  const std::size_t used = size();
  if (m_isFull || more > m_limit - used) {
    m_isFull = true;
    m_end = m_at;  // nothing shorter may follow what was left out
    return false;
  }
  // Twice as much while it is small; then in steps, so that little lies idle.
  constexpr std::size_t step = 64 * 1024;
  std::size_t capacity = used + more + std::clamp<std::size_t>(used, 256, step);
  capacity = std::min(capacity, m_limit);
  if (capacity > m_capacity) {
    char* const memory = static_cast<char*>(std::realloc(m_begin.get(), capacity));
    if (!memory) throw std::bad_alloc();
    (void)m_begin.release();
    m_begin.reset(memory);
    m_capacity = capacity;
  }
  m_at = m_begin.get() + used;
  m_end = m_begin.get() + std::min(m_capacity, m_limit);
  return true;
}

}  // namespace freshet::liquid
