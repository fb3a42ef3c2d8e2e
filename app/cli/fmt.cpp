// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fmt.h"

#include <filesystem>

#include "app/cli/projects.h"
#include "core/pipeline/files.h"
#include "core/pipeline/format.h"
#include "core/pipeline/project.h"

namespace freshet::cli {
namespace {

struct Formatted {
  std::string path;
  std::string text;
};

/// Compares one file with its canonical text and does what was asked. False: it failed or differs.
bool settle(const Formatted& file, const FmtArguments& arguments, const Shell& shell) {
  const auto now = pipeline::readFile(file.path);
  if (!now) return shell.error(now.error()), false;
  if (*now == file.text) return true;
  if (arguments.isWrite) {
    const auto saved = pipeline::writeFileAtomically(file.path, file.text);
    if (!saved) return shell.error(saved.error()), false;
  }
  shell.print(shownPath("", file.path) + '\n');
  return arguments.isWrite;
}

}  // namespace

int fmt(const FmtArguments& arguments, const spec::SpecCatalog& catalog, const Shell& shell) {
  const auto files = pipelineFiles(arguments.paths);
  if (!files) {
    shell.error(files.error());
    return kUsage;
  }
  bool isRight = true;
  for (const std::string& file : *files) {
    const auto project = pipeline::loadProject(file);
    if (!project) {
      shell.error(project.error());
      isRight = false;
      continue;
    }
    const std::string text = canonicalText(project->pipeline, catalog);
    if (!arguments.isCheck && !arguments.isWrite) {
      shell.print(text);
      continue;
    }
    const std::filesystem::path folder(project->folder);
    isRight = settle({folder / project->pipelineFile, text}, arguments, shell) && isRight;
    const std::string layout = folder / pipeline::layoutFileOf(project->pipelineFile);
    std::error_code failed;
    if (std::filesystem::exists(layout, failed)) {
      isRight = settle({layout, canonicalText(project->layout)}, arguments, shell) && isRight;
    }
  }
  return isRight ? kOk : kFindings;
}

}  // namespace freshet::cli
