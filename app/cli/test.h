// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/shell.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

struct TestArguments {
  std::vector<std::string> paths;  ///< projects, or *.test.json files of one
  std::string filter;              ///< a part of the file's or the test's name
  std::string junit;               ///< a file for the results as JUnit XML
  bool isUpdating = false;
  Format format = Format::Text;
};

/// `freshet test`: 0 all passed, 1 some failed, 2 usage, or there was nothing to run.
int test(const TestArguments& arguments, const plugin::Registry& registry, const Shell& shell);

}  // namespace freshet::cli
