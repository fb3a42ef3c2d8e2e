// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/plugin/registry.h"

namespace freshet::common {

/// Everything this installation can build pipelines from: core's nodes and connections, and what
/// the plugins bring. Made once at the start of a program, which owns it; then read-only.
struct Installation {
  plugin::Registry registry;
  std::vector<plugin::PluginReport> plugins;  ///< loaded ones, and those skipped with the reason
};
Installation loadInstallation();

}  // namespace freshet::common
