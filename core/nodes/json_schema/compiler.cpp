// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/compiler.h"

#include <algorithm>

#include "core/nodes/json_schema/check_reader.h"

namespace freshet::nodes::json_schema {

using record::Value;

Compiler::Compiler(record::OwnedValue schema, Options options)
    : m_program(std::make_unique<Program>()), m_options(options), m_draft(options.draft) {
  m_program->schema = std::move(schema);
}

void Compiler::fail(std::string where, std::string message) {
  if (m_error.code.empty()) m_error = {"E-2102", std::move(message), std::move(where)};
}

std::uint32_t Compiler::reserveFollowers(std::size_t count) {
  const std::uint32_t first = m_program->followers;
  m_program->followers += static_cast<std::uint32_t>(count);
  return first;
}

Index Compiler::add(const Place& place) {
  const auto [found, isNew] =
      m_indexes.emplace(place.schema, static_cast<Index>(m_program->checks.size()));
  const Index index = found->second;
  if (isNew) {
    m_program->checks.emplace_back();
    m_pointers.push_back(place.pointer);
    fill(place, index);
  }
  return index;
}

Index Compiler::addBelow(const Place& parent, const Value& schema, std::string_view suffix) {
  return add(m_map->below(parent, schema, suffix));
}

void Compiler::fill(const Place& place, Index index) {
  const Value& schema = *place.schema;
  if (schema.isBool()) {
    m_program->checks[index].isNever = !schema.asBool();
    if (!schema.asBool()) m_program->checks[index].kinds = 0;
    return;
  }
  if (!schema.isObject()) return fail(place.pointer, "a schema is an object, true or false");
  const Value reference = schema.get("$ref");
  if (!reference.isNil() && !reference.isString()) {
    return fail(place.pointer + "/$ref", "must be text");
  }
  if (reference.isString() && m_draft == Draft::Draft7) {
    return addReference(place, reference.asString(), index);
  }
  Check check = CheckReader(*this, place).read();
  m_program->checks[index] = std::move(check);
  if (reference.isString()) addReference(place, reference.asString(), index);
}

void Compiler::addReference(const Place& place, std::string_view reference, Index index) {
  const auto target = m_map->resolve(place, reference);
  if (!target) return fail(place.pointer + "/$ref", target.error().message);
  const Index to = add(*target);
  auto& combination = m_program->checks[index].combination;
  if (!combination) combination = std::make_unique<Combination>();
  combination->reference = to;
}

bool Compiler::isEndless(Index index, std::vector<std::uint8_t>& seen) const {
  enum : std::uint8_t { Fresh, Open, Done };
  if (index == kNone || seen[index] == Done) return false;
  if (seen[index] == Open) return true;
  seen[index] = Open;
  const Check& check = m_program->checks[index];
  std::vector<Index> next;
  if (check.combination) {
    const Combination& same = *check.combination;
    next = {same.reference, same.refused, same.condition, same.then, same.otherwise};
    for (const auto* list : {&same.all, &same.any, &same.one}) {
      next.insert(next.end(), list->begin(), list->end());
    }
  }
  if (check.object) {
    for (const auto& dependency : check.object->dependencies) next.push_back(dependency.check);
  }
  if (std::ranges::any_of(next, [&](Index i) { return isEndless(i, seen); })) return true;
  seen[index] = Done;
  return false;
}

void Compiler::refuseEndless() {
  std::vector<std::uint8_t> seen(m_program->checks.size());
  for (Index i = 0; i < m_program->checks.size(); ++i) {
    if (isEndless(i, seen)) return fail(m_pointers[i], "this schema refers to itself without end");
  }
}

Result<std::unique_ptr<Program>> Compiler::compile() {
  const Value& document = *m_program->schema;
  if (const Value* name = document.find("$schema")) {
    std::string_view uri = name->isString() ? name->asString() : "";
    if (uri.ends_with('#')) uri.remove_suffix(1);
    if (uri == "https://json-schema.org/draft/2020-12/schema") {
      m_draft = Draft::Draft2020;
    } else if (uri == "http://json-schema.org/draft-07/schema" ||
               uri == "https://json-schema.org/draft-07/schema") {
      m_draft = Draft::Draft7;
    } else {
      return Error{"E-2102", "must name draft-07 or draft 2020-12", "/$schema"};
    }
  }
  m_map = std::make_unique<SchemaMap>(document, m_draft);
  m_program->root = add(m_map->root());
  if (m_error.code.empty()) refuseEndless();
  if (!m_error.code.empty()) return m_error;
  return std::move(m_program);
}

}  // namespace freshet::nodes::json_schema
