// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pipeline/project.h"
#include "core/plugin/registry.h"

namespace freshet::common {

/// Lets lint ask the nodes' own code whether their settings compile: schemas, addresses, points.
/// Reaches nothing outside the project. Settings whose references are not set here are left alone.
/// The registry outlives what is returned; any thread.
pipeline::SettingsCheck settingsCheck(const plugin::Registry& registry);

}  // namespace freshet::common
