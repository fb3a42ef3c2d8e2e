// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "plugins/postgres/link.h"

namespace freshet::postgres {

/// Where a reading of a table's changes stands. Every row version bears the number of the
/// transaction that wrote it; below the horizon of a snapshot all transactions have ended. So
/// versions of transactions [from, horizon) are complete, whatever clocks said and whoever
/// committed late.
struct Horizon {
  std::int64_t until = 0;   ///< the first transaction that may still run
  std::int64_t newest = 0;  ///< the first that had not begun
};

/// What a source reads: a table, in the order in which its transactions began.
struct PageSettings {
  std::string table;
  std::string key;     ///< tells rows apart; empty: the table's primary key
  std::string column;  ///< of the last change, has an index; empty: the table is scanned
  std::int64_t overlapMs = 0;
};

/// The changes of a table by pages, over one connection: a cursor inside a transaction that sees
/// one moment. After an error it is of no use. "E-3907" names a column that does not fit.
class PageQuery {
 public:
  static Result<std::unique_ptr<PageQuery>> open(std::unique_ptr<Link> link, PageSettings settings);

  /// The horizon as it is now.
  Result<Horizon> horizon();
  /// Begins to read what transactions [from, …) have written; false: nothing yet. `floor`: rows
  /// whose column is older are not looked at.
  Result<bool> begin(std::int64_t from, std::optional<TimeMs> floor);
  /// Columns: transaction, key, time in ms (0: none), the row as JSON. No rows: the end, and the
  /// horizon that has been reached.
  Result<Answer> page(std::size_t most);
  std::int64_t reachedHorizon() const { return m_horizon.until; }

 private:
  PageQuery(std::unique_ptr<Link> link, PageSettings settings)
      : m_link(std::move(link)), m_settings(std::move(settings)) {}
  Status readTable();

  std::unique_ptr<Link> m_link;
  PageSettings m_settings;
  Horizon m_horizon;
};

}  // namespace freshet::postgres
