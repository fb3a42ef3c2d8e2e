// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/shell.h"
#include "core/plugin/registry.h"

namespace freshet::cli {

struct LintArguments {
  std::vector<std::string> paths;
  std::string env;  ///< empty: the pipeline as it is, then with each of its overlays
  Format format = Format::Text;
  bool isStrict = false;       ///< warnings count
  bool isListOfCodes = false;  ///< print what the codes mean instead
  bool isDelivery = false;     ///< print what each wire promises instead
};

/// `freshet lint`: 0 clean, 1 findings, 2 usage.
int lint(const LintArguments& arguments, const plugin::Registry& registry, const Shell& shell);

/// Findings as a SARIF 2.1.0 log, for code hosts.
std::string toSarif(const std::vector<pipeline::Diagnostic>& found);

}  // namespace freshet::cli
