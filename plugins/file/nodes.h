// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::file {

stage::NodeType outboxNode();
stage::NodeType sourceNode();
stage::NodeType sinkNode();

}  // namespace freshet::file
