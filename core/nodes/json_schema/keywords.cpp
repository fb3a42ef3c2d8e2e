// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/keywords.h"

#include <algorithm>
#include <array>

namespace freshet::nodes::json_schema {
namespace {

constexpr Keyword both(std::string_view name, Below below = Below::Nothing) {
  return {name, below, true, true, false};
}
constexpr Keyword note(std::string_view name) {
  return {name, Below::Nothing, true, true, true};
}
constexpr Keyword draft7(std::string_view name, Below below) {
  return {name, below, true, false, false};
}
constexpr Keyword draft2020(std::string_view name, Below below = Below::Nothing) {
  return {name, below, false, true, false};
}

constexpr std::array kKeywords = {
    note("$schema"),
    note("$id"),
    note("$comment"),
    note("title"),
    note("description"),
    note("default"),
    note("examples"),
    note("readOnly"),
    note("writeOnly"),
    note("deprecated"),
    note("contentMediaType"),
    note("contentEncoding"),
    note("contentSchema"),
    both("definitions", Below::SchemaMap),
    both("$ref"),
    both("type"),
    both("enum"),
    both("const"),
    both("multipleOf"),
    both("maximum"),
    both("exclusiveMaximum"),
    both("minimum"),
    both("exclusiveMinimum"),
    both("maxLength"),
    both("minLength"),
    both("pattern"),
    both("format"),
    both("items", Below::SchemaOrList),
    both("maxItems"),
    both("minItems"),
    both("uniqueItems"),
    both("contains", Below::Schema),
    both("maxProperties"),
    both("minProperties"),
    both("required"),
    both("properties", Below::SchemaMap),
    both("patternProperties", Below::SchemaMap),
    both("additionalProperties", Below::Schema),
    both("propertyNames", Below::Schema),
    both("dependencies", Below::SchemaOrNamesByKey),
    both("if", Below::Schema),
    both("then", Below::Schema),
    both("else", Below::Schema),
    both("allOf", Below::SchemaList),
    both("anyOf", Below::SchemaList),
    both("oneOf", Below::SchemaList),
    both("not", Below::Schema),
    draft7("additionalItems", Below::Schema),
    both("$defs", Below::SchemaMap),
    draft2020("$anchor"),
    draft2020("prefixItems", Below::SchemaList),
    draft2020("maxContains"),
    draft2020("minContains"),
    draft2020("dependentRequired"),
    draft2020("dependentSchemas", Below::SchemaMap),
    draft2020("unevaluatedItems", Below::Schema),
    draft2020("unevaluatedProperties", Below::Schema),
};

}  // namespace

const Keyword* findKeyword(std::string_view name) {
  const auto found = std::ranges::find(kKeywords, name, &Keyword::name);
  return found == kKeywords.end() ? nullptr : &*found;
}

}  // namespace freshet::nodes::json_schema
