// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/record/owned_value.h"

namespace freshet::spec {

enum class FieldType {
  Text,        ///< one line
  LongText,    ///< several lines
  Number,      ///< a double
  Integer,     ///< "10k" is accepted, stored as a number
  Flag,        ///< true or false
  Choice,      ///< one of `choices`
  Duration,    ///< "30 min", stored as text
  Bytes,       ///< "5 MiB", stored as text
  Expression,  ///< Liquid; one {{ … }} keeps its value's type
  Condition,   ///< event.total > 50 and profile.consent.email
  Template,    ///< Liquid text, or the path of a .liquid file in the project
  File,        ///< a path inside the project
  Folder,      ///< a path; relative to the project
  Secret,      ///< ${secret:NAME} or ${env:NAME} only
  Connection,  ///< a name under "connections"
  Map,         ///< an object of name → Expression (or a plain value)
  Cases,       ///< ordered [{name, title, when: Condition}]; each name is an output port
  List         ///< an array of text
};

/// One setting of a node, declared once: form, lint, help and schema come from it.
struct FieldSpec {
  std::string name;   ///< the key in "settings"
  std::string title;  ///< sentence case, for people
  std::string help;   ///< one sentence
  FieldType type = FieldType::Text;
  record::OwnedValue fallback;  ///< the default; nil if there is none
  bool isRequired = false;
  bool isAdvanced = false;
  std::vector<std::string> choices;
  std::optional<double> least;
  std::optional<double> most;
  std::string unit;            ///< "a second", for people
  std::string connectionKind;  ///< for Connection: "profiles", "kafka" …
  std::string visibleWhen;     ///< "field=value" of another field, or empty

  // Fluent, so that a declaration reads as one sentence.
  FieldSpec&& required() && {
    isRequired = true;
    return std::move(*this);
  }
  FieldSpec&& advanced() && {
    isAdvanced = true;
    return std::move(*this);
  }
  FieldSpec&& orElse(std::string_view json) &&;  ///< the default, as JSON
  FieldSpec&& oneOf(std::vector<std::string> all) && {
    choices = std::move(all);
    return std::move(*this);
  }
  FieldSpec&& between(double low, double high) && {
    least = low;
    most = high;
    return std::move(*this);
  }
  FieldSpec&& in(std::string perUnit) && {
    unit = std::move(perUnit);
    return std::move(*this);
  }
  FieldSpec&& of(std::string kind) && {
    connectionKind = std::move(kind);
    return std::move(*this);
  }
  FieldSpec&& when(std::string other) && {
    visibleWhen = std::move(other);
    return std::move(*this);
  }
};

/// field("rate", FieldType::Number, "Events a second", "How many …").orElse("40")
FieldSpec field(std::string name, FieldType type, std::string title, std::string help);

}  // namespace freshet::spec
