// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/nodes/json_schema/formats.h"
#include "core/nodes/json_schema/text_pattern.h"
#include "core/record/owned_value.h"

namespace freshet::nodes::json_schema {

/// The compiled form of a schema: one Check a subschema, in one array, naming each other by index.
/// Made by the compiler, read by the validator; equal subschemas are not merged.
using Index = std::uint32_t;
inline constexpr Index kNone = UINT32_MAX;

constexpr std::uint8_t bit(record::Kind kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}
inline constexpr std::uint8_t kAnyKind = UINT8_MAX;

/// A field that the schema names: by `properties`, `required` or both.
struct Property {
  std::string key;
  Index check = kNone;
  std::uint32_t requiredNumber = kNone;  ///< its bit among the required ones
  bool isDeclared = false;               ///< by `properties`, so not additional
};

struct ObjectRules {
  struct Pattern {
    TextPattern pattern;
    Index check;
  };
  struct Dependency {
    std::string key;
    std::vector<std::string> required;
    Index check = kNone;
  };
  std::vector<Property> properties;
  std::vector<std::uint32_t> byKey;  ///< into `properties`, sorted by key
  std::uint32_t requiredCount = 0;
  std::uint32_t firstFollower = 0;  ///< where the walk keeps its guesses for these properties
  std::vector<Pattern> patterns;
  std::vector<Dependency> dependencies;
  Index additional = kNone;
  Index names = kNone;
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
};

struct ArrayRules {
  std::vector<Index> first;  ///< by place
  Index rest = kNone;
  Index contained = kNone;
  std::uint64_t leastContained = 1;
  std::uint64_t mostContained = UINT64_MAX;
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  bool isUnique = false;
  bool countsContained = false;  ///< 2020-12: an item that is contained is evaluated
};

struct TextRules {
  std::uint64_t least = 0;  ///< in code points
  std::uint64_t most = UINT64_MAX;
  std::optional<TextPattern> pattern;
  const Format* format = nullptr;
};

struct NumberRules {
  std::optional<record::Value> least;
  std::optional<record::Value> most;
  std::optional<record::Value> above;
  std::optional<record::Value> below;
  std::optional<record::Value> multipleOf;
};

/// What applies other checks to the same value.
struct Combination {
  Index reference = kNone;
  std::vector<Index> all;
  std::vector<Index> any;
  std::vector<Index> one;
  Index refused = kNone;
  Index condition = kNone;
  Index then = kNone;
  Index otherwise = kNone;
  Index unevaluatedProperties = kNone;
  Index unevaluatedItems = kNone;

  /// Whether it must be remembered which members or items were looked at.
  bool needsMemory() const { return unevaluatedProperties != kNone || unevaluatedItems != kNone; }
};

struct Check {
  std::uint8_t kinds = kAnyKind;    ///< bits of record::Kind that pass
  bool acceptsWholeFloats = false;  ///< "integer" takes 1.0
  bool isLimited = false;           ///< `allowed` says all that passes
  bool isNever = false;             ///< the schema `false`
  std::vector<record::Value> allowed;
  std::unique_ptr<ObjectRules> object;
  std::unique_ptr<ArrayRules> array;
  std::unique_ptr<TextRules> text;
  std::unique_ptr<NumberRules> number;
  std::unique_ptr<Combination> combination;
};

struct Program {
  record::OwnedValue schema;  ///< holds what `allowed` and the bounds point to
  std::vector<Check> checks;
  Index root = 0;
  std::uint32_t followers = 0;  ///< guesses that a walk needs
};

}  // namespace freshet::nodes::json_schema
