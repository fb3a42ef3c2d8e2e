// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet::nodes::json_schema {

/// A format that is checked. `example` completes "must be …" for a person.
struct Format {
  std::string_view name;
  std::string_view example;
  bool (*holds)(std::string_view text);
};

/// Null for a format that is a note only (RFC 3339, 3986, 4122, 4291, 5321 and 1123 are checked).
const Format* findFormat(std::string_view name);

}  // namespace freshet::nodes::json_schema
