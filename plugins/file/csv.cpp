// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/csv.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/record/json.h"

namespace freshet::file {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// Exactly JSON's grammar, so that 007 and +1 stay text.
bool isJsonNumber(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && isDigit(text[at])) ++at;
    return at > from;
  };
  if (text.starts_with('-')) ++at;
  const bool startsWithZero = at < text.size() && text[at] == '0';
  const std::size_t from = at;
  if (!digits() || (startsWithZero && at - from > 1) || at - from > 15) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

}  // namespace

bool CsvRows::split(std::string_view row) {
  std::size_t count = 0;
  const auto fresh = [&]() -> Field& {
    if (count == m_fields.size()) m_fields.emplace_back();
    Field& field = m_fields[count++];
    field.text.clear();
    field.isQuoted = false;
    return field;
  };
  std::size_t at = 0;
  while (true) {
    Field& field = fresh();
    if (at < row.size() && row[at] == '"') {
      field.isQuoted = true;
      ++at;
      while (true) {
        const auto quote = row.find('"', at);
        if (quote == std::string_view::npos) return false;
        field.text.append(row.substr(at, quote - at));
        at = quote + 1;
        if (at >= row.size() || row[at] != '"') break;
        field.text += '"';
        ++at;
      }
      if (at < row.size() && row[at] != m_separator) return false;
    } else {
      const auto end = std::min(row.find(m_separator, at), row.size());
      field.text = row.substr(at, end - at);
      at = end;
    }
    if (at >= row.size()) break;
    ++at;
  }
  m_fields.resize(count);
  return true;
}

bool CsvRows::readHeader(std::string_view row) {
  std::ptrdiff_t most = 0;
  for (const char separator : {',', ';', '\t'}) {
    const auto count = std::ranges::count(row, separator);
    if (count <= most) continue;
    most = count;
    m_separator = separator;
  }
  m_names.clear();
  if (!split(row)) return false;
  for (const Field& field : m_fields) {
    std::string name;
    if (trim(field.text).empty()) return false;
    record::writeJsonString(trim(field.text), name);
    name += ':';
    if (std::ranges::find(m_names, name) != m_names.end()) return false;
    m_names.push_back(std::move(name));
  }
  return true;
}

bool CsvRows::toJson(std::string_view row, std::string& out) {
  out.clear();
  if (!split(row) || m_fields.size() > m_names.size()) return false;
  out += '{';
  for (std::size_t i = 0; i < m_fields.size(); ++i) {
    const Field& field = m_fields[i];
    if (field.text.empty() && !field.isQuoted) continue;
    if (out.size() > 1) out += ',';
    out += m_names[i];
    const bool isPlain = !field.isQuoted && (isJsonNumber(field.text) || field.text == "true" ||
                                             field.text == "false");
    if (isPlain) {
      out += field.text;
    } else {
      record::writeJsonString(field.text, out);
    }
  }
  out += '}';
  return true;
}

}  // namespace freshet::file
