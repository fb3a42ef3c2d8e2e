// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"
#include "plugins/file/nodes.h"

namespace {

void registerAll(freshet::plugin::Registry& registry) {
  registry.add(freshet::file::outboxNode());
  registry.add(freshet::file::sourceNode());
  registry.add(freshet::file::sinkNode());
}

}  // namespace

extern "C" const freshet::plugin::PluginDescriptor freshetPlugin;
extern "C" const freshet::plugin::PluginDescriptor freshetPlugin{"file", registerAll};
