// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/value.h"

namespace freshet::postgres {

/// A column of a table, as far as a value must fit it.
struct Column {
  enum class Kind {
    Integer,
    Float,
    Numeric,
    Flag,
    Text,
    Uuid,
    Date,
    Time,  ///< timestamp, with a zone or without (then UTC)
    Json,  ///< json
    JsonB,
    Choice,  ///< an enum
    Other    ///< sent as text; the server decides
  };
  std::string name;
  std::string type;  ///< as the server writes it, "numeric"
  Kind kind = Kind::Other;
  std::int64_t least = 0;  ///< Integer
  std::int64_t most = 0;
  std::size_t mostChars = 0;  ///< Text: 0 is no limit
  bool isNullable = true;
  std::vector<std::string> choices;
};

/// Appends `value` to `out` as an element of an array in text form. Otherwise what is wrong with
/// it, without the column's name, and `out` may hold a part.
std::string_view appendCell(std::string& out, const Column& column, const record::Value& value);

}  // namespace freshet::postgres
