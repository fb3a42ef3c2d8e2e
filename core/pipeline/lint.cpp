// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <tuple>

#include "core/base/text.h"
#include "core/pipeline/findings.h"

namespace freshet::pipeline {

Diagnostic& Findings::add(std::string_view code, std::string_view place, std::string message,
                          std::string hint) {
  Diagnostic found;
  found.severity = code.starts_with("E-") ? Severity::Error : Severity::Warning;
  found.code = code;
  found.message = std::move(message);
  found.hint = std::move(hint);
  found.file = m_project.pipelineFile;
  found.line = 1;
  found.column = 1;
  if (const Places::Place* at = m_project.places.find(place)) {
    if (!at->file.empty()) found.file = at->file;
    found.line = at->line;
    found.column = at->column;
  }
  return m_found.emplace_back(std::move(found));
}

Diagnostic& Findings::addTo(const Node& node, std::string_view code, std::string_view fieldPath,
                            std::string message, std::string hint) {
  std::string place = node.id;
  if (!fieldPath.empty()) place.append("/").append(fieldPath);
  Diagnostic& found = add(code, place, std::move(message), std::move(hint));
  found.node = node.id;
  found.field = fieldPath.substr(0, fieldPath.find('/'));
  return found;
}

bool Findings::hasErrorAt(const Node& node) const {
  return std::ranges::any_of(m_found, [&](const Diagnostic& found) {
    return found.node == node.id && found.severity == Severity::Error;
  });
}

std::vector<Diagnostic> Findings::take() {
  std::ranges::stable_sort(m_found, [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.severity, a.file, a.line, a.column) <
           std::tie(b.severity, b.file, b.line, b.column);
  });
  return std::move(m_found);
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  // Every other short word is near a short one.
  const auto near = word.size() < 3 ? std::nullopt : nearest(word, known);
  return near ? "did you mean " + *near + '?' : std::string();
}

std::string titleOf(const Node& node, const spec::SpecCatalog& catalog) {
  if (!node.title.empty()) return node.title;
  const spec::NodeSpec* spec = catalog.find(node.type);
  return spec ? spec->title : node.id;
}

std::vector<Diagnostic> lint(const Project& project, const spec::SpecCatalog& catalog,
                             const SettingsCheck& check) {
  Findings findings(project);
  lintGraph(project, catalog, findings);
  lintSettings(project, catalog, findings);
  lintDelivery(project, catalog, findings);
  lintLiquid(project, catalog, findings);
  if (check) {
    for (const Node& node : project.pipeline.nodes) {
      if (!catalog.find(node.type) || findings.hasErrorAt(node)) continue;
      const Status checked = check(project, node);
      if (checked) continue;
      const Error& error = checked.error();
      findings.addTo(node, error.code.empty() ? "E-1213" : error.code, error.where, error.message);
    }
  }
  return findings.take();
}

}  // namespace freshet::pipeline
