// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/nodes/json_schema/compiler.h"
#include "core/nodes/json_schema/keywords.h"

namespace freshet::nodes::json_schema {

/// Reads the keywords of one subschema into one Check; what stands below goes back to the compiler.
class CheckReader {
 public:
  CheckReader(Compiler& compiler, const Compiler::Place& place)
      : m_compiler(compiler), m_place(place) {}
  Check read();

 private:
  void readKeyword(std::string_view name, const record::Value& value);
  bool readObject(std::string_view name, const record::Value& value);
  bool readArray(std::string_view name, const record::Value& value);
  bool readText(std::string_view name, const record::Value& value);
  bool readNumber(std::string_view name, const record::Value& value);
  bool readCombination(std::string_view name);

  void readType(const record::Value& value);
  void readKind(std::string_view name);
  void readEnum(const record::Value& value);
  void readConst(const record::Value& value);
  void readProperties(const record::Value& value);
  void readRequired(const record::Value& value);
  void readPatterns(const record::Value& value);
  void readDependencies(std::string_view keyword, const record::Value& value);
  void readItems(const record::Value& value);
  void readAdditionalItems();
  void readFormat(const record::Value& value);

  void fail(std::string_view keyword, std::string message);
  std::string unknown(std::string_view key, const Keyword* keyword) const;
  Index schema(std::string_view keyword);
  std::vector<Index> schemas(std::string_view keyword);
  void count(std::string_view keyword, const record::Value& value, std::uint64_t& to);
  void bound(std::string_view keyword, const record::Value& value,
             std::optional<record::Value>& to);
  std::vector<std::string> names(std::string_view keyword, const record::Value& list);
  bool isMap(std::string_view keyword, const record::Value& value);
  Property& property(std::string_view key);
  std::optional<TextPattern> pattern(std::string_view keyword, std::string_view source);

  template <class T>
  static T& made(std::unique_ptr<T>& rules) {
    if (!rules) rules = std::make_unique<T>();
    return *rules;
  }
  ObjectRules& object() { return made(m_check.object); }
  ArrayRules& array() { return made(m_check.array); }
  TextRules& text() { return made(m_check.text); }
  NumberRules& number() { return made(m_check.number); }
  Combination& combination() { return made(m_check.combination); }

  Compiler& m_compiler;
  const Compiler::Place& m_place;
  Check m_check;
};

}  // namespace freshet::nodes::json_schema
