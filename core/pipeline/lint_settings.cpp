// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <unordered_set>

#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/pipeline/findings.h"

namespace freshet::pipeline {
namespace {

using record::Member;
using record::Value;
using spec::FieldSpec;
using spec::FieldType;

/// 1000000 → "1000000", 0.5 → "0.5": for messages.
std::string plain(double number) {
  if (std::trunc(number) == number && std::abs(number) < 9e15) {
    return std::to_string(static_cast<std::int64_t>(number));
  }
  return formatDouble(number);
}

std::string rangeOf(const FieldSpec& field) {
  if (field.least && field.most) return plain(*field.least) + "–" + plain(*field.most);
  return field.least ? "at least " + plain(*field.least) : "at most " + plain(*field.most);
}

std::string listOf(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

bool isEmpty(const Value& value) {
  if (value.isString()) return trim(value.asString()).empty();
  return value.isNil() || ((value.isArray() || value.isObject()) && value.size() == 0);
}

/// Checks the settings of one node or one connection. `report` knows whose they are.
class FieldCheck {
 public:
  using Report = std::function<void(std::string_view code, std::string_view fieldPath,
                                    std::string message, std::string hint)>;
  /// `prefix` leads to the settings in the file: "settings." or nothing.
  FieldCheck(const Project& project, const spec::SpecCatalog& catalog, std::string prefix,
             Report report)
      : m_project(project),
        m_catalog(catalog),
        m_prefix(std::move(prefix)),
        m_report(std::move(report)) {}

  void all(const std::vector<FieldSpec>& fields, const Value& settings) {
    for (const FieldSpec& field : fields) {
      const Value value = settings.get(field.name);
      if (!isEmpty(value)) {
        one(field, value);
      } else if (field.isRequired && field.fallback->isNil() &&
                 isVisible(field, fields, settings)) {
        m_report("E-1203", field.name, field.name + " is empty", "set " + m_prefix + field.name);
      }
    }
    if (!settings.isObject()) return;
    std::vector<std::string> known;
    for (const FieldSpec& field : fields) known.push_back(field.name);
    for (const Member& member : settings.asObject()) {
      if (std::ranges::find(known, member.key) != known.end()) continue;
      std::string hint = suggestion(member.key, known);
      if (hint.empty()) hint = known.empty() ? "it takes no settings" : "it has " + listOf(known);
      m_report("E-1201", member.key, "there is no setting " + std::string(member.key),
               std::move(hint));
    }
  }

 private:
  void wrong(const FieldSpec& field, std::string_view what) {
    m_report("E-1202", field.name, field.title + " is " + std::string(what), {});
  }

  void one(const FieldSpec& field, const Value& value) {
    // What a reference stands for is only known where the pipeline runs.
    const bool isOpen = value.isString() && hasReference(value.asString());
    switch (field.type) {
      case FieldType::Text:
      case FieldType::LongText:
      case FieldType::Folder:
        if (!value.isString()) wrong(field, "a text in double quotes");
        break;
      case FieldType::Template:
        if (!value.isString()) return wrong(field, "a text in double quotes");
        if (isTemplateFile(value.asString()) && !isOpen) file(field, value.asString());
        break;
      case FieldType::File:
        if (!value.isString()) return wrong(field, "the path of a file");
        if (!isOpen) file(field, value.asString());
        break;
      case FieldType::Expression:
        if (value.isArray() || value.isObject()) wrong(field, "a text, a number, true or false");
        break;
      case FieldType::Condition:
        if (!value.isString() && !value.isBool()) wrong(field, "a condition: a text");
        break;
      case FieldType::Number:
      case FieldType::Integer:
        if (!isOpen) number(field, value);
        break;
      case FieldType::Flag:
        if (!value.isBool()) wrong(field, "true or false");
        break;
      case FieldType::Choice:
        if (!isOpen) choice(field, value);
        break;
      case FieldType::Duration:
        if (!isOpen && !(value.isString() && parseDuration(value.asString()))) {
          m_report("E-1206", field.name, field.title + " is a time such as 30 s, 1.5 h or 7 d",
                   value.isNumber() ? "write \"" + record::toJson(value) + " s\"" : std::string());
        }
        break;
      case FieldType::Bytes:
        if (!isOpen && !(value.isString() && parseQuantity(value.asString())) &&
            !(value.isInt() && value.asInt() >= 0)) {
          m_report("E-1207", field.name, field.title + " is a size such as 64 KiB or 5 MiB", {});
        }
        break;
      case FieldType::Secret:
        secret(field, value);
        break;
      case FieldType::Connection:
        if (!value.isString()) return wrong(field, "the name of a connection");
        if (!isOpen) connection(field, value.asString());
        break;
      case FieldType::Map:
        if (!value.isObject()) wrong(field, "an object { } of names and values");
        break;
      case FieldType::Cases:
        cases(field, value);
        break;
      case FieldType::List:
        if (!value.isArray() ||
            !std::ranges::all_of(value.asArray(), [](const Value& v) { return v.isString(); })) {
          wrong(field, "a list [ ] of texts");
        }
        break;
    }
  }

  void number(const FieldSpec& field, const Value& value) {
    const bool isWhole = field.type == FieldType::Integer;
    std::optional<double> number;
    if (value.isNumber()) number = value.number();
    if (value.isString()) {
      if (const auto quantity = parseQuantity(value.asString())) {
        number = static_cast<double>(*quantity);
      }
    }
    if (!number || (isWhole && std::trunc(*number) != *number)) {
      const bool isRanged = field.least || field.most;
      std::string what = isWhole ? "a whole number" : "a number";
      if (isRanged) what += ", " + rangeOf(field);
      return wrong(field, what);
    }
    if ((field.least && *number < *field.least) || (field.most && *number > *field.most)) {
      m_report("E-1204", field.name, field.title + " is " + rangeOf(field),
               "it says " + plain(*number));
    }
  }

  void choice(const FieldSpec& field, const Value& value) {
    const std::string text =
        value.isString() ? std::string(value.asString()) : record::toJson(value);
    if (std::ranges::find(field.choices, text) != field.choices.end()) return;
    m_report("E-1205", field.name, field.title + " is one of " + listOf(field.choices),
             suggestion(text, field.choices));
  }

  void secret(const FieldSpec& field, const Value& value) {
    const std::string_view text = value.isString() ? trim(value.asString()) : std::string_view();
    const bool isReference = (text.starts_with("${secret:") || text.starts_with("${env:")) &&
                             text.find('}') == text.size() - 1;
    // A default would be the secret itself.
    const std::size_t fallback = text.find(":-");
    const bool hasDefault = fallback != std::string_view::npos && fallback + 3 < text.size();
    if (isReference && !hasDefault) return;
    m_report("E-1212", field.name, field.title + " is a secret and stands here in clear",
             "write ${secret:NAME} and set FRESHET_SECRET_NAME where it runs");
  }

  void file(const FieldSpec& field, std::string_view path) {
    const auto full = pathInProject(m_project.folder, path);
    std::error_code ignored;
    if (!full) {
      m_report("E-1209", field.name, full.error().message, "move the file into the project");
    } else if (!std::filesystem::is_regular_file(*full, ignored)) {
      m_report("E-1208", field.name, "there is no file " + std::string(path), near(path));
    }
  }

  /// A file of the same folder with nearly that name.
  std::string near(std::string_view path) const {
    namespace fs = std::filesystem;
    const fs::path wanted(path);
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry :
         fs::directory_iterator(fs::path(m_project.folder) / wanted.parent_path(), ignored)) {
      names.push_back((wanted.parent_path() / entry.path().filename()).string());
    }
    std::ranges::sort(names);
    return suggestion(path, names);
  }

  void connection(const FieldSpec& field, std::string_view name) {
    const Value* found = m_project.pipeline.connections->find(name);
    if (!found) {
      std::vector<std::string> names;
      if (m_project.pipeline.connections->isObject()) {
        for (const Member& each : m_project.pipeline.connections->asObject()) {
          names.emplace_back(each.key);
        }
      }
      std::string hint = suggestion(name, names);
      if (hint.empty()) hint = "define it under \"connections\" or in an overlay";
      return m_report("E-1210", field.name, "there is no connection " + std::string(name),
                      std::move(hint));
    }
    const Value type = found->get("type");
    const spec::ConnectionSpec* spec =
        type.isString() ? m_catalog.findConnection(type.asString()) : nullptr;
    if (!spec || field.connectionKind.empty() || spec->serves(field.connectionKind)) return;
    std::vector<std::string> fitting;
    for (const spec::ConnectionSpec* each : m_catalog.connections()) {
      if (each->serves(field.connectionKind)) fitting.push_back(each->type);
    }
    m_report("E-1211", field.name,
             "the connection " + std::string(name) + " is of type " + spec->type +
                 ", which serves " + spec->kind + ", not " + field.connectionKind,
             fitting.empty() ? std::string() : "use one of type " + listOf(fitting));
  }

  void cases(const FieldSpec& field, const Value& value) {
    const auto bad = [&](std::string path, std::string message) {
      m_report("E-1215", path.empty() ? field.name : field.name + '/' + path, std::move(message),
               {});
    };
    if (!value.isArray()) return wrong(field, "a list [ ] of cases");
    std::unordered_set<std::string_view> names;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string path = std::to_string(i);
      const Value& each = value.asArray()[i];
      const Value name = each.get("name");
      const Value when = each.get("when");
      if (!name.isString() || name.asString().empty()) {
        bad(path, "this case has no name");
      } else if (name.asString().find_first_of(" .>\"") != std::string_view::npos) {
        bad(path + "/name", "a case's name is the name of an output: no spaces, dots or quotes");
      } else if (!names.insert(name.asString()).second) {
        bad(path + "/name", "two cases are called " + std::string(name.asString()));
      }
      if (isEmpty(when)) bad(path, "this case has no condition: set \"when\"");
      if (!isEmpty(when) && !when.isString() && !when.isBool()) {
        bad(path + "/when", "\"when\" is a condition: a text");
      }
    }
  }

