// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/liquid/renderer.h"
#include "core/liquid/template.h"

namespace freshet::cli {

/// What a template reads and is made of, as JSON: errors, variables, filters, partials, branches.
std::string analysisJson(const liquid::Template& source);
/// Which path gave which text: {"output": …, "origins": […]}.
std::string originsJson(std::string_view output, const std::vector<liquid::Origin>& origins);
/// The same, a line each: "begin-end  path  file:line:col  text".
std::string originsText(std::string_view output, const std::vector<liquid::Origin>& origins);

}  // namespace freshet::cli
