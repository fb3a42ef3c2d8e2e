// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/text.h"
#include "core/record/json.h"
#include "core/spec/catalog.h"
#include "core/spec/config.h"

namespace freshet::spec {

FieldSpec field(std::string name, FieldType type, std::string title, std::string help) {
  FieldSpec made;
  made.name = std::move(name);
  made.type = type;
  made.title = std::move(title);
  made.help = std::move(help);
  return made;
}

FieldSpec&& FieldSpec::orElse(std::string_view json) && {
  fallback = record::OwnedValue::fromJson(json).value();
  return std::move(*this);
}

std::string_view familyName(Family family) {
  static constexpr std::string_view kNames[] = {"source", "enrich", "score", "template",
                                                "route",  "sink",   "test"};
  return kNames[static_cast<std::size_t>(family)];
}

const FieldSpec* NodeSpec::find(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &FieldSpec::name);
  return found == fields.end() ? nullptr : &*found;
}

Config::Config(const NodeSpec& spec, record::OwnedValue settings)
    : m_settings(std::move(settings)) {
  for (const FieldSpec& field : spec.fields) {
    if (!field.fallback->isNil() && !m_settings->find(field.name)) {
      m_settings = m_settings.with(field.name, *field.fallback);
    }
  }
}

record::Value Config::value(std::string_view field) const {
  return m_settings->get(field);
}

std::string Config::text(std::string_view field) const {
  const record::Value found = value(field);
  if (found.isString()) return std::string(found.asString());
  return found.isNil() ? std::string() : record::toJson(found);
}

double Config::number(std::string_view field) const {
  const record::Value found = value(field);
  if (found.isString()) return static_cast<double>(parseQuantity(found.asString()).value_or(0));
  return found.number();
}

std::int64_t Config::integer(std::string_view field) const {
  const record::Value found = value(field);
  return found.isInt() ? found.asInt() : static_cast<std::int64_t>(number(field));
}

bool Config::flag(std::string_view field) const {
  return value(field).truthy();
}

std::int64_t Config::durationMs(std::string_view field) const {
  return parseDuration(text(field)).value_or(0);
}

std::int64_t Config::bytes(std::string_view field) const {
  return parseQuantity(text(field)).value_or(0);
}

bool Config::operator==(const Config& other) const {
  return record::toJson(*m_settings) == record::toJson(*other.m_settings);
}

void SpecCatalog::add(NodeSpec spec) {
  std::string id = spec.id;
  m_nodes.insert_or_assign(std::move(id), std::move(spec));
}

void SpecCatalog::add(ConnectionSpec spec) {
  std::string type = spec.type;
  m_connections.insert_or_assign(std::move(type), std::move(spec));
}

const NodeSpec* SpecCatalog::find(std::string_view id) const {
  const auto found = m_nodes.find(id);
  return found == m_nodes.end() ? nullptr : &found->second;
}

const ConnectionSpec* SpecCatalog::findConnection(std::string_view type) const {
  const auto found = m_connections.find(type);
  return found == m_connections.end() ? nullptr : &found->second;
}

std::vector<const NodeSpec*> SpecCatalog::all() const {
  std::vector<const NodeSpec*> list;
  for (const auto& [id, spec] : m_nodes) list.push_back(&spec);
  std::ranges::sort(list, [](const NodeSpec* a, const NodeSpec* b) {
    return std::tie(a->family, a->title, a->id) < std::tie(b->family, b->title, b->id);
  });
  return list;
}

std::vector<const ConnectionSpec*> SpecCatalog::connections() const {
  std::vector<const ConnectionSpec*> list;
  for (const auto& [type, spec] : m_connections) list.push_back(&spec);
  return list;
}

}  // namespace freshet::spec
