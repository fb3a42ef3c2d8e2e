// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/shell.h"
#include "core/host/pipeline_host.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

struct RunArguments {
  std::string project = ".";
  host::RunOptions options;
  Format format = Format::Text;
  bool isWatching = false;     ///< a project that is saved takes the place of the one that runs
  std::string metricsAddress;  ///< HOST:PORT, or empty
};

/// `freshet run`: 0 finished or drained after SIGTERM, 1 findings, 2 usage, 3 failed while running,
/// 4 a source or sink could not be reached at the start, 130 drained after SIGINT.
int run(const RunArguments& arguments, const plugin::Registry& registry, const Shell& shell);

}  // namespace freshet::cli
