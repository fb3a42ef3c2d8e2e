// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::kafka {

/// The node "kafka.sink": a message for each record, acknowledged by all replicas.
stage::NodeType sinkNode();

}  // namespace freshet::kafka
