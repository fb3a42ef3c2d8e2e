// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lint.h"

#include <algorithm>
#include <filesystem>

#include "app/cli/projects.h"
#include "app/common/settings_check.h"
#include "core/pipeline/codes.h"
#include "core/pipeline/delivery.h"
#include "core/pipeline/project.h"
#include "core/pipeline/test_file.h"

namespace freshet::cli {
namespace {

using pipeline::Diagnostic;
using pipeline::Project;
using record::Member;
using record::Value;

/// "file:line:col" of an error as a diagnostic's place.
Diagnostic asDiagnostic(const Error& error) {
  Diagnostic found;
  found.code = error.code;
  found.message = error.message;
  found.file = error.where;
  int* const numbers[] = {&found.column, &found.line};
  for (int* number : numbers) {
    const std::size_t colon = found.file.rfind(':');
    if (colon == std::string::npos || colon + 1 == found.file.size() ||
        found.file.find_first_not_of("0123456789", colon + 1) != std::string::npos) {
      break;
    }
    *number = std::atoi(found.file.c_str() + colon + 1);
    found.file.resize(colon);
  }
  return found;
}

std::vector<std::string> overlaysOf(const Project& project) {
  std::vector<std::string> names;
  std::error_code failed;
  const auto folder = std::filesystem::path(project.folder) / "env";
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

class Linter {
 public:
  Linter(const LintArguments& arguments, const plugin::Registry& registry)
      : m_arguments(arguments),
        m_catalog(registry.catalog()),
        m_check(common::settingsCheck(registry)) {}

  void lintFile(const std::string& file) {
    const std::string folder =
        std::filesystem::absolute(std::filesystem::path(file)).parent_path().lexically_normal();
    const auto project = pipeline::loadProject(file);
    if (!project) return add(asDiagnostic(project.error()), folder);
    if (m_arguments.env.empty()) {
      for (Diagnostic& each : pipeline::lint(*project, m_catalog, m_check))
        add(std::move(each), folder);
      for (Diagnostic& each : pipeline::lintTests(*project, m_catalog))
        add(std::move(each), folder);
      for (const std::string& env : overlaysOf(*project)) lintOverlay(*project, env);
    } else {
      lintOverlay(*project, m_arguments.env);
    }
  }

  const std::vector<Diagnostic>& found() const { return m_found; }

 private:
  void lintOverlay(const Project& project, const std::string& env) {
    const auto overlaid = pipeline::withOverlay(project, env);
    if (!overlaid) return add(asDiagnostic(overlaid.error()), project.folder);
    for (Diagnostic& each : pipeline::lint(*overlaid, m_catalog, m_check)) {
      add(std::move(each), project.folder);
    }
  }

  /// Adds a finding once: what is wrong in the pipeline is wrong under each overlay too.
  void add(Diagnostic found, const std::string& folder) {
    found.file = shownPath(folder, found.file);
    const bool isKnown = std::ranges::any_of(
        m_found, [&](const Diagnostic& other) { return other.text() == found.text(); });
    if (!isKnown) m_found.push_back(std::move(found));
  }

  const LintArguments& m_arguments;
  const spec::SpecCatalog& m_catalog;
  pipeline::SettingsCheck m_check;
  std::vector<Diagnostic> m_found;
};

std::string toJson(const std::vector<Diagnostic>& found) {
  Arena arena;
  const auto list = arena.array<Value>(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Diagnostic& each = found[i];
    const bool isError = each.severity == pipeline::Severity::Error;
    const Member members[] = {{"severity", Value(std::string_view(isError ? "error" : "warning"))},
                              {"code", Value(std::string_view(each.code))},
                              {"message", Value(std::string_view(each.message))},
                              {"hint", Value(std::string_view(each.hint))},
                              {"node", Value(std::string_view(each.node))},
                              {"field", Value(std::string_view(each.field))},
                              {"file", Value(std::string_view(each.file))},
                              {"line", Value(std::int64_t{each.line})},
                              {"column", Value(std::int64_t{each.column})}};
    list[i] = record::deepCopy(Value(std::span<const Member>(members)), arena);
  }
  return record::toPrettyJson(Value(std::span<const Value>(list)));
}

int listCodes(const LintArguments& arguments, const Shell& shell) {
  if (arguments.format == Format::Text) {
    for (const pipeline::Code& code : pipeline::codes()) {
      shell.print(std::string(code.code) + "  " + std::string(code.meaning) + '\n');
    }
    return kOk;
  }
  std::vector<Member> members;
  for (const pipeline::Code& code : pipeline::codes()) {
    members.push_back({code.code, Value(code.meaning)});
  }
  shell.print(record::toPrettyJson(Value(std::span<const Member>(members))));
  return kOk;
}

/// What each wire promises, by pipeline: text, or JSON with one object a wire.
int listDelivery(const LintArguments& arguments, const std::vector<std::string>& files,
                 const spec::SpecCatalog& catalog, const Shell& shell) {
  std::vector<record::OwnedValue> wires;
  std::vector<Value> values;
  for (const std::string& file : files) {
    auto project = pipeline::loadProject(file);
    if (project && !arguments.env.empty()) project = pipeline::withOverlay(*project, arguments.env);
    if (!project) {
      shell.error(project.error());
      return kFindings;
    }
    const std::string& name = project->pipeline.name;
    for (const auto& wire : pipeline::deliveryOf(project->pipeline, catalog).edges) {
      const std::string_view guarantee = pipeline::guaranteeName(wire.guarantee);
      if (arguments.format == Format::Text) {
        shell.print(name + ": " + wire.edge + ": " + std::string(guarantee) +
                    (wire.why.empty() ? "" : " (" + wire.why + ')') + '\n');
      }
      const Member members[] = {{"pipeline", Value(std::string_view(name))},
                                {"wire", Value(std::string_view(wire.edge))},
                                {"delivery", Value(guarantee)},
                                {"why", Value(std::string_view(wire.why))}};
      wires.emplace_back(Value(std::span<const Member>(members)));
    }
  }
  for (const record::OwnedValue& wire : wires) values.push_back(*wire);
  if (arguments.format != Format::Text)
    shell.print(record::toPrettyJson(Value(std::span<const Value>(values))));
  return kOk;
}

}  // namespace

int lint(const LintArguments& arguments, const plugin::Registry& registry, const Shell& shell) {
  if (arguments.isListOfCodes) return listCodes(arguments, shell);
  const auto files = pipelineFiles(arguments.paths);
  if (!files) {
    shell.error(files.error());
    return kUsage;
  }
  if (arguments.isDelivery) return listDelivery(arguments, *files, registry.catalog(), shell);
  Linter linter(arguments, registry);
  for (const std::string& file : *files) linter.lintFile(file);
  const auto& found = linter.found();
  const auto errors = static_cast<std::size_t>(
      std::ranges::count(found, pipeline::Severity::Error, &Diagnostic::severity));
  const std::size_t warnings = found.size() - errors;
  switch (arguments.format) {
    case Format::Text:
      for (const Diagnostic& each : found) shell.print(each);
      break;
    case Format::Json:
      shell.print(toJson(found));
      break;
    case Format::Sarif:
      shell.print(toSarif(found));
      break;
  }
  shell.note(found.empty() ? counted(files->size(), "pipeline") + ", nothing found"
                           : counted(errors, "error") + ", " + counted(warnings, "warning"));
  return errors > 0 || (arguments.isStrict && warnings > 0) ? kFindings : kOk;
}

}  // namespace freshet::cli