  const Project& m_project;
  const spec::SpecCatalog& m_catalog;
  std::string m_prefix;
  Report m_report;
};

void lintConnections(const Project& project, const spec::SpecCatalog& catalog, Findings& findings) {
  const Value& connections = *project.pipeline.connections;
  if (!connections.isObject()) return;
  std::unordered_set<std::string_view> used;
  bool areAllKnown = true;
  for (const Node& node : project.pipeline.nodes) {
    const spec::NodeSpec* spec = catalog.find(node.type);
    areAllKnown = areAllKnown && spec;
    if (!spec) continue;
    for (const FieldSpec& field : spec->fields) {
      if (field.type != FieldType::Connection) continue;
      const Value* set = node.settings->find(field.name);
      const Value& value = set ? *set : *field.fallback;
      if (value.isString()) used.insert(value.asString());
    }
  }
  std::vector<std::string> types;
  for (const spec::ConnectionSpec* spec : catalog.connections()) types.push_back(spec->type);
  for (const Member& connection : connections.asObject()) {
    const std::string place = "connections/" + std::string(connection.key);
    const Value type = connection.value.get("type");
    const spec::ConnectionSpec* spec =
        type.isString() ? catalog.findConnection(type.asString()) : nullptr;
    if (!spec) {
      if (!type.isString()) {
        findings.add("E-1214", place, "this connection has no type", "set \"type\"");
        continue;
      }
      const std::string name(type.asString());
      const std::string near = suggestion(name, types);
      findings.add("E-1214", place + "/type", "there is no connection of type " + name,
                   near.empty() ? "install the plug-in " + name : near);
      continue;
    }
    if (areAllKnown && !used.contains(connection.key)) {
      findings.add("W-1216", place, "no step uses the connection " + std::string(connection.key),
                   "remove it");
    }
    const auto report = [&](std::string_view code, std::string_view path, std::string message,
                            std::string hint) {
      findings.add(code, place + '/' + std::string(path), std::move(message), std::move(hint));
    };
    std::vector<Member> settings;
    for (const Member& member : connection.value.asObject()) {
      if (member.key != "type") settings.push_back(member);
    }
    FieldCheck(project, catalog, "", report)
        .all(spec->fields, Value(std::span<const Member>(settings)));
  }
}

}  // namespace

