// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/runtime/topology.h"

namespace freshet::runtime {

/// How a dead letter goes round again: from `entry` to the step where it failed by `edges` alone,
/// then on by all of them. `entry` lies as far up as the way is a single one and its steps only
/// compute or look up, so that what a step had already done (a state kept, a profile written, a
/// branch that went well) is not done twice, while what was looked up is looked up again.
struct RetryRoute {
  std::uint32_t entry = 0;
  std::vector<std::uint32_t> edges;
};

/// `source` limits the ways to those an event of that source may take.
RetryRoute retryRoute(const Topology& topology, std::optional<std::uint32_t> source,
                      std::uint32_t failed);

}  // namespace freshet::runtime
