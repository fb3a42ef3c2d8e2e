// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/grid_index.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace freshet::canvas {

GridIndex::Cells GridIndex::cellsOf(const QRectF& rect) {
  const auto cell = [](double at) { return static_cast<int>(std::floor(at / kCell)); };
  return {cell(rect.left()), cell(rect.top()), cell(rect.right()), cell(rect.bottom())};
}

std::uint64_t GridIndex::key(int x, int y) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32 |
         static_cast<std::uint32_t>(y);
}

void GridIndex::clear(std::size_t count) {
  m_cells.clear();
  m_count = count;
  m_seen.assign(count, 0);
  m_query = 0;
}

void GridIndex::insert(int number, const QRectF& box) {
  const Cells cells = cellsOf(box);
  for (int x = cells.left; x <= cells.right; ++x)
    for (int y = cells.top; y <= cells.bottom; ++y) m_cells[key(x, y)].push_back(number);
}

const std::vector<int>& GridIndex::near(const QRectF& rect) const {
  const Cells cells = cellsOf(rect);
  m_found.clear();
  const auto wanted = static_cast<std::uint64_t>(cells.right - cells.left + 1) *
                      static_cast<std::uint64_t>(cells.bottom - cells.top + 1);
  if (wanted > m_cells.size()) {  // more cells than there are: all of it
    m_found.resize(m_count);
    std::iota(m_found.begin(), m_found.end(), 0);
    return m_found;
  }
  ++m_query;
  for (int x = cells.left; x <= cells.right; ++x)
    for (int y = cells.top; y <= cells.bottom; ++y) {
      const auto cell = m_cells.find(key(x, y));
      if (cell == m_cells.end()) continue;
      for (const int number : cell->second) {
        std::uint32_t& seen = m_seen[static_cast<std::size_t>(number)];
        if (seen != m_query) m_found.push_back(number);
        seen = m_query;
      }
    }
  std::sort(m_found.begin(), m_found.end());
  return m_found;
}

}  // namespace freshet::canvas
