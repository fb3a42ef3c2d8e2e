// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/diagnostic.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {

/// Gathers diagnostics and finds their places. One lint's own; single-threaded.
class Findings {
 public:
  explicit Findings(const Project& project) : m_project(project) {}

  /// `place` is a key of Places. The severity is that of the code's first letter.
  Diagnostic& add(std::string_view code, std::string_view place, std::string message,
                  std::string hint = {});
  /// About a node, or one of its fields ("topic", "cases/0/when").
  Diagnostic& addTo(const Node& node, std::string_view code, std::string_view fieldPath,
                    std::string message, std::string hint = {});
  bool hasErrorAt(const Node& node) const;
  /// Errors first, then by place.
  std::vector<Diagnostic> take();

 private:
  const Project& m_project;
  std::vector<Diagnostic> m_found;
};

/// "did you mean topic?", or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);
/// The node's title, else its type's, else its id: for messages.
std::string titleOf(const Node& node, const spec::SpecCatalog& catalog);

// The parts of lint.
void lintGraph(const Project& project, const spec::SpecCatalog& catalog, Findings& findings);
void lintSettings(const Project& project, const spec::SpecCatalog& catalog, Findings& findings);
void lintDelivery(const Project& project, const spec::SpecCatalog& catalog, Findings& findings);
void lintLiquid(const Project& project, const spec::SpecCatalog& catalog, Findings& findings);

/// Whether a field counts: its `visibleWhen` holds for these settings.
bool isVisible(const spec::FieldSpec& field, const std::vector<spec::FieldSpec>& fields,
               const record::Value& settings);
/// A setting of a Template field that names a file of the project.
bool isTemplateFile(std::string_view setting);
/// Whether a text holds ${env:…} or ${secret:…}.
bool hasReference(std::string_view text);

}  // namespace freshet::pipeline
