// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/step_renderer.h"

#include <algorithm>

#include "core/liquid/analysis.h"
#include "core/pipeline/files.h"
#include "core/pipeline/project_liquid.h"

namespace freshet::studio {
namespace {

constexpr std::string_view kTemplateFile = ".liquid";
const std::string kHere = ":setting";

bool isTemplateFile(std::string_view text) {
  return text.ends_with(kTemplateFile) && text.find_first_of("{\n") == std::string_view::npos;
}

}  // namespace

StepRenderer::StepRenderer(const pipeline::Project& project, const pipeline::Node& node)
    : m_project(project), m_node(node) {
  pipeline::usePartialsOf(m_environment, project);
  m_options.onError = liquid::OnError::Inline;
  for (const char* field : {"html", "text", "from", "subject", "preheader"}) read(field);
  for (const Part& part : m_parts)
    for (const liquid::PartialMention& partial : liquid::analyse(part.source).partials)
      if (partial.isFound) addFile(pipeline::partialFile(partial.at.name));
}

void StepRenderer::addFile(const std::string& file) {
  if (std::find(m_files.begin(), m_files.end(), file) == m_files.end()) m_files.push_back(file);
}

void StepRenderer::read(const std::string& field) {
  const record::Value setting = m_node.settings->get(field);
  if (!setting.isString()) return;
  std::string text(setting.asString());
  std::string file;
  if (isTemplateFile(text)) {
    file = text;
    addFile(file);
    auto bytes = pipeline::readProjectFile(m_project, file);
    text = bytes ? std::move(*bytes) : std::string();
  }
  const std::string& name = file.empty() ? kHere : file;
  auto made = liquid::Template::parseForPreview(text, name, m_environment);
  for (liquid::Diagnostic found : made.diagnostics()) {
    found.file = found.file == name ? file : pipeline::partialFile(found.file);
    const bool isKnown = std::any_of(m_findings.begin(), m_findings.end(), [&](const auto& other) {
      return other.where() == found.where() && other.message == found.message;
    });
    if (!isKnown) m_findings.push_back(std::move(found));
  }
  m_parts.push_back({field, std::move(made)});
}

std::string StepRenderer::text(const char* field, const record::Value& sections) {
  std::string out;
  const auto part = std::find_if(m_parts.begin(), m_parts.end(),
                                 [&](const Part& each) { return each.field == field; });
  if (part == m_parts.end()) return out;
  m_options.escapeHtml = part->field == "html";
  Arena scratch;
  const Status status = m_renderer.render(part->source, sections, scratch, out, m_options);
  if (!status && m_problem.isEmpty()) m_problem = QString::fromStdString(status.error().text());
  return out;
}

Email StepRenderer::render(const Email& person) {
  m_options.nowMs = person.atMs;
  m_problem.clear();
  Email email = person;
  email.isOutdated = false;
  const auto line = [&](const char* field) {
    return QString::fromStdString(text(field, *person.sections)).simplified();
  };
  email.from = line("from");
  email.subject = line("subject");
  email.preheader = line("preheader");
  email.html = text("html", *person.sections);
  email.text = text("text", *person.sections);
  const auto wrong = std::find_if(m_findings.begin(), m_findings.end(), [](const auto& found) {
    return found.severity == liquid::Severity::Error;
  });
  email.problem = wrong == m_findings.end() ? m_problem : QString::fromStdString(wrong->message);
  return email;
}

}  // namespace freshet::studio
