// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_email.h"

#include "core/pipeline/project.h"

namespace freshet::cli {
namespace {

namespace fs = std::filesystem;

std::string textOf(const pipeline::Node& node, std::string_view field,
                   std::string_view fallback = {}) {
  const record::Value* set = node.settings->find(field);
  return std::string(set && set->isString() ? set->asString() : fallback);
}

bool isSame(const fs::path& folder, const std::string& setting, const fs::path& file) {
  std::error_code failed;
  return !setting.empty() && setting.find('\n') == std::string::npos &&
         setting.ends_with(".liquid") && fs::equivalent(folder / setting, file, failed) && !failed;
}

}  // namespace

std::optional<EmailStep> emailStepOf(const fs::path& folder, const fs::path& file) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!entry.path().filename().string().ends_with(".pipeline.json")) continue;
    const auto project = pipeline::loadProject(entry.path().string());
    if (!project) continue;
    for (const pipeline::Node& node : project->pipeline.nodes) {
      if (node.type != "email.render") continue;
      EmailStep step{textOf(node, "from"), textOf(node, "to", "{{ profile.email }}"),
                     textOf(node, "subject"), textOf(node, "html"), textOf(node, "text")};
      if (isSame(folder, step.html, file) || isSame(folder, step.text, file)) return step;
    }
  }
  return std::nullopt;
}

}  // namespace freshet::cli
