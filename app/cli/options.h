// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "app/cli/shell.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

/// What the command line asked for, read and checked; run it once the installation is loaded.
using Command = std::function<int(const plugin::Registry& registry, const Shell& shell)>;

/// Reads the command line. Without a command `exitCode` holds: help was printed, or it was wrong.
struct Options {
  Command command;
  Shell shell;
  int exitCode = kOk;
};
Options readOptions(int count, const char* const* arguments);

}  // namespace freshet::cli
