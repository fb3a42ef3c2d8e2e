// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/liquid/environment.h"
#include "core/liquid/renderer.h"
#include "core/liquid/template.h"
#include "core/pipeline/project.h"
#include "ui/studio/email.h"

namespace freshet::studio {

// The templates of one e-mail step, read once, rendered for any number of people. What is wrong is
// left out of the e-mail and found in `findings`. One thread; project and node outlive it.
class StepRenderer {
 public:
  StepRenderer(const pipeline::Project& project, const pipeline::Node& node);

  // The person's e-mail by these templates.
  Email render(const Email& person);
  // Of reading the templates; `file` is a path in the project, empty for a setting.
  const std::vector<liquid::Diagnostic>& findings() const { return m_findings; }
  // Template files, then the partials they use, in reading order.
  const std::vector<std::string>& files() const { return m_files; }

 private:
  struct Part {
    std::string field;
    liquid::Template source;
  };
  void read(const std::string& field);
  std::string text(const char* field, const record::Value& sections);
  void addFile(const std::string& file);

  const pipeline::Project& m_project;
  const pipeline::Node& m_node;
  liquid::TemplateEnvironment m_environment;
  liquid::Renderer m_renderer;
  liquid::RenderOptions m_options;
  std::vector<Part> m_parts;
  std::vector<liquid::Diagnostic> m_findings;
  std::vector<std::string> m_files;
  QString m_problem;
};

}  // namespace freshet::studio
