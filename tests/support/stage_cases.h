// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/record/owned_value.h"

namespace freshet::testing {

/// A node told as data: tests/cases/nodes/<type>/<name>.case.json holds settings, records and what
/// must come of them. How its members are read stands in tests/cases/nodes/README.md.
struct StageCase {
  std::string name;  ///< "wait/cancelled_by_purchase"
  std::string type;
  record::OwnedValue content;
};

std::vector<StageCase> findStageCases(const std::string& folder);

/// Runs the case with its records in batches of `batchSize`. Empty: everything was as expected;
/// else what was not, line by line.
std::string runStageCase(const StageCase& stageCase, std::size_t batchSize);

}  // namespace freshet::testing
