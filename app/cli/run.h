// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/host/pipeline_host.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

struct RunArguments {
  std::string project;
  host::RunOptions options;
  bool isJson = false;
  bool isQuiet = false;
  std::string metricsAddress;  ///< HOST:PORT, or empty
};

/// `freshet run`: 0 finished, 1 findings, 2 usage, 3 failed while running, 4 a source or sink could
/// not be reached at the start, 130 interrupted and drained.
int run(const RunArguments& arguments, const plugin::Registry& registry);

}  // namespace freshet::cli
