// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stage/node_type.h"

namespace freshet::http {

stage::NodeType collectNode();
stage::NodeType sinkNode();
/// The capability "http": whether requests leave this computer.
stage::CapabilityType outsideType();

}  // namespace freshet::http
