// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "core/nodes/json_schema/schema_map.h"

namespace freshet::nodes::json_schema {

/// What stands below a keyword.
enum class Below : std::uint8_t {
  Nothing,
  Schema,
  SchemaList,
  SchemaMap,
  SchemaOrList,        ///< draft-07 `items`
  SchemaOrNamesByKey,  ///< `dependencies`
};

struct Keyword {
  std::string_view name;
  Below below = Below::Nothing;
  bool isInDraft7 = true;
  bool isInDraft2020 = true;
  bool isNote = false;  ///< says nothing about validity

  bool isIn(Draft draft) const { return draft == Draft::Draft7 ? isInDraft7 : isInDraft2020; }
};

/// Null for a keyword of neither draft.
const Keyword* findKeyword(std::string_view name);

}  // namespace freshet::nodes::json_schema
