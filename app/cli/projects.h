// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/project.h"

namespace freshet::cli {

/// The pipeline files that paths stand for: a file, a project's folder, or "folder/..." for every
/// project below it (build and hidden folders left out). No path means the current folder.
Result<std::vector<std::string>> pipelineFiles(const std::vector<std::string>& paths);

/// A file of a project as seen from the current folder, for messages that editors can follow.
std::string shownPath(const std::string& folder, const std::string& file);

}  // namespace freshet::cli
