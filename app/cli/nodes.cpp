// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/nodes.h"

#include <algorithm>
#include <filesystem>

#include "core/base/text.h"
#include "core/pipeline/project.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

using record::Member;
using record::Value;
using spec::FieldSpec;
using spec::NodeSpec;

std::string_view typeName(spec::FieldType type) {
  static constexpr std::string_view kNames[] = {
      "text",     "longText", "number",     "integer",   "flag",     "choice",
      "duration", "bytes",    "expression", "condition", "template", "file",
      "folder",   "secret",   "connection", "map",       "cases",    "list"};
  return kNames[static_cast<std::size_t>(type)];
}

Value text(std::string_view value) {
  return Value(value);
}

Value texts(const std::vector<std::string>& values, Arena& arena) {
  const auto items = arena.array<Value>(values.size());
  std::ranges::transform(values, items.begin(), text);
  return Value(std::span<const Value>(items));
}

Value object(const std::vector<Member>& members, Arena& arena) {
  const auto kept = arena.array<Member>(members.size());
  std::ranges::copy(members, kept.begin());
  return Value(std::span<const Member>(kept));
}

template <class List, class Make>
Value array(const List& list, Arena& arena, const Make& make) {
  const auto items = arena.array<Value>(list.size());
  std::ranges::transform(list, items.begin(), make);
  return Value(std::span<const Value>(items));
}

Value describe(const FieldSpec& field, Arena& arena) {
  std::vector<Member> members{{"name", text(field.name)},
                              {"title", text(field.title)},
                              {"help", text(field.help)},
                              {"type", text(typeName(field.type))}};
  if (field.isRequired) members.push_back({"required", Value(true)});
  if (!field.fallback->isNil()) members.push_back({"default", *field.fallback});
  if (!field.choices.empty()) members.push_back({"choices", texts(field.choices, arena)});
  if (field.least) members.push_back({"least", Value(*field.least)});
  if (field.most) members.push_back({"most", Value(*field.most)});
  if (!field.unit.empty()) members.push_back({"unit", text(field.unit)});
  if (!field.connectionKind.empty()) {
    members.push_back({"connectionKind", text(field.connectionKind)});
  }
  if (!field.visibleWhen.empty()) members.push_back({"visibleWhen", text(field.visibleWhen)});
  if (field.isAdvanced) members.push_back({"advanced", Value(true)});
  return object(members, arena);
}

Value describe(const NodeSpec& spec, Arena& arena) {
  const Value outputs = array(spec.outputs, arena, [&](const spec::PortSpec& port) {
    return object({{"name", text(port.name)},
                   {"title", text(port.title)},
                   {"optional", Value(port.isOptional)}},
                  arena);
  });
  const Value fields =
      array(spec.fields, arena, [&](const FieldSpec& field) { return describe(field, arena); });
  const Value examples = array(spec.examples, arena, [&](const spec::ExampleSpec& example) {
    const auto settings = record::parseJson(example.settingsJson, arena);
    return object({{"title", text(example.title)}, {"settings", settings ? *settings : Value()}},
                  arena);
  });
  return object({{"id", text(spec.id)},
                 {"family", text(familyName(spec.family))},
                 {"title", text(spec.title)},
                 {"summary", text(spec.summary)},
                 {"synonyms", texts(spec.synonyms, arena)},
                 {"hasInput", Value(spec.hasInput)},
                 {"outputs", outputs},
                 {"outputsFromCases", Value(spec.outputsFromCases)},
                 {"addsSections", texts(spec.addsSections, arena)},
                 {"fields", fields},
                 {"examples", examples}},
                arena);
}

void list(const std::vector<const NodeSpec*>& specs, const Shell& shell) {
  std::size_t width = 0;
  for (const NodeSpec* spec : specs) width = std::max(width, spec->id.size());
  const spec::Family* family = nullptr;
  for (const NodeSpec* spec : specs) {
    if (!family || *family != spec->family) {
      if (family) shell.print("\n");
      shell.print(std::string(familyName(spec->family)) + '\n');
    }
    family = &spec->family;
    shell.print("  " + spec->id + std::string(width + 2 - spec->id.size(), ' ') + spec->title +
                ": " + spec->summary + '\n');
  }
}

int writePages(const std::vector<const NodeSpec*>& specs, const std::string& folder,
               const Shell& shell) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const auto hasPage = [&](const NodeSpec* spec) { return entry.path().stem() == spec->id; };
    if (entry.path().extension() == ".md" && std::ranges::none_of(specs, hasPage)) {
      std::filesystem::remove(entry.path(), failed);
    }
  }
  for (const NodeSpec* spec : specs) {
    const std::string path = std::filesystem::path(folder) / (spec->id + ".md");
    if (const auto saved = pipeline::writeFileAtomically(path, nodePage(*spec)); !saved) {
      shell.error(saved.error());
      return kFindings;
    }
  }
  shell.note(counted(specs.size(), "page") + " in " + folder);
  return kOk;
}

}  // namespace

int nodes(const NodesArguments& arguments, const plugin::Registry& registry, const Shell& shell) {
  const auto all = registry.catalog().all();
  if (!arguments.pages.empty()) return writePages(all, arguments.pages, shell);
  Arena arena;
  if (arguments.type.empty()) {
    if (arguments.format == Format::Json) {
      shell.print(record::toPrettyJson(
          array(all, arena, [&](const NodeSpec* spec) { return describe(*spec, arena); })));
    } else {
      list(all, shell);
    }
    return kOk;
  }
  const NodeSpec* spec = registry.catalog().find(arguments.type);
  if (!spec) {
    std::vector<std::string> known;
    for (const NodeSpec* each : all) known.push_back(each->id);
    const auto near = nearest(arguments.type, known);
    shell.error("E-1103 there is no step of type " + arguments.type +
                (near ? " (did you mean " + *near + "?)" : " (freshet nodes lists them)"));
    return kUsage;
  }
  shell.print(arguments.format == Format::Json ? record::toPrettyJson(describe(*spec, arena))
                                               : nodePage(*spec));
  return kOk;
}

}  // namespace freshet::cli
