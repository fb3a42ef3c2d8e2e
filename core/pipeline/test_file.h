// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/pipeline/diagnostic.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {

/// Where a test's clock stands that sets none: 2026-01-05T08:00:00Z.
inline constexpr TimeMs kTestStart = 1'767'600'000'000;

/// "tests/name.test.json" of a project, in order.
std::vector<std::string> testFiles(const Project& project);

/// A test as it was read: what it is, and what is wrong with it (E-1401 its shape, E-1402 a name
/// that the pipeline does not have). `content` is nil if it is not JSON.
struct TestFile {
  record::OwnedValue content;
  std::vector<Diagnostic> problems;
};
TestFile readTestFile(const Project& project, const std::string& file,
                      const spec::SpecCatalog& catalog);
/// What is wrong with the tests of a project, which is as it was read: without an overlay.
std::vector<Diagnostic> lintTests(const Project& project, const spec::SpecCatalog& catalog);

}  // namespace freshet::pipeline
