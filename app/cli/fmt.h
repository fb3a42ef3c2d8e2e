// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/shell.h"
#include "core/spec/catalog.h"

namespace freshet::cli {

struct FmtArguments {
  std::vector<std::string> paths;
  bool isCheck = false;  ///< name what would change, change nothing
  bool isWrite = false;  ///< rewrite in place; otherwise print the pipeline's canonical text
};

/// `freshet fmt`: 0 canonical or written, 1 would change or cannot be read, 2 usage.
int fmt(const FmtArguments& arguments, const spec::SpecCatalog& catalog, const Shell& shell);

}  // namespace freshet::cli
