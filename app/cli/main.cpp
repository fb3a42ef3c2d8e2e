// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"
#include "app/common/registry.h"

int main(int count, char** arguments) {
  using namespace freshet;
  const cli::Options options = cli::readOptions(count, arguments);
  if (!options.command) return options.exitCode;
  const common::Installation installation = common::loadInstallation();
  for (const plugin::PluginReport& report : installation.plugins) {
    if (!report.problem.empty()) {
      options.shell.note("plug-in " + report.id + " was skipped: " + report.problem);
    } else {
      options.shell.detail("plug-in " + report.id + " from " + report.path);
    }
  }
  return options.command(installation.registry, options.shell);
}
