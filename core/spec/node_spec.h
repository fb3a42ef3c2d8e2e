// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/spec/field_spec.h"

namespace freshet::spec {

enum class Family { Source, Enrich, Score, Template, Route, Sink, Test };
std::string_view familyName(Family family);  ///< "source", "enrich" …

/// What a sink promises when a batch is delivered twice.
/// Keyed: each delivery carries a key by which the receiver can tell a repeated one.
enum class DeliveryClass { None, Transactional, Idempotent, Keyed, AtLeastOnce };

struct PortSpec {
  std::string name;  ///< "out", "found", "error"
  std::string title;
  bool isOptional =
      false;  ///< records that would leave by it, unconnected, leave by the first port instead
};

/// An example for the docs, `freshet nodes` and the sweep test: settings that lint clean.
struct ExampleSpec {
  std::string title;
  std::string settingsJson;
};

/// What a node is, told as data. From it come palette, form, lint, JSON Schema and pages.
/// A page that a node serves to browsers while it runs.
struct PageSpec {
  std::string title;    ///< "your shop page"
  std::string address;  ///< "http://{listen}/shop": a name in braces is a setting
  std::string needs;    ///< a file of the project without which there is none
};

struct NodeSpec {
  std::string id;  ///< "score.decay"
  Family family = Family::Route;
  std::string title;    ///< "Interest score"
  std::string summary;  ///< one sentence for the palette and the page
  std::string icon;     ///< name in the icon set
  std::vector<std::string> synonyms;
  bool hasInput = true;
  std::vector<PortSpec> outputs;  ///< empty for sinks
  bool outputsFromCases = false;  ///< branch: a port for each case
  std::vector<FieldSpec> fields;
  std::vector<std::string> addsSections;  ///< literal names, or "=as" for the value of setting `as`
  /// "clock", "profiles", "kafka" … "state": keeps some; "people": what comes here reaches people,
  /// so that what goes round again is withheld unless armed.
  std::vector<std::string> capabilities;
  DeliveryClass delivery = DeliveryClass::None;
  std::string keySummary;  ///< setting shown on the card's second line, e.g. "halfLife"
  std::vector<ExampleSpec> examples;
  std::optional<PageSpec> page;

  const FieldSpec* find(std::string_view field) const;
};

}  // namespace freshet::spec
