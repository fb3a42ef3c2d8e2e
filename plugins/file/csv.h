// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace freshet::file {

/// Rows of CSV (RFC 4180) as JSON objects named by the header row. One thread.
class CsvRows {
 public:
  /// Learns names and separator (comma, semicolon or tab, whichever the header has most of).
  /// False: no name, an empty one, or one twice.
  bool readHeader(std::string_view row);
  /// A field without quotes that is a JSON number, true or false is one, and an empty one is left
  /// out; all others are text. False: more fields than names, or quotes that do not close.
  bool toJson(std::string_view row, std::string& out);

 private:
  struct Field {
    std::string text;
    bool isQuoted = false;
  };
  bool split(std::string_view row);

  char m_separator = ',';
  std::vector<std::string> m_names;  ///< as JSON strings with their colon
  std::vector<Field> m_fields;
};

}  // namespace freshet::file
