// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <set>
#include <string>
#include <vector>

#include "core/pipeline/project.h"

namespace freshet::canvas {

// A place for every node, in the pipeline's order: the layout's where it has one; else left to
// right by distance from the sources, one below the other. Pure; a cycle stands in the last column.
std::vector<pipeline::Point> placesOf(const pipeline::Project& project);

// The places of some nodes (of all, if none is named) left to right by their wires without one on
// another, from where the upper left of them stands. Pure.
std::vector<pipeline::Layout::Placed> tidied(const pipeline::Project& project,
                                             const std::set<std::string, std::less<>>& nodes);

enum class Arrange { Row, Column, SpreadAcross, SpreadDown };
// The places of some nodes on one line, or at equal distances between the outer two. Pure.
std::vector<pipeline::Layout::Placed> arranged(const pipeline::Project& project,
                                               const std::set<std::string, std::less<>>& nodes,
                                               Arrange how);

}  // namespace freshet::canvas
