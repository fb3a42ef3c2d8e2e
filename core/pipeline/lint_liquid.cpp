// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <set>

#include "core/liquid/program.h"
#include "core/liquid/template.h"
#include "core/pipeline/files.h"
#include "core/pipeline/findings.h"
#include "core/pipeline/project_liquid.h"

namespace freshet::pipeline {
namespace {

using record::Member;
using record::Value;
using spec::FieldSpec;
using spec::FieldType;

/// What every record has: the event, what is known of its arrival, and why it failed.
constexpr std::string_view kAlways[] = {"event", "meta", "error"};

/// Those that a step adds: by name, or "=field", which names one or has paths for keys.
void insertSections(const Node& node, const spec::NodeSpec& spec, std::set<std::string>& into) {
  for (const std::string& declared : spec.addsSections) {
    if (!declared.starts_with('=')) {
      into.insert(declared);
      continue;
    }
    const std::string field = declared.substr(1);
    const FieldSpec* known = spec.find(field);
    const Value* set = node.settings->find(field);
    const Value value = set ? *set : known ? *known->fallback : Value();
    if (value.isString()) into.emplace(value.asString());
    if (!value.isObject()) continue;
    for (const Member& entry : value.asObject())
      into.emplace(entry.key.substr(0, entry.key.find('.')));
  }
  into.erase("");
  into.erase("event");
}

/// Names that a template gives a value to itself.
std::set<std::string_view> assignedNames(const liquid::Program& program) {
  std::set<std::string_view> names;
  for (const liquid::Unit& unit : program.units) {
    for (const liquid::Op& op : unit.ops) {
      if (op.code == liquid::Code::Assign) names.insert(program.names[op.b]);
      if (op.code == liquid::Code::CaptureEnd) names.insert(program.names[op.a]);
    }
  }
  return names;
}

class LiquidLint {
 public:
  LiquidLint(const Project& project, const spec::SpecCatalog& catalog, Findings& findings)
      : m_project(project), m_catalog(catalog), m_findings(findings) {
    usePartialsOf(m_environment, project);
    for (const Node& node : project.pipeline.nodes) {
      const spec::NodeSpec* spec = catalog.find(node.type);
      if (spec) insertSections(node, *spec, m_everywhere);
    }
  }

  void lint(const Node& node, const spec::NodeSpec& spec) {
    m_node = &node;
    m_sections = sectionsAt(node);
    for (const FieldSpec& field : spec.fields) {
      const Value value = node.settings->get(field.name);
      if (value.isNil() || !isVisible(field, spec.fields, *node.settings)) continue;
      lintField(field, value);
    }
  }

 private:
  void lintField(const FieldSpec& field, const Value& value) {
    if (field.type == FieldType::Map && value.isObject()) {
      for (const Member& entry : value.asObject()) {
        expression(field.name + '/' + std::string(entry.key), entry.value);
      }
    } else if (field.type == FieldType::Cases && value.isArray()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        condition(field.name + '/' + std::to_string(i) + "/when", value.asArray()[i].get("when"));
      }
    } else if (field.type == FieldType::Expression) {
      expression(field.name, value);
    } else if (field.type == FieldType::Condition) {
      condition(field.name, value);
    } else if (field.type == FieldType::Template && value.isString()) {
      const std::string_view text = value.asString();
      isTemplateFile(text) ? templateFile(field, text) : templateText(field, text);
    }
  }

  void expression(const std::string& path, const Value& value) {
    if (!value.isString()) return;
    const auto parsed = liquid::Expression::parse(value.asString(), m_environment);
    if (!parsed) return refused(path, value.asString(), parsed.error());
    for (const liquid::VariablePath& read : parsed->paths()) {
      root(path, value.asString(), read.root, read.place, {});
    }
  }

  void condition(const std::string& path, const Value& value) {
    if (!value.isString() || value.asString().empty()) return;
    const auto parsed = liquid::Condition::parse(value.asString(), m_environment);
    if (!parsed) return refused(path, value.asString(), parsed.error());
    for (const liquid::VariablePath& read : parsed->paths()) {
      root(path, value.asString(), read.root, read.place, {});
    }
  }

  void templateText(const FieldSpec& field, std::string_view text) { templateOf(field, text, ""); }

  void templateFile(const FieldSpec& field, std::string_view file) {
    const auto text = readProjectFile(m_project, file);
    if (text) templateOf(field, *text, std::string(file));
  }

  /// `file` is empty for a template that stands in the setting itself.
  void templateOf(const FieldSpec& field, std::string_view text, const std::string& file) {
    static const std::string kHere = ":setting";
    const auto made =
        liquid::Template::parseForPreview(text, file.empty() ? kHere : file, m_environment);
    for (const liquid::Diagnostic& each : made.diagnostics()) {
      const bool isOwn = each.file == (file.empty() ? kHere : file);
      // A partial's faults are reported once, in the partial.
      const std::string place = isOwn ? file : partialFile(each.file);
      if (!isOwn && !m_reported.insert(each.where() + each.message).second) continue;
      add(field.name, text, each.code, each.message, each.hint, each.place, place);
    }
    const liquid::Program& program = made.program();
    const liquid::Unit& unit = program.units.front();
    std::set<std::string_view> seen = assignedNames(program);
    for (const liquid::Read& read : unit.reads) {
      const std::string_view name = program.names[read.name];
      if (!seen.insert(name).second) continue;
      if (std::ranges::find(made.globals(), name) == made.globals().end()) continue;
      root(field.name, text, name, liquid::placeOf(unit.source, read.place, read.length), file);
    }
  }

