// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/nodes/json_schema/json_schema.h"
#include "core/nodes/json_schema/program.h"

namespace freshet::nodes::json_schema {

/// Turns a schema document into a Program. Used once, then thrown away.
class Compiler {
 public:
  using Place = SchemaMap::Place;

  Compiler(record::OwnedValue schema, Options options);
  Result<std::unique_ptr<Program>> compile();

  // For the reader of one subschema:
  Draft draft() const { return m_draft; }
  bool checksFormats() const { return m_options.checksFormats; }
  Index addBelow(const Place& parent, const record::Value& schema, std::string_view suffix);
  /// Room for a walk's guesses about `count` properties; where it begins.
  std::uint32_t reserveFollowers(std::size_t count);
  void fail(std::string where, std::string message);

 private:
  Index add(const Place& place);
  void fill(const Place& place, Index index);
  void addReference(const Place& place, std::string_view reference, Index index);
  void refuseEndless();
  bool isEndless(Index index, std::vector<std::uint8_t>& seen) const;

  std::unique_ptr<Program> m_program;
  Options m_options;
  Draft m_draft = Draft::Draft2020;
  std::unique_ptr<SchemaMap> m_map;
  std::unordered_map<const record::Value*, Index> m_indexes;
  std::vector<std::string> m_pointers;  ///< of each check
  Error m_error;                        ///< the first; `code` is empty while all is well
};

}  // namespace freshet::nodes::json_schema
