// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render.h"

#include <cstdio>
#include <filesystem>

#include "app/cli/projects.h"
#include "app/cli/render_email.h"
#include "app/cli/render_report.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/liquid/template.h"
#include "core/pipeline/files.h"
#include "core/record/json.h"
#include "plugins/file/mime.h"

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

/// Renders the pieces of one email for one person; says on the terminal what is wrong with them.
class PersonRender {
 public:
  PersonRender(const RenderArguments& arguments, const Shell& shell)
      : m_arguments(arguments), m_shell(shell), m_folder(projectOf(arguments.file)) {
    const fs::path partials = arguments.partials.empty() ? m_folder / "templates" / "partials"
                                                         : fs::path(arguments.partials);
    m_environment.setLoader([folder = partials.string()](std::string_view name) {
      const std::string file = std::string(name) + ".liquid";
      auto read = pipeline::readProjectFile(folder, file);
      if (read) return read;
      return Result<std::string>(Error{"E-4004", "there is no partial " + file, file});
    });
    m_options.strictVariables = arguments.isStrict;
    m_options.strictFilters = arguments.isStrict;
    m_options.nowMs = wallClockMs();
    if (arguments.isExplained) m_options.origins = &m_origins;
  }

  Status open() {
    auto sections = sectionsFor(m_arguments, m_arena);
    if (!sections) return sections.error();
    m_sections = *sections;
    auto text = pipeline::readFile(m_arguments.file);
    if (!text) return text.error();
    m_source = std::move(*text);
    return {};
  }

  int analyse() {
    const auto made = liquid::Template::parseForPreview(m_source, m_arguments.file, m_environment);
    m_shell.print(analysisJson(made));
    return made.hasErrors() ? kFindings : kOk;
  }

  int one(bool isHtml) {
    std::string out;
    if (!part(m_source, m_arguments.file, isHtml, out)) return kFindings;
    const bool isJson = m_arguments.format == Format::Json;
    if (!m_arguments.isExplained) {
      m_shell.print(out);
    } else {
      m_shell.print(isJson ? originsJson(out, m_origins) : originsText(out, m_origins));
    }
    return kOk;
  }

  int message() {
    const bool isTextFile = m_arguments.file.ends_with(".txt.liquid");
    EmailStep step = emailStepOf(m_folder, m_arguments.file).value_or(EmailStep());
    if (!m_arguments.from.empty()) step.from = m_arguments.from;
    if (!m_arguments.to.empty()) step.to = m_arguments.to;
    if (!m_arguments.subject.empty()) step.subject = m_arguments.subject;
    if (step.subject.empty() || step.from.empty()) {
      m_shell.error(
          "no email step of the project uses this template: give --subject and --from (and --to)");
      return kUsage;
    }
    std::string from, to, subject, html, text;
    if (!setting(step.from, "from", false, from) || !setting(step.to, "to", false, to) ||
        !setting(step.subject, "subject", false, subject) ||
        !setting(step.html, "html", true, html) || !setting(step.text, "text", false, text)) {
      return kFindings;
    }
    const bool isAlone = step.html.empty() && step.text.empty();
    if (isAlone && !part(m_source, m_arguments.file, !isTextFile, isTextFile ? text : html))
      return kFindings;
    char id[17];
    std::snprintf(
        id, sizeof id, "%016llx",
        static_cast<unsigned long long>(stableHash(to + '\0' + subject + '\0' + html + text)));
    m_shell.print(file::toMime({id, from, to, subject, html, text, m_options.nowMs}));
    return kOk;
  }

 private:
  /// A setting of an email step: Liquid, or the path of a file of the project.
  bool setting(const std::string& value, std::string_view name, bool isHtml, std::string& out) {
    const bool isFile = value.ends_with(".liquid") && value.find_first_of("{\n") == value.npos;
    if (!isFile) return part(value, name, isHtml, out);
    const auto read = pipeline::readProjectFile(m_folder.string(), value);
    if (!read) return m_shell.error(read.error()), false;
    return part(*read, shownPath(m_folder.string(), value), isHtml, out);
  }

  bool part(std::string_view source, std::string_view name, bool isHtml, std::string& out) {
    if (source.empty()) return true;
    const auto made = liquid::Template::parseForPreview(source, name, m_environment);
    if (!report(made.diagnostics(), m_arguments.isStrict, m_shell)) return false;
    m_options.escapeHtml = isHtml;
    const Status rendered = m_renderer.render(made, m_sections, m_arena, out, m_options);
    if (!rendered) m_shell.error(rendered.error());
    return rendered.ok();
  }

  const RenderArguments& m_arguments;
  const Shell& m_shell;
  fs::path m_folder;
  Arena m_arena;
  Value m_sections;
  std::string m_source;
  liquid::TemplateEnvironment m_environment;
  liquid::RenderOptions m_options;
  liquid::Renderer m_renderer;
  std::vector<liquid::Origin> m_origins;
};

}  // namespace

int render(const RenderArguments& arguments, const Shell& shell) {
  PersonRender person(arguments, shell);
  if (const Status opened = person.open(); !opened) {
    shell.error(opened.error());
    return kUsage;
  }
  if (arguments.isAnalysis) return person.analyse();
  if (arguments.form == RenderForm::Message) return person.message();
  return person.one(arguments.form == RenderForm::Html);
}

}  // namespace freshet::cli
