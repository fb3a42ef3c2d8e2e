// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::geoip {

stage::NodeType locateNode();

}  // namespace freshet::geoip
