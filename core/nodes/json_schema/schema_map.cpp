// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/schema_map.h"

#include <charconv>

#include "core/base/text.h"
#include "core/nodes/json_schema/keywords.h"
#include "core/nodes/json_schema/uri.h"
#include "core/nodes/json_schema/words.h"

namespace freshet::nodes::json_schema {
namespace {

using record::Member;
using record::Value;

std::string keyOfSegment(std::string_view segment) {
  std::string key;
  for (std::size_t at = 0; at < segment.size(); ++at) {
    if (segment[at] == '~' && at + 1 < segment.size() && segment[at + 1] == '1') {
      key += '/';
      ++at;
    } else if (segment[at] == '~' && at + 1 < segment.size() && segment[at + 1] == '0') {
      key += '~';
      ++at;
    } else {
      key += segment[at];
    }
  }
  return key;
}

const Value* child(const Value& parent, const std::string& key) {
  if (parent.isObject()) return parent.find(key);
  if (!parent.isArray()) return nullptr;
  std::size_t place = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), place);
  const bool isIndex = read.ec == std::errc() && read.ptr == key.data() + key.size();
  return isIndex && place < parent.size() ? &parent.asArray()[place] : nullptr;
}

}  // namespace

std::string pointerSegment(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

SchemaMap::SchemaMap(const Value& document, Draft draft) : m_document(&document), m_draft(draft) {
  m_resources.emplace("", &document);
  collect(document, "", "");
}

void SchemaMap::name(const Value& schema, std::string& base) {
  // In draft-07 nothing stands beside a $ref.
  if (m_draft == Draft::Draft7 && schema.find("$ref")) return;
  if (const Value id = schema.get("$id"); id.isString()) {
    std::string uri = resolveUri(base, id.asString());
    const auto hash = uri.find('#');
    const std::string fragment = hash == std::string::npos ? "" : uri.substr(hash + 1);
    uri.resize(std::min(hash, uri.size()));
    if (fragment.empty()) {
      base = uri;
      m_resources.insert_or_assign(uri, &schema);
    } else if (m_draft == Draft::Draft7) {
      m_anchors.emplace(uri + '#' + fragment, &schema);
    }
  }
  if (const Value anchor = schema.get("$anchor");
      anchor.isString() && m_draft == Draft::Draft2020) {
    m_anchors.emplace(base + '#' + std::string(anchor.asString()), &schema);
  }
}

void SchemaMap::collect(const Value& schema, std::string base, std::string pointer) {
  if (schema.isObject()) name(schema, base);
  m_places[&schema] = {&schema, pointer, base};
  if (!schema.isObject()) return;
  const auto collectItems = [&](const Value& list, const std::string& at) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      collect(list.asArray()[i], base, at + '/' + std::to_string(i));
    }
  };
  for (const Member& member : schema.asObject()) {
    const Keyword* keyword = findKeyword(member.key);
    if (!keyword || !keyword->isIn(m_draft)) continue;
    const std::string at = pointer + pointerSegment(member.key);
    switch (keyword->below) {
      case Below::Nothing:
        break;
      case Below::Schema:
        collect(member.value, base, at);
        break;
      case Below::SchemaList:
      case Below::SchemaOrList:
        if (member.value.isArray()) {
          collectItems(member.value, at);
        } else if (keyword->below == Below::SchemaOrList) {
          collect(member.value, base, at);
        }
        break;
      case Below::SchemaMap:
      case Below::SchemaOrNamesByKey:
        if (!member.value.isObject()) break;
        for (const Member& entry : member.value.asObject()) {
          if (!entry.value.isArray()) collect(entry.value, base, at + pointerSegment(entry.key));
        }
        break;
    }
  }
}

SchemaMap::Place SchemaMap::below(const Place& parent, const Value& schema,
                                  std::string_view suffix) const {
  const auto found = m_places.find(&schema);
  if (found != m_places.end()) return found->second;
  return {&schema, parent.pointer + std::string(suffix), parent.base};
}

Result<SchemaMap::Place> SchemaMap::follow(Place from, std::string_view pointer,
                                           std::string_view reference) {
  Place at = std::move(from);
  if (!pointer.empty()) pointer.remove_prefix(1);
  for (const std::string_view segment : split(pointer, '/')) {
    const std::string key = keyOfSegment(segment);
    const Value* next = child(*at.schema, key);
    if (!next) {
      return Error{"E-2102", quoted(reference) + " points to nothing in this file", {}};
    }
    at = below(at, *next, pointerSegment(key));
  }
  return at;
}

Result<SchemaMap::Place> SchemaMap::resolve(const Place& from, std::string_view reference) {
  const std::string uri = resolveUri(from.base, reference);
  const auto hash = std::min(uri.find('#'), uri.size());
  const std::string resource = uri.substr(0, hash);
  const std::string fragment = hash < uri.size() ? percentDecoded(uri.substr(hash + 1)) : "";
  const auto found = m_resources.find(resource);
  if (found == m_resources.end()) {
    return Error{
        "E-2102",
        quoted(reference) + " is not in this file; schemas are never fetched: copy it into $defs",
        {}};
  }
  if (fragment.empty()) return m_places.at(found->second);
  if (fragment.starts_with('/')) {
    return follow(m_places.at(found->second), fragment, reference);
  }
  const auto anchor = m_anchors.find(resource + '#' + fragment);
  if (anchor == m_anchors.end()) {
    return Error{"E-2102", "there is no anchor " + quoted(fragment) + " in this file", {}};
  }
  return m_places.at(anchor->second);
}

}  // namespace freshet::nodes::json_schema
