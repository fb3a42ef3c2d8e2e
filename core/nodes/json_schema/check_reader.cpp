// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/check_reader.h"

#include <algorithm>
#include <array>

#include "core/nodes/json_schema/numbers.h"
#include "core/nodes/json_schema/words.h"

namespace freshet::nodes::json_schema {

using record::Kind;
using record::Member;
using record::Value;

Check CheckReader::read() {
  for (const Member& member : m_place.schema->asObject()) readKeyword(member.key, member.value);
  if (const Value* value = m_place.schema->find("const")) readConst(*value);
  if (m_check.object) {
    ObjectRules& rules = *m_check.object;
    for (std::uint32_t i = 0; i < rules.properties.size(); ++i) rules.byKey.push_back(i);
    std::ranges::sort(rules.byKey, {}, [&](std::uint32_t i) { return rules.properties[i].key; });
    rules.firstFollower = m_compiler.reserveFollowers(rules.properties.size() + 1);
  }
  return std::move(m_check);
}

void CheckReader::readKeyword(std::string_view name, const Value& value) {
  const Keyword* const keyword = findKeyword(name);
  if (!keyword || !keyword->isIn(m_compiler.draft())) return fail(name, unknown(name, keyword));
  if (keyword->isNote || readObject(name, value) || readArray(name, value)) return;
  if (readText(name, value) || readNumber(name, value) || readCombination(name)) return;
  if (name == "type") readType(value);
  if (name == "enum") readEnum(value);
}

bool CheckReader::readObject(std::string_view name, const Value& value) {
  if (name == "properties") {
    readProperties(value);
  } else if (name == "required") {
    readRequired(value);
  } else if (name == "patternProperties") {
    readPatterns(value);
  } else if (name == "additionalProperties") {
    object().additional = schema(name);
  } else if (name == "propertyNames") {
    object().names = schema(name);
  } else if (name == "minProperties") {
    count(name, value, object().least);
  } else if (name == "maxProperties") {
    count(name, value, object().most);
  } else if (name == "dependencies" || name == "dependentRequired" || name == "dependentSchemas") {
    readDependencies(name, value);
  } else {
    return false;
  }
  return true;
}

bool CheckReader::readArray(std::string_view name, const Value& value) {
  if (name == "items") {
    readItems(value);
  } else if (name == "prefixItems") {
    array().first = schemas(name);
  } else if (name == "additionalItems") {
    readAdditionalItems();
  } else if (name == "contains") {
    array().contained = schema(name);
    array().countsContained = m_compiler.draft() == Draft::Draft2020;
  } else if (name == "minContains") {
    count(name, value, array().leastContained);
  } else if (name == "maxContains") {
    count(name, value, array().mostContained);
  } else if (name == "minItems") {
    count(name, value, array().least);
  } else if (name == "maxItems") {
    count(name, value, array().most);
  } else if (name == "uniqueItems") {
    array().isUnique = value.truthy();
    if (!value.isBool()) fail(name, "must be true or false");
  } else {
    return false;
  }
  return true;
}

bool CheckReader::readText(std::string_view name, const Value& value) {
  if (name == "minLength") {
    count(name, value, text().least);
  } else if (name == "maxLength") {
    count(name, value, text().most);
  } else if (name == "pattern") {
    if (!value.isString()) {
      fail(name, "must be text");
    } else {
      text().pattern = pattern(name, value.asString());
    }
  } else if (name == "format") {
    readFormat(value);
  } else {
    return false;
  }
  return true;
}

bool CheckReader::readNumber(std::string_view name, const Value& value) {
  if (name == "minimum") {
    bound(name, value, number().least);
  } else if (name == "maximum") {
    bound(name, value, number().most);
  } else if (name == "exclusiveMinimum") {
    bound(name, value, number().above);
  } else if (name == "exclusiveMaximum") {
    bound(name, value, number().below);
  } else if (name == "multipleOf") {
    bound(name, value, number().multipleOf);
    if (value.isNumber() && !(value.number() > 0)) fail(name, "must be more than 0");
  } else {
    return false;
  }
  return true;
}

bool CheckReader::readCombination(std::string_view name) {
  if (name == "allOf") {
    combination().all = schemas(name);
  } else if (name == "anyOf") {
    combination().any = schemas(name);
  } else if (name == "oneOf") {
    combination().one = schemas(name);
  } else if (name == "not") {
    combination().refused = schema(name);
  } else if (name == "if") {
    combination().condition = schema(name);
  } else if (name == "then") {
    combination().then = schema(name);
  } else if (name == "else") {
    combination().otherwise = schema(name);
  } else if (name == "unevaluatedProperties") {
    combination().unevaluatedProperties = schema(name);
  } else if (name == "unevaluatedItems") {
    combination().unevaluatedItems = schema(name);
  } else {
    return false;
  }
  return true;
}

void CheckReader::readType(const Value& value) {
  m_check.kinds = 0;
  if (value.isString()) return readKind(value.asString());
  for (const std::string& name : names("type", value)) readKind(name);
}

void CheckReader::readKind(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::uint8_t>, 7> kKinds = {
      {{"null", bit(Kind::Nil)},
       {"boolean", bit(Kind::Bool)},
       {"integer", bit(Kind::Int)},
       {"number", static_cast<std::uint8_t>(bit(Kind::Int) | bit(Kind::Float))},
       {"string", bit(Kind::String)},
       {"array", bit(Kind::Array)},
       {"object", bit(Kind::Object)}}};
  const auto found = std::ranges::find(kKinds, name, &decltype(kKinds)::value_type::first);
  if (found == kKinds.end()) return fail("type", quoted(name) + " is no type");
  m_check.kinds |= found->second;
  if (name == "integer") m_check.acceptsWholeFloats = true;
}

void CheckReader::readEnum(const Value& value) {
  if (!value.isArray()) return fail("enum", "must be a list");
  m_check.isLimited = true;
  m_check.allowed.assign(value.asArray().begin(), value.asArray().end());
}

void CheckReader::readConst(const Value& value) {
  // Beside an enum both must hold; what is left is one value or none.
  const bool isRuledOut = m_check.isLimited && std::ranges::count(m_check.allowed, value) == 0;
  m_check.isLimited = true;
  m_check.allowed.clear();
  if (!isRuledOut) m_check.allowed.push_back(value);
}

Property& CheckReader::property(std::string_view key) {
  auto& all = object().properties;
  const auto found = std::ranges::find(all, key, &Property::key);
  if (found != all.end()) return *found;
  Property made;
  made.key = std::string(key);
  return all.emplace_back(std::move(made));
}

void CheckReader::readProperties(const Value& value) {
  if (!isMap("properties", value)) return;
  for (const Member& member : value.asObject()) {
    const Index index =
        m_compiler.addBelow(m_place, member.value, "/properties" + pointerSegment(member.key));
    Property& made = property(member.key);
    made.isDeclared = true;
    made.check = index;
  }
}

void CheckReader::readRequired(const Value& value) {
  for (const std::string& name : names("required", value)) {
    Property& made = property(name);
    if (made.requiredNumber == kNone) made.requiredNumber = object().requiredCount++;
  }
}

void CheckReader::readPatterns(const Value& value) {
  if (!isMap("patternProperties", value)) return;
  for (const Member& member : value.asObject()) {
    const Index index = m_compiler.addBelow(m_place, member.value,
                                            "/patternProperties" + pointerSegment(member.key));
    if (auto made = pattern("patternProperties", member.key)) {
      object().patterns.push_back({std::move(*made), index});
    }
  }
}

void CheckReader::readDependencies(std::string_view keyword, const Value& value) {
  if (!isMap(keyword, value)) return;
  for (const Member& member : value.asObject()) {
    ObjectRules::Dependency made;
    made.key = std::string(member.key);
    if (keyword == "dependentRequired" || member.value.isArray()) {
      made.required = names(keyword, member.value);
    } else {
      made.check = m_compiler.addBelow(m_place, member.value,
                                       pointerSegment(keyword) + pointerSegment(member.key));
    }
    object().dependencies.push_back(std::move(made));
  }
}

void CheckReader::readItems(const Value& value) {
  if (!value.isArray()) {
    array().rest = schema("items");
  } else if (m_compiler.draft() == Draft::Draft2020) {
    fail("items", "is one schema in draft 2020-12; a list of schemas is called prefixItems");
  } else if (value.size() > 0) {
    array().first = schemas("items");
  }
}

void CheckReader::readAdditionalItems() {
  const Index index = schema("additionalItems");
  // It means something only beside a list.
  if (m_place.schema->get("items").isArray()) array().rest = index;
}

void CheckReader::readFormat(const Value& value) {
  if (!value.isString()) return fail("format", "must be text");
  const Format* const known = findFormat(value.asString());
  if (known && m_compiler.checksFormats()) text().format = known;
}

void CheckReader::fail(std::string_view keyword, std::string message) {
  m_compiler.fail(m_place.pointer + pointerSegment(keyword), std::move(message));
}

std::string CheckReader::unknown(std::string_view key, const Keyword* keyword) const {
  if (keyword) {
    return quoted(key) + " belongs to draft " + (keyword->isInDraft7 ? "07" : "2020-12") +
           ", and this schema is of draft " + (keyword->isInDraft7 ? "2020-12" : "07");
  }
  if (key.starts_with("$dynamic") || key == "$vocabulary" || key.starts_with("$recursive")) {
    return quoted(key) + " is not supported";
  }
  return quoted(key) + " is no keyword that can be checked; notes belong in $comment";
}

Index CheckReader::schema(std::string_view keyword) {
  return m_compiler.addBelow(m_place, *m_place.schema->find(keyword), pointerSegment(keyword));
}

std::vector<Index> CheckReader::schemas(std::string_view keyword) {
  std::vector<Index> list;
  const Value& value = *m_place.schema->find(keyword);
  if (!value.isArray() || value.size() == 0) {
    fail(keyword, "must be a list of schemas");
    return list;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    list.push_back(m_compiler.addBelow(
        m_place, value.asArray()[i], pointerSegment(keyword) + pointerSegment(std::to_string(i))));
  }
  return list;
}

void CheckReader::count(std::string_view keyword, const Value& value, std::uint64_t& to) {
  constexpr double kMost = 9e15;
  if (!isWhole(value) || value.number() < 0 || value.number() > kMost) {
    fail(keyword, "must be a whole number, 0 or more");
  } else {
    to = static_cast<std::uint64_t>(value.number());
  }
}

void CheckReader::bound(std::string_view keyword, const Value& value, std::optional<Value>& to) {
  if (!value.isNumber()) {
    fail(keyword, "must be a number");
  } else {
    to = value;
  }
}

std::vector<std::string> CheckReader::names(std::string_view keyword, const Value& list) {
  const auto isText = [](const Value& item) { return item.isString(); };
  std::vector<std::string> out;
  if (!list.isArray() || !std::ranges::all_of(list.asArray(), isText)) {
    fail(keyword, "must be a list of names");
    return out;
  }
  for (const Value& item : list.asArray()) out.emplace_back(item.asString());
  return out;
}

bool CheckReader::isMap(std::string_view keyword, const Value& value) {
  if (!value.isObject()) fail(keyword, "must be an object");
  return value.isObject();
}

std::optional<TextPattern> CheckReader::pattern(std::string_view keyword, std::string_view source) {
  auto compiled = TextPattern::compile(source);
  if (compiled) return std::move(compiled).value();
  fail(keyword, compiled.error().message);
  return {};
}

}  // namespace freshet::nodes::json_schema
