// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>

#include "core/liquid/environment.h"

namespace freshet::pipeline {

/// Where a project's partials are: templates/partials/NAME.liquid.
std::string partialFile(std::string_view name);
/// Lets templates of a project find its partials. `loaded`, if given, gathers the files that were
/// asked for; it must outlive the environment's use.
void usePartialsOf(liquid::TemplateEnvironment& environment, std::string folder,
                   std::set<std::string>* loaded = nullptr);

}  // namespace freshet::pipeline
