// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/shell.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace freshet::cli {
namespace {

void write(std::FILE* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to);
}

void writeLine(std::FILE* to, std::string_view line) {
  write(to, line);
  write(to, "\n");
}

}  // namespace

Shell Shell::ofProcess() {
  Shell shell;
  const char* noColour = std::getenv("NO_COLOR");
  shell.hasColour = ::isatty(STDOUT_FILENO) != 0 && !(noColour && *noColour);
  return shell;
}

void Shell::print(std::string_view text) const {
  write(stdout, text);
}

void Shell::note(std::string_view line) const {
  if (!isQuiet) writeLine(stderr, line);
}

void Shell::detail(std::string_view line) const {
  if (isVerbose) writeLine(stderr, line);
}

void Shell::error(std::string_view line) const {
  writeLine(stderr, line);
}

void Shell::print(const pipeline::Diagnostic& found) const {
  std::string line = found.text();
  const std::size_t at = line.find(found.code + ' ');
  if (hasColour && at != std::string::npos) {
    line.insert(at + found.code.size(), "\x1b[0m");
    line.insert(at, found.severity == pipeline::Severity::Error ? "\x1b[31m" : "\x1b[33m");
  }
  writeLine(stdout, line);
}

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + ' ' + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace freshet::cli
