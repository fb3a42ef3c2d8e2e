// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/project.h"
#include "core/stage/node_type.h"

namespace freshet::runtime {
class Topology;
}

namespace freshet::host {

struct TestResult {
  std::string file;  ///< relative to the project
  std::string name;
  double seconds = 0;
  std::vector<std::string> failures;  ///< a difference each, with its place in the expectation
  bool isUpdated = false;             ///< what was expected is now what came

  bool isPassed() const { return failures.empty(); }
};

/// Runs the tests of a project (tests/*.test.json): events in, by a clock that the test sets, and
/// what arrives at sinks and edges, e-mails, dead letters and profiles compared with what it
/// expects. A lane driven by hand: nothing is reached, nothing is written but by `isUpdating`.
class ProjectTests {
 public:
  /// `project` as it was read, `types` must outlive this.
  ProjectTests(const pipeline::Project& project, const stage::TypeLookup& types)
      : m_project(project), m_types(types) {}

  /// "tests/name.test.json", in order.
  std::vector<std::string> files() const;
  /// What the test calls itself, else its file.
  std::string nameOf(const std::string& file) const;
  TestResult run(const std::string& file, bool isUpdating);

 private:
  using Topology = std::shared_ptr<const runtime::Topology>;
  Result<Topology> topology(const record::Value& test);

  const pipeline::Project& m_project;
  const stage::TypeLookup& m_types;
  std::map<std::string, Topology> m_topologies;  ///< by environment and settings
};

}  // namespace freshet::host
