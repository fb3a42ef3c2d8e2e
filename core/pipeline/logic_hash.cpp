// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "core/base/text.h"
#include "core/liquid/template.h"
#include "core/pipeline/files.h"
#include "core/pipeline/findings.h"
#include "core/pipeline/project_liquid.h"

namespace freshet::pipeline {
namespace {

using record::Member;
using record::OwnedValue;
using record::Value;
using spec::FieldSpec;
using spec::FieldType;

OwnedValue withoutTitles(const Value& cases) {
  Arena arena(512);
  const auto items = arena.array<Value>(cases.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i] = record::deepCopy(*OwnedValue(cases.asArray()[i]).without("title"), arena);
  }
  return OwnedValue(Value(std::span<const Value>(items)));
}

/// Gathers the files that settings name, templates with their partials.
class Files {
 public:
  explicit Files(const Project& project) : m_project(project) {
    usePartialsOf(m_environment, project, &m_files);
  }

  void addFrom(const std::vector<FieldSpec>& fields, const Value& settings) {
    for (const FieldSpec& field : fields) {
      const Value* set = settings.find(field.name);
      const Value& value = set ? *set : *field.fallback;
      if (!value.isString()) continue;
      if (field.type == FieldType::File) m_files.insert(std::string(value.asString()));
      if (field.type == FieldType::Template || field.type == FieldType::Expression) {
        addTemplate(value.asString());
      }
    }
  }

  std::vector<std::string> names() const { return {m_files.begin(), m_files.end()}; }
  /// "path size sha256" of each, in order of their paths.
  std::string text() const {
    std::string out;
    for (const std::string& file : m_files) {
      const auto bytes = readProjectFile(m_project, file);
      out += file +
             (bytes ? ' ' + std::to_string(bytes->size()) + ' ' + sha256(*bytes)
                    : std::string(" missing")) +
             '\n';
    }
    return out;
  }

 private:
  void addTemplate(std::string_view setting) {
    std::string text(setting);
    if (isTemplateFile(setting)) {
      m_files.insert(std::string(setting));
      auto read = readProjectFile(m_project, setting);
      text = read ? std::move(*read) : std::string();
    }
    // Reading it asks for its partials, and theirs.
    (void)liquid::Template::parseForPreview(text, "", m_environment);
  }

  const Project& m_project;
  liquid::TemplateEnvironment m_environment;
  std::set<std::string> m_files;
};

void addAllOf(const Project& project, const spec::SpecCatalog& catalog, Files& files) {
  for (const Node& node : project.pipeline.nodes) {
    if (const spec::NodeSpec* spec = catalog.find(node.type))
      files.addFrom(spec->fields, *node.settings);
  }
  if (!project.pipeline.connections->isObject()) return;
  for (const Member& connection : project.pipeline.connections->asObject()) {
    const Value type = connection.value.get("type");
    const auto* spec = type.isString() ? catalog.findConnection(type.asString()) : nullptr;
    if (spec) files.addFrom(spec->fields, connection.value);
  }
}

}  // namespace

std::vector<std::string> logicFiles(const Project& project, const spec::SpecCatalog& catalog) {
  Files files(project);
  addAllOf(project, catalog, files);
  return files.names();
}

std::string logicHash(const Project& project, const spec::SpecCatalog& catalog) {
  Pipeline logic = project.pipeline;
  Files files(project);
  addAllOf(project, catalog, files);
  logic.title.clear();
  for (Node& node : logic.nodes) {
    node.title.clear();
    const spec::NodeSpec* spec = catalog.find(node.type);
    if (!spec) continue;
    for (const FieldSpec& field : spec->fields) {
      const Value cases = node.settings->get(field.name);
      if (field.type == FieldType::Cases && cases.isArray()) {
        node.settings = node.settings.with(field.name, *withoutTitles(cases));
      }
    }
  }
  return sha256("freshet logic 1\n" + canonicalText(logic, catalog) + files.text());
}

}  // namespace freshet::pipeline
