// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/key_groups.h"

#include <algorithm>
#include <functional>

namespace freshet::stage {

void KeyGroups::clear() {
  m_keys.clear();
  m_hashes.clear();
  std::ranges::fill(m_table, 0U);
}

void KeyGroups::grow() {
  m_table.assign(std::max<std::size_t>(64, m_table.size() * 2), 0U);
  const std::size_t mask = m_table.size() - 1;
  for (std::uint32_t group = 0; group < m_keys.size(); ++group) {
    std::size_t at = m_hashes[group] & mask;
    while (m_table[at] != 0) at = (at + 1) & mask;
    m_table[at] = group + 1;
  }
}

std::uint32_t KeyGroups::add(std::string_view key) {
  if ((m_keys.size() + 1) * 2 > m_table.size()) grow();
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  const std::size_t mask = m_table.size() - 1;
  std::size_t at = hash & mask;
  for (; m_table[at] != 0; at = (at + 1) & mask) {
    const std::uint32_t group = m_table[at] - 1;
    if (m_hashes[group] == hash && m_keys[group] == key) return group;
  }
  const auto group = static_cast<std::uint32_t>(m_keys.size());
  m_keys.push_back(key);
  m_hashes.push_back(hash);
  m_table[at] = group + 1;
  return group;
}

}  // namespace freshet::stage
