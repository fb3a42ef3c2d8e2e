// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/target_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.h"

namespace freshet::postgres {
namespace {

// One row a column: what is needed to write it, and whether it fills itself.
constexpr const char* kColumnsSql =
    "SELECT a.attname, t.typname, pg_catalog.format_type(a.atttypid, NULL), t.typtype, "
    "t.typcategory,"
    " a.atttypmod, a.attnotnull, a.atthasdef OR a.attidentity <> '', a.attgenerated <> '' OR"
    " a.attidentity = 'a', CASE WHEN t.typtype = 'e' THEN (SELECT string_agg(e.enumlabel, E'\\n')"
    " FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END"
    " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
    " WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped";
// The column sets of the unique indexes that ON CONFLICT can go by.
constexpr const char* kUniqueSql =
    "SELECT string_agg(a.attname, E'\\n') FROM pg_catalog.pg_index i"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
    " WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisunique AND i.indisvalid"
    " AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL"
    " AND cardinality(i.indkey::int2[]) = i.indnkeyatts GROUP BY i.indexrelid";

struct Found {
  Column column;
  bool fillsItself = false;
  bool isGenerated = false;
};

Error misfit(std::string message, std::string_view where = "columns") {
  return {"E-3907", std::move(message), std::string(where), Retry::Fatal};
}

void setKind(Column& column, std::string_view type, int modifier) {
  using Kind = Column::Kind;
  static const std::map<std::string, Kind, std::less<>> kKinds{
      {"int2", Kind::Integer},   {"int4", Kind::Integer},     {"int8", Kind::Integer},
      {"float4", Kind::Float},   {"float8", Kind::Float},     {"numeric", Kind::Numeric},
      {"bool", Kind::Flag},      {"text", Kind::Text},        {"varchar", Kind::Text},
      {"bpchar", Kind::Text},    {"uuid", Kind::Uuid},        {"date", Kind::Date},
      {"timestamp", Kind::Time}, {"timestamptz", Kind::Time}, {"json", Kind::Json},
      {"jsonb", Kind::JsonB}};
  if (const auto found = kKinds.find(type); found != kKinds.end()) column.kind = found->second;
  if (column.kind == Kind::Integer) {
    column.most = type == "int2" ? INT16_MAX : type == "int4" ? INT32_MAX : INT64_MAX;
    column.least = -column.most - 1;
  }
  // The length is stored with the size of its own header.
  if (column.kind == Kind::Text && modifier > 4)
    column.mostChars = static_cast<std::size_t>(modifier - 4);
}

Result<std::vector<Found>> columnsOf(Link& link, const std::string& table) {
  if (auto status = link.prepare("columns", kColumnsSql); !status) return status.error();
  const Parameter name[] = {quotedTable(table)};
  auto answer = link.call("columns", name);
  if (!answer) return answer.error();
  std::vector<Found> all;
  for (int row = 0; row < answer->rows(); ++row) {
    Found& found = all.emplace_back();
    found.column.name = answer->text(row, 0);
    found.column.type = answer->text(row, 2);
    setKind(found.column, answer->text(row, 1), static_cast<int>(answer->integer(row, 5)));
    found.column.isNullable = answer->text(row, 6) != "t";
    found.fillsItself = answer->text(row, 7) == "t";
    found.isGenerated = answer->text(row, 8) == "t";
    if (answer->text(row, 3) == "e") {
      found.column.kind = Column::Kind::Choice;
      for (const std::string_view label : split(answer->text(row, 9), '\n'))
        found.column.choices.emplace_back(label);
    }
  }
  if (all.empty()) {
    return misfit("There is no table " + table + ", or it may not be seen by this user", "table");
  }
  return all;
}

Status checkUnique(Link& link, const std::string& table, const std::vector<std::string>& keys) {
  if (auto status = link.prepare("unique", kUniqueSql); !status) return status;
  const Parameter name[] = {quotedTable(table)};
  auto answer = link.call("unique", name);
  if (!answer) return answer.error();
  const std::set<std::string, std::less<>> wanted(keys.begin(), keys.end());
  for (int row = 0; row < answer->rows(); ++row) {
    const auto names = split(answer->text(row, 0), '\n');
    if (std::set<std::string, std::less<>>(names.begin(), names.end()) == wanted) return {};
  }
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
  return misfit("The table " + table + " has no unique index on (" + list +
                    "), so a row cannot be told by it; create one, or name other key columns",
                "key");
}

}  // namespace

Result<TargetTable> TargetTable::read(Link& link, const std::string& name,
                                      const std::vector<std::string>& columns,
                                      const std::vector<std::string>& keys, OnConflict onConflict) {
  auto found = columnsOf(link, name);
  if (!found) return found.error();
  std::vector<std::string> names;
  for (const Found& each : *found) names.push_back(each.column.name);

  TargetTable table{name, {}, {}, onConflict};
  for (const std::string& wanted : columns) {
    const auto at = std::ranges::find(names, wanted);
    if (at == names.end()) {
      const auto near = nearest(wanted, names);
      return misfit("The table " + name + " has no column " + wanted +
                    (near ? "; is it " + *near + "?" : ""));
    }
    const Found& each = (*found)[static_cast<std::size_t>(at - names.begin())];
    if (each.isGenerated) {
      return misfit("The column " + wanted + " of " + name +
                    " is generated: nothing can be written to it");
    }
    table.columns.push_back(each.column);
  }
  for (const Found& each : *found) {
    if (each.column.isNullable || each.fillsItself || each.isGenerated ||
        std::ranges::find(columns, each.column.name) != columns.end()) {
      continue;
    }
    return misfit("The column " + each.column.name + " of " + name +
                  " must not be empty and has no default: say what to write to it");
  }
  for (const std::string& key : keys) {
    const auto at = std::ranges::find(columns, key);
    if (at == columns.end())
      return misfit("The key column " + key + " is not among the columns", "key");
    table.keys.push_back(static_cast<std::size_t>(at - columns.begin()));
    table.columns[table.keys.back()].isNullable = false;
  }
  if (onConflict == OnConflict::Append) return table;
  if (auto status = checkUnique(link, name, keys); !status) return status.error();
  return table;
}

std::string TargetTable::insertSql() const {
  std::string names, arrays, places, changes, key;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    const bool isText = column.kind == Column::Kind::Other || column.kind == Column::Kind::Choice;
    const std::string place = "c" + std::to_string(i + 1);
    const char* comma = i == 0 ? "" : ", ";
    names += comma + quoted(column.name);
    arrays += comma + ("$" + std::to_string(i + 1)) + "::" + (isText ? "text" : column.type) + "[]";
    places += comma + place + (isText ? "::" + column.type : "");
    if (std::ranges::find(keys, i) != keys.end()) {
      key += (key.empty() ? "" : ", ") + quoted(column.name);
    } else {
      changes +=
          (changes.empty() ? "" : ", ") + quoted(column.name) + "=excluded." + quoted(column.name);
    }
  }
  std::string aliases;
  for (std::size_t i = 0; i < columns.size(); ++i)
    aliases += (i == 0 ? "c" : ", c") + std::to_string(i + 1);
  std::string sql = "INSERT INTO " + quotedTable(name) + " (" + names + ") SELECT " + places +
                    " FROM unnest(" + arrays + ") AS rows_in(" + aliases + ")";
  if (onConflict == OnConflict::Append) return sql;
  sql += " ON CONFLICT (" + key + ") DO ";
  return sql + (onConflict == OnConflict::Update && !changes.empty() ? "UPDATE SET " + changes
                                                                     : "NOTHING");
}

}  // namespace freshet::postgres
