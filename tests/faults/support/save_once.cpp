// SPDX-License-Identifier: GPL-3.0-or-later
// Saves standard input as PATH the way the designer saves a project's files; 1 if it could not.
#include <iostream>
#include <iterator>

#include "core/pipeline/project.h"

int main(int, char** arguments) {
  const std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
  const auto saved = freshet::pipeline::writeFileAtomically(arguments[1], bytes);
  if (!saved) std::cerr << saved.error().text() << '\n';
  return saved ? 0 : 1;
}
