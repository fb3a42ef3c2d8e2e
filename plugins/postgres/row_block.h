// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/stage/sink.h"
#include "plugins/postgres/link.h"
#include "plugins/postgres/target_table.h"

namespace freshet::postgres {

/// Up to kMostRows rows of one INSERT, encoded, each with the record it was made of (kept alive by
/// a lease). Where a key comes again, only its last row is written.
class RowBlock {
 public:
  static constexpr std::size_t kMostRows = 2000;
  static constexpr std::size_t kMostBytes = 4 << 20;

  struct Row {
    record::Record* record = nullptr;
    std::uint32_t nth = 0;  ///< of the records of its origin
    std::uint32_t replacedBy = UINT32_MAX;
  };

  explicit RowBlock(const TargetTable& table) : m_table(&table) {}

  /// `values`, one a column. Otherwise what is wrong, naming the column; nothing was added.
  std::string add(const Row& row, std::span<const record::Value> values,
                  const stage::BatchLease& lease);
  bool isFull() const { return m_rows.size() >= kMostRows || m_cells.size() >= kMostBytes; }
  const std::vector<Row>& rows() const { return m_rows; }
  /// The arrays of the rows [from, to).
  std::vector<Parameter> arrays(std::size_t from, std::size_t to) const;

 private:
  const TargetTable* m_table;
  std::vector<Row> m_rows;
  std::string m_cells;
  std::vector<std::uint32_t> m_ends;  ///< of each cell, row by row
  std::unordered_map<std::string, std::uint32_t> m_byKey;
  std::string m_key;
  std::vector<stage::BatchLease> m_leases;
};

}  // namespace freshet::postgres
