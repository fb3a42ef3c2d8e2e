// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/row_block.h"

namespace freshet::postgres {

std::string RowBlock::add(const Row& row, std::span<const record::Value> values,
                          const stage::BatchLease& lease) {
  const std::size_t cells = m_cells.size();
  const std::size_t ends = m_ends.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view wrong = appendCell(m_cells, m_table->columns[i], values[i]);
    if (!wrong.empty()) {
      m_cells.resize(cells);
      m_ends.resize(ends);
      return "Column " + m_table->columns[i].name + " (" + m_table->columns[i].type +
             "): " + std::string(wrong);
    }
    m_ends.push_back(static_cast<std::uint32_t>(m_cells.size()));
  }
  const auto place = static_cast<std::uint32_t>(m_rows.size());
  m_rows.push_back(row);
  if (m_leases.empty() || m_leases.back() != lease) m_leases.push_back(lease);
  if (m_table->onConflict != OnConflict::Update) return {};
  m_key.clear();
  for (const std::size_t at : m_table->keys) {
    const std::size_t from = at == 0 ? cells : m_ends[ends + at - 1];
    m_key.append(m_cells, from, m_ends[ends + at] - from) += ',';
  }
  const auto [found, isNew] = m_byKey.try_emplace(m_key, place);
  if (!isNew) {
    m_rows[found->second].replacedBy = place;
    found->second = place;
  }
  return {};
}

std::vector<Parameter> RowBlock::arrays(std::size_t from, std::size_t to) const {
  const std::size_t width = m_table->columns.size();
  std::vector<std::string> arrays(width, "{");
  for (std::size_t row = from; row < to; ++row) {
    if (m_rows[row].replacedBy < to) continue;
    for (std::size_t column = 0; column < width; ++column) {
      const std::size_t cell = row * width + column;
      const std::uint32_t begin = cell == 0 ? 0 : m_ends[cell - 1];
      if (arrays[column].size() > 1) arrays[column] += ',';
      arrays[column].append(m_cells, begin, m_ends[cell] - begin);
    }
  }
  std::vector<Parameter> parameters;
  for (std::string& array : arrays) parameters.emplace_back(std::move(array += '}'));
  return parameters;
}

}  // namespace freshet::postgres
