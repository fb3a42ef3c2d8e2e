// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/project_liquid.h"

#include "core/pipeline/files.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {

std::string partialFile(std::string_view name) {
  return "templates/partials/" + std::string(name) + ".liquid";
}

void usePartialsOf(liquid::TemplateEnvironment& environment, const Project& project,
                   std::set<std::string>* loaded) {
  environment.setLoader([&project, loaded](std::string_view name) {
    const std::string file = partialFile(name);
    // Below its folder only: a partial's name may come from data.
    const auto path =
        pathInProject(project.folder + "/templates/partials", std::string(name) + ".liquid");
    auto text = path ? readProjectFile(project, file) : Result<std::string>(path.error());
    if (!text) return Result<std::string>(Error{"E-4004", "there is no partial " + file, file});
    if (loaded) loaded->insert(file);
    return text;
  });
}

}  // namespace freshet::pipeline
