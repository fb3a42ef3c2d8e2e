// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/json_schema.h"

#include "core/nodes/json_schema/compiler.h"
#include "core/nodes/json_schema/walk.h"

namespace freshet::nodes::json_schema {

Result<JsonSchema> JsonSchema::compile(const record::OwnedValue& schema, Options options) {
  auto program = Compiler(schema, options).compile();
  if (!program) return program.error();
  return JsonSchema(std::move(program).value());
}

JsonSchema::JsonSchema(std::unique_ptr<const Program> program)
    : m_program(std::move(program)), m_walk(std::make_unique<Walk>(*m_program)) {}
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

bool JsonSchema::accepts(const record::Value& value) {
  return m_walk->run(value, nullptr);
}

bool JsonSchema::accepts(const record::Value& value, Problem& problem) {
  return m_walk->run(value, &problem);
}

}  // namespace freshet::nodes::json_schema
