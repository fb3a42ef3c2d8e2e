// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "core/pipeline/project.h"

namespace freshet::canvas {

// A place for every node, in the pipeline's order: the layout's where it has one; else left to
// right by distance from the sources, one below the other. Pure; a cycle stands in the last column.
std::vector<pipeline::Point> placesOf(const pipeline::Project& project);

}  // namespace freshet::canvas
