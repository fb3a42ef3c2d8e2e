// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/postgres/cell.h"
#include "plugins/postgres/link.h"

namespace freshet::postgres {

/// What happens to a row whose key is there already. Append has no key.
enum class OnConflict { Update, Ignore, Append };

/// The table a sink writes, checked against what is to be written. Immutable after `read`.
struct TargetTable {
  std::string name;
  std::vector<Column> columns;    ///< those that are written, in the order of the settings
  std::vector<std::size_t> keys;  ///< places in `columns`
  OnConflict onConflict = OnConflict::Update;

  /// Asks the server. "E-3907" names the column that does not fit.
  static Result<TargetTable> read(Link& link, const std::string& name,
                                  const std::vector<std::string>& columns,
                                  const std::vector<std::string>& keys, OnConflict onConflict);
  /// INSERT … SELECT … FROM unnest($1, …), an array a column.
  std::string insertSql() const;
};

}  // namespace freshet::postgres
