// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace freshet::pipeline {

struct Project;

/// The bytes of a file; an error names it and says why in words.
Result<std::string> readFile(const std::string& path);
/// The absolute path of a file that belongs to a project. An error (E-1209) if it leaves the
/// folder, by "..", as an absolute path, or through a link.
Result<std::string> pathInProject(std::string_view folder, std::string_view path);
/// What the disk has of it.
Result<std::string> readProjectFile(std::string_view folder, std::string_view path);
/// The file as the project has it: its edited text, else what is on the disk.
Result<std::string> readProjectFile(const Project& project, std::string_view path);
/// What errno means to a person: "there is no such file", "no space is left on the disk".
std::string reasonOf(int systemError);

}  // namespace freshet::pipeline
