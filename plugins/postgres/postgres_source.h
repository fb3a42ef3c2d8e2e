// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::postgres {

/// "postgres.source": the rows of a table, and each again when it changes.
stage::NodeType sourceNode();

}  // namespace freshet::postgres
