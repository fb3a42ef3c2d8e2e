// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::http {

stage::NodeType collectNode();

}  // namespace freshet::http
