// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render.h"

#include <algorithm>
#include <filesystem>

#include "core/base/clock.h"
#include "core/liquid/template.h"
#include "core/pipeline/files.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

namespace fs = std::filesystem;
using record::Member;
using record::Value;

/// The project a template belongs to: the nearest folder above it with a pipeline, else its own.
fs::path projectOf(const fs::path& file) {
  std::error_code failed;
  const fs::path own = fs::absolute(file, failed).parent_path();
  for (fs::path folder = own;; folder = folder.parent_path()) {
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      if (entry.path().filename().string().ends_with(".pipeline.json")) return folder;
    }
    if (folder == folder.root_path()) return own;
  }
}

Result<Value> readObject(const std::string& path, Arena& arena) {
  const auto text = pipeline::readFile(path);
  if (!text) return text.error();
  auto value = record::parseJson(*text, arena);
  if (!value) return Error{value.error().code, value.error().message, path};
  if (!value->isObject()) return Error{"E-1004", "this should be an object { }", path};
  return value;
}

/// What the template sees: the person's sections with those of --data over them.
Result<Value> sectionsFor(const RenderArguments& arguments, Arena& arena) {
  Value sections;
  if (!arguments.person.empty()) {
    auto person = readObject(arguments.person, arena);
    if (!person) return person;
    const bool isProfile = !person->find("profile") && !person->find("event");
    sections = isProfile ? record::withMember(Value(), "profile", *person, arena) : *person;
  }
  if (!arguments.data.empty()) {
    auto data = readObject(arguments.data, arena);
    if (!data) return data;
    for (const Member& section : data->asObject()) {
      sections = record::withMember(sections, section.key, section.value, arena);
    }
  }
  return sections.isNil() ? Value(std::span<const Member>()) : sections;
}

/// True if nothing that was found stops the render.
bool report(const std::vector<liquid::Diagnostic>& found, bool isStrict, const Shell& shell) {
  bool isRight = true;
  for (const liquid::Diagnostic& each : found) {
    shell.error(each.where() + ": " + each.code + ' ' + each.message +
                (each.hint.empty() ? std::string() : " (" + each.hint + ')'));
    isRight = isRight && each.severity == liquid::Severity::Warning && !isStrict;
  }
  return isRight;
}

}  // namespace

int render(const RenderArguments& arguments, const Shell& shell) {
  Arena arena;
  const auto text = pipeline::readFile(arguments.file);
  const auto sections = sectionsFor(arguments, arena);
  if (!text || !sections) {
    shell.error(text ? sections.error() : text.error());
    return kUsage;
  }
  const fs::path partials = arguments.partials.empty()
                                ? projectOf(arguments.file) / "templates" / "partials"
                                : fs::path(arguments.partials);
  liquid::TemplateEnvironment environment;
  environment.setLoader([&](std::string_view name) {
    const std::string file = (partials / std::string(name)).string() + ".liquid";
    auto read = pipeline::readFile(file);
    return read ? read : Result<std::string>(Error{"E-4004", "there is no partial " + file, file});
  });
  const auto made = liquid::Template::parseForPreview(*text, arguments.file, environment);
  if (!report(made.diagnostics(), arguments.isStrict, shell)) return kFindings;

  liquid::RenderOptions options;
  options.strictVariables = arguments.isStrict;
  options.strictFilters = arguments.isStrict;
  options.escapeHtml = !arguments.isText;
  options.nowMs = wallClockMs();
  std::string out;
  liquid::Renderer renderer;
  const Status rendered = renderer.render(made, *sections, arena, out, options);
  if (!rendered) {
    shell.error(rendered.error());
    return kFindings;
  }
  shell.print(out);
  return kOk;
}

}  // namespace freshet::cli
