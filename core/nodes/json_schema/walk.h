// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/nodes/json_schema/json_schema.h"
#include "core/nodes/json_schema/program.h"

namespace freshet::nodes::json_schema {

/// Runs a Program over values. Keeps, for each object of the schema, which field followed which the
/// last time: a producer writes its fields in one order, so the guess is nearly always right.
class Walk {
 public:
  explicit Walk(const Program& program);
  bool run(const record::Value& value, Problem* problem);

 private:
  /// The members or items that some check has looked at; for unevaluatedProperties and -Items.
  struct Evaluated {
    explicit Evaluated(std::size_t size) : seen(size) {}
    void merge(const Evaluated& other);
    std::vector<bool> seen;
  };
  /// A step from the instance's root; `key` is null for a place in an array.
  struct Step {
    std::string_view key;
    std::size_t place = 0;
    bool isKey = false;
  };

  bool check(Index index, const record::Value& value, Evaluated* evaluated);
  bool checkRemembering(const Check& check, const record::Value& value, Evaluated* evaluated);
  bool checkObject(const ObjectRules& rules, const record::Value& value, Evaluated* evaluated);
  /// What a field has to pass besides its own schema: patterns, additional ones, names.
  bool checkUnnamed(const ObjectRules& rules, const record::Member& member, bool isDeclared,
                    Evaluated* evaluated, std::size_t place);
  bool checkPresence(const ObjectRules& rules, const record::Value& value, Evaluated* evaluated);
  bool checkArray(const ArrayRules& rules, const record::Value& value, Evaluated* evaluated);
  bool checkContained(const ArrayRules& rules, const record::Value& value, Evaluated* evaluated);
  bool checkUnique(const record::Value& value);
  bool checkText(const TextRules& rules, std::string_view text);
  bool checkNumber(const NumberRules& rules, const record::Value& value);
  bool checkAllowed(const Check& check, const record::Value& value);
  bool checkCombination(const Combination& rules, const record::Value& value, Evaluated* evaluated);
  bool checkEach(const Combination& rules, const record::Value& value, Evaluated* evaluated);
  bool checkOne(const Combination& rules, const record::Value& value, Evaluated* evaluated);
  bool checkUnevaluated(const Combination& rules, const record::Value& value, Evaluated& evaluated);

  /// Whether the same value passes, without a word about why not.
  bool quietly(Index index, const record::Value& value, Evaluated* evaluated);
  std::uint32_t find(const ObjectRules& rules, std::string_view key) const;

  template <class Words>
  [[gnu::cold, gnu::noinline]] bool fail(Words words);
  [[gnu::cold, gnu::noinline]] bool failKind(const Check& check, const record::Value& value);
  [[gnu::cold, gnu::noinline]] bool inside(std::string_view key);
  [[gnu::cold, gnu::noinline]] bool inside(std::size_t place);

  const Program& m_program;
  std::vector<std::uint32_t> m_followers;
  std::uint32_t m_stepsLeft = 0;
  int m_nesting = 0;
  int m_quiet = 0;
  std::string m_words;
  std::vector<Step> m_path;  ///< from the failing value to the root
};

}  // namespace freshet::nodes::json_schema