  /// A setting that is no Liquid; the error's place ends in ":line:col" of the setting's text.
  void refused(const std::string& path, std::string_view text, const Error& error) {
    liquid::Place place;
    const std::size_t column = error.where.rfind(':');
    const std::size_t line = column == 0 || column == std::string::npos
                                 ? std::string::npos
                                 : error.where.rfind(':', column - 1);
    if (line != std::string::npos) {
      place.line = static_cast<std::uint32_t>(std::atoi(error.where.c_str() + line + 1));
      place.column = static_cast<std::uint32_t>(std::atoi(error.where.c_str() + column + 1));
    }
    add(path, text, error.code, error.message, {}, place, {});
  }

  void root(const std::string& path, std::string_view text, std::string_view name,
            liquid::Place place, const std::string& file) {
    if (!m_sections || std::ranges::find(kAlways, name) != std::end(kAlways)) return;
    if (m_sections->contains(std::string(name))) return;
    std::vector<std::string> known(m_sections->begin(), m_sections->end());
    known.insert(known.end(), std::begin(kAlways), std::end(kAlways));
    std::string hint = suggestion(name, known);
    std::string message = "there is no " + std::string(name) + " here";
    if (m_everywhere.contains(std::string(name))) {
      message = "there is no " + std::string(name) + " yet: no step before this one adds it";
    } else if (hint.empty()) {
      for (const std::string& each : known) hint += (hint.empty() ? "there is " : ", ") + each;
    }
    add(path, text, "E-1301", std::move(message), std::move(hint), place, file);
  }

  void add(const std::string& path, std::string_view text, const std::string& code,
           std::string message, std::string hint, liquid::Place place, const std::string& file) {
    Diagnostic& found = m_findings.addTo(*m_node, code, path, std::move(message), std::move(hint));
    if (!file.empty()) {
      found.file = file;
      found.line = static_cast<int>(place.line);
      found.column = static_cast<int>(place.column);
      return;
    }
    const Places::Place* at = m_project.places.find(m_node->id + '/' + path);
    if (!at || !m_project.places.at.contains(m_node->id + '/' + path)) return;
    found.line = at->valueLine;
    found.column = at->valueColumn + columnsBefore(text, place);
  }

  /// How many columns of the file lie between a text's opening quote and a place in the text, as
  /// the canonical form escapes it.
  static int columnsBefore(std::string_view text, liquid::Place place) {
    std::size_t start = 0;
    for (std::uint32_t line = 1; line < place.line && start < text.size(); ++line) {
      const std::size_t end = text.find('\n', start);
      if (end == std::string_view::npos) break;
      start = end + 1;
    }
    std::size_t end = start;
    for (std::uint32_t column = 1; column < place.column && end < text.size(); ++column) {
      ++end;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    }
    std::string written;
    record::writeJsonString(text.substr(0, end), written);
    return static_cast<int>(std::ranges::count_if(
               written, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; })) -
           1;
  }

  /// The sections that a record may have at a node, its own among them; nothing if a step of
  /// unknown type could have added any.
  std::optional<std::set<std::string>> sectionsAt(const Node& node) const {
    std::set<std::string> sections;
    std::set<std::string_view> seen;
    std::vector<const Node*> waiting{&node};
    while (!waiting.empty()) {
      const Node* at = waiting.back();
      waiting.pop_back();
      if (!seen.insert(at->id).second) continue;
      const spec::NodeSpec* spec = m_catalog.find(at->type);
      if (!spec) return std::nullopt;
      insertSections(*at, *spec, sections);
      for (const Edge& edge : m_project.pipeline.edges) {
        const Node* before = edge.to == at->id ? m_project.pipeline.find(edge.from) : nullptr;
        if (before) waiting.push_back(before);
      }
    }
    return sections;
  }

  const Project& m_project;
  const spec::SpecCatalog& m_catalog;
  Findings& m_findings;
  liquid::TemplateEnvironment m_environment;
  std::set<std::string> m_everywhere;
  std::set<std::string> m_reported;
  const Node* m_node = nullptr;
  std::optional<std::set<std::string>> m_sections;
};

}  // namespace

void lintLiquid(const Project& project, const spec::SpecCatalog& catalog, Findings& findings) {
  LiquidLint lint(project, catalog, findings);
  for (const Node& node : project.pipeline.nodes) {
    if (const spec::NodeSpec* spec = catalog.find(node.type)) lint.lint(node, *spec);
  }
}

}  // namespace freshet::pipeline
