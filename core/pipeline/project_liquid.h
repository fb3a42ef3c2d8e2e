// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include "core/liquid/environment.h"

namespace freshet::pipeline {

struct Project;

/// Where a project's partials are: templates/partials/NAME.liquid.
std::string partialFile(std::string_view name);
/// Lets templates of a project find its partials. `loaded`, if given, gathers the files that were
/// asked for; it and the project must outlive the environment's use.
void usePartialsOf(liquid::TemplateEnvironment& environment, const Project& project,
                   std::set<std::string>* loaded = nullptr);

}  // namespace freshet::pipeline