bool isVisible(const FieldSpec& field, const std::vector<FieldSpec>& fields,
               const Value& settings) {
  const std::size_t equals = field.visibleWhen.find('=');
  if (equals == std::string::npos) return true;
  const std::string_view other = std::string_view(field.visibleWhen).substr(0, equals);
  Value value = settings.get(other);
  if (value.isNil()) {
    const auto found = std::ranges::find(fields, other, &FieldSpec::name);
    if (found != fields.end()) value = *found->fallback;
  }
  const std::string text = value.isString() ? std::string(value.asString()) : record::toJson(value);
  return text == field.visibleWhen.substr(equals + 1);
}

bool isTemplateFile(std::string_view setting) {
  return setting.ends_with(".liquid") && setting.find_first_of("{\n") == std::string_view::npos;
}

bool hasReference(std::string_view text) {
  return text.find("${env:") != std::string_view::npos ||
         text.find("${secret:") != std::string_view::npos;
}

void lintSettings(const Project& project, const spec::SpecCatalog& catalog, Findings& findings) {
  lintConnections(project, catalog, findings);
  for (const Node& node : project.pipeline.nodes) {
    const spec::NodeSpec* spec = catalog.find(node.type);
    if (!spec) continue;
    const auto report = [&](std::string_view code, std::string_view path, std::string message,
                            std::string hint) {
      findings.addTo(node, code, path, std::move(message), std::move(hint));
    };
    FieldCheck(project, catalog, "settings.", report).all(spec->fields, *node.settings);
  }
}

}  // namespace freshet::pipeline
