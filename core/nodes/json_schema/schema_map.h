// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/result.h"
#include "core/record/value.h"

namespace freshet::nodes::json_schema {

enum class Draft { Draft7, Draft2020 };

/// Where the subschemas of a document are and what they are called: `$id`, `$anchor`, JSON
/// pointers. Built once before compiling; the document must stay where it is.
class SchemaMap {
 public:
  struct Place {
    const record::Value* schema = nullptr;
    std::string pointer;  ///< in the document
    std::string base;     ///< the URI that references start from
  };

  SchemaMap(const record::Value& document, Draft draft);

  Place root() const { return m_places.at(m_document); }
  /// The schema that `reference`, written at `from`, means. Only inside the document.
  Result<Place> resolve(const Place& from, std::string_view reference);
  /// `child` is a subschema of `parent` found under the pointer segment(s) `suffix`.
  Place below(const Place& parent, const record::Value& child, std::string_view suffix) const;

 private:
  void collect(const record::Value& schema, std::string base, std::string pointer);
  void name(const record::Value& schema, std::string& base);
  Result<Place> follow(Place from, std::string_view pointer, std::string_view reference);

  const record::Value* m_document;
  Draft m_draft;
  std::unordered_map<const record::Value*, Place> m_places;
  std::map<std::string, const record::Value*, std::less<>> m_resources;  ///< by URI
  std::map<std::string, const record::Value*, std::less<>> m_anchors;    ///< by URI#name
};

/// "/a~1b" for the key "a/b".
std::string pointerSegment(std::string_view key);

}  // namespace freshet::nodes::json_schema
