// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace freshet::cli {

/// A completion script for "bash", "zsh" or "fish", made from the command line's own description.
std::string completionScript(const CLI::App& app, std::string_view shell);

}  // namespace freshet::cli
