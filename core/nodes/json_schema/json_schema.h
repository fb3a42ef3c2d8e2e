// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/nodes/json_schema/schema_map.h"
#include "core/record/owned_value.h"

namespace freshet::nodes::json_schema {

struct Program;
struct ObjectRules;
class Walk;

struct Options {
  Draft draft = Draft::Draft2020;  ///< where the document has no $schema
  bool checksFormats = true;
};

/// What is wrong with an instance: the first thing found.
struct Problem {
  std::string pointer;  ///< JSON pointer into the instance; a missing field is named too
  std::string message;  ///< "properties.currency is missing"
};

/// A JSON Schema (draft-07 or 2020-12) compiled for checking one value after another. It learns the
/// order in which a producer writes its fields, so one instance a thread. What it does not know is
/// refused by `compile`, with the place in the schema as `where` ("/properties/x").
class JsonSchema {
 public:
  static Result<JsonSchema> compile(const record::OwnedValue& schema, Options options = {});
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;
  ~JsonSchema();

  bool accepts(const record::Value& value);
  /// True if `value` is valid; else `problem` says why not.
  bool accepts(const record::Value& value, Problem& problem);

 private:
  explicit JsonSchema(std::unique_ptr<const Program> program);
  std::unique_ptr<const Program> m_program;
  std::unique_ptr<Walk> m_walk;
};

}  // namespace freshet::nodes::json_schema
