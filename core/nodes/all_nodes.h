// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/stage/node_type.h"

namespace freshet::nodes {

/// Every node of core, in no order that means anything. Generated from core/nodes/CMakeLists.txt;
/// each node declares itself in its own file as `stage::NodeType <name>Node()`.
std::vector<stage::NodeType> allNodes();

}  // namespace freshet::nodes
