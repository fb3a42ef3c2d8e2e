// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/page_query.h"

namespace freshet::postgres {
namespace {

constexpr const char* kPrimaryKeySql =
    "SELECT a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
    " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
    " WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisprimary";
constexpr const char* kTypeSql =
    "SELECT t.typname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = "
    "a.atttypid"
    " WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2 AND a.attnum > 0";
constexpr const char* kHorizonSql =
    "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
    " FROM pg_current_snapshot() AS s";

Error misfit(std::string message, std::string where) {
  return {"E-3907", std::move(message), std::move(where), Retry::Fatal};
}

}  // namespace

Result<std::unique_ptr<PageQuery>> PageQuery::open(std::unique_ptr<Link> link,
                                                   PageSettings settings) {
  std::unique_ptr<PageQuery> query(new PageQuery(std::move(link), std::move(settings)));
  if (auto status = query->readTable(); !status) return status.error();
  return query;
}

Status PageQuery::readTable() {
  const std::string table = quotedTable(m_settings.table);
  for (const auto& [name, sql] : {std::pair("exists", "SELECT to_regclass($1) IS NOT NULL"),
                                  std::pair("primary", kPrimaryKeySql), std::pair("type", kTypeSql),
                                  std::pair("horizon", kHorizonSql)}) {
    if (auto status = m_link->prepare(name, sql); !status) return status;
  }
  const Parameter name[] = {table};
  auto exists = m_link->call("exists", name);
  if (!exists) return exists.error();
  if (exists->text(0, 0) != "t") {
    return misfit("There is no table " + m_settings.table + ", or it may not be seen by this user",
                  "table");
  }
  if (m_settings.key.empty()) {
    auto primary = m_link->call("primary", name);
    if (!primary) return primary.error();
    if (primary->rows() != 1) {
      return misfit("The table " + m_settings.table +
                        " has no primary key: name the column that "
                        "tells its rows apart",
                    "key");
    }
    m_settings.key = primary->text(0, 0);
  }
  for (const auto& [column, field] :
       {std::pair(m_settings.key, "key"), std::pair(m_settings.column, "column")}) {
    if (column.empty()) continue;
    const Parameter of[] = {table, column};
    auto type = m_link->call("type", of);
    if (!type) return type.error();
    if (type->rows() != 1)
      return misfit("The table " + m_settings.table + " has no column " + column, field);
    if (column == m_settings.column && !type->text(0, 0).starts_with("timestamp"))
      return misfit("The column " + column + " of " + m_settings.table + " is no timestamp", field);
  }
  return {};
}

Result<Horizon> PageQuery::horizon() {
  auto now = m_link->call("horizon", {});
  if (!now) return now.error();
  return Horizon{now->integer(0, 0), now->integer(0, 1)};
}

Result<bool> PageQuery::begin(std::int64_t from, std::optional<TimeMs> floor) {
  if (auto done = m_link->run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); !done)
    return done.error();
  auto now = horizon();
  if (!now) return now.error();
  m_horizon = *now;
  if (from > m_horizon.newest) {
    return Error{"E-3909",
                 "The database at PostgreSQL is not the one that was read before (its transactions "
                 "are older): start with --fresh to read it from the beginning",
                 "table", Retry::Fatal};
  }
  if (from >= m_horizon.until) {
    auto done = m_link->run("COMMIT");
    return done ? Result<bool>(false) : Result<bool>(done.error());
  }
  const std::string table = quotedTable(m_settings.table);
  const std::string column = m_settings.column.empty() ? "" : "t." + quoted(m_settings.column);
  // A row bears the lower half of its transaction's number; the upper is that of the newest, or one
  // less.
  const std::string newest = std::to_string(m_horizon.newest);
  const std::string base = std::to_string(m_horizon.newest >> 32 << 32);
  const std::string number = "(CASE WHEN " + base + " + t.xmin::text::bigint >= " + newest +
                             " AND " + base + " > 0 THEN -4294967296 ELSE 0 END + " + base +
                             " + t.xmin::text::bigint)";
  std::string where;
  if (floor && !column.empty()) {
    where = " AND (" + column + " IS NULL OR " + column + " >= to_timestamp(" +
            std::to_string(*floor / 1000) + "))";
  }
  const std::string time =
      column.empty() ? "0"
                     : "coalesce(floor(extract(epoch FROM " + column + ") * 1000), 0)::bigint";
  auto declared = m_link->run(
      "DECLARE changes NO SCROLL CURSOR FOR SELECT number, key, time, json FROM (SELECT " + number +
      " AS number, t." + quoted(m_settings.key) + " AS key, " + time +
      " AS time, to_json(t)::text AS json, t.ctid AS place FROM " + table + " AS t WHERE true" +
      where + ") AS rows WHERE number >= " + std::to_string(from) + " AND number < " +
      std::to_string(m_horizon.until) + " ORDER BY number, key, place");
  if (!declared) return declared.error();
  return true;
}

Result<Answer> PageQuery::page(std::size_t most) {
  auto rows = m_link->run("FETCH " + std::to_string(most) + " FROM changes");
  if (!rows || rows->rows() > 0) return rows;
  if (auto done = m_link->run("COMMIT"); !done) return done.error();
  return rows;
}

}  // namespace freshet::postgres
