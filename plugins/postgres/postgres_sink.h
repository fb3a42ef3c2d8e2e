// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::postgres {

/// "postgres.sink": rows of a table, with positions in the same transaction.
stage::NodeType sinkNode();

}  // namespace freshet::postgres
