// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QRectF>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace freshet::canvas {

// Which numbered boxes may touch a rectangle: boxes by the cells of a coarse grid they cover, so
// that a hit test or a frame looks at what is near only. Single thread.
class GridIndex {
 public:
  void clear(std::size_t count);
  void insert(int number, const QRectF& box);
  // Ascending, each once. Boxes whose cell touches are in it, so test the box itself.
  const std::vector<int>& near(const QRectF& rect) const;

 private:
  static constexpr double kCell = 512;
  struct Cells {
    int left, top, right, bottom;
  };
  static Cells cellsOf(const QRectF& rect);
  static std::uint64_t key(int x, int y);

  std::unordered_map<std::uint64_t, std::vector<int>> m_cells;
  std::size_t m_count = 0;
  mutable std::vector<std::uint32_t> m_seen;  // the query that found it last
  mutable std::uint32_t m_query = 0;
  mutable std::vector<int> m_found;
};

}  // namespace freshet::canvas
