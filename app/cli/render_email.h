// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace freshet::cli {

/// The settings of an email step, as written: Liquid, or the paths of template files.
struct EmailStep {
  std::string from, to, subject, html, text;
};

/// The email step of the project in `folder` that uses `file` as its HTML or text; none, if no step
/// does.
std::optional<EmailStep> emailStepOf(const std::filesystem::path& folder,
                                     const std::filesystem::path& file);

}  // namespace freshet::cli
