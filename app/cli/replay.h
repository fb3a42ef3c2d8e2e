// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/shell.h"
#include "core/plugin/registry.h"
#include "core/runtime/replay.h"

namespace freshet::cli {

struct ReplayArguments {
  std::string recording;
  std::string project;  ///< empty: the one that was recorded
  std::string env;
  std::vector<std::string> settings;  ///< as `run --set`
  std::string out;                    ///< where the outcome goes as JSON lines; empty: nowhere
  std::size_t most = 5;               ///< examples of what differs
  runtime::ReplaySettings how;
  Format format = Format::Text;
};

/// `freshet replay`: 0, and with another pipeline nothing differs; 1 something does, or findings;
/// 2 usage; 3 failed; 130 interrupted.
int replay(const ReplayArguments& arguments, const plugin::Registry& registry, const Shell& shell);

}  // namespace freshet::cli
