// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/project.h"
#include "core/record/owned_value.h"

namespace freshet::pipeline {

/// Turns byte offsets of a text into lines and columns (in characters), both from 1.
class LineIndex {
 public:
  struct At {
    int line = 1;
    int column = 1;
  };
  explicit LineIndex(std::string_view text = {});
  At at(std::size_t offset) const;

 private:
  std::string m_text;
  std::vector<std::size_t> m_starts;
};

/// Where a member or an item of a JSON text begins, as byte offsets. An item's key is its value.
struct JsonPlace {
  std::size_t key = 0;
  std::size_t value = 0;
};

/// The places of a JSON text by path ("nodes/3/settings/topic"; a key is written as in the text).
using JsonPlaces = std::map<std::string, JsonPlace, std::less<>>;

/// A JSON file of a project with the place of everything in it. Read strictly: an error has code
/// E-1001, plain words, and "file:line:col" as its place.
class PlacedJson {
 public:
  static Result<PlacedJson> read(std::string_view file, std::string_view text);

  const record::Value& value() const { return *m_value; }
  /// The place of `path`, else of what holds it.
  Places::Place place(std::string_view path) const;
  /// Adds the places of `path` and of everything in it under the name `as`.
  void addTo(Places& places, std::string_view path, const std::string& as) const;
  /// An error about a value, or about the name it stands under.
  Error error(std::string_view path, std::string_view code, std::string message) const;
  Error errorAtName(std::string_view path, std::string_view code, std::string message) const;

 private:
  std::string where(LineIndex::At at) const;

  std::string m_file;
  LineIndex m_lines;
  record::OwnedValue m_value;
  JsonPlaces m_places;
};

}  // namespace freshet::pipeline
