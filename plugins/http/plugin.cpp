// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"
#include "plugins/http/nodes.h"

namespace {

void registerAll(freshet::plugin::Registry& registry) {
  registry.add(freshet::http::collectNode());
  registry.add(freshet::http::sinkNode());
  registry.add(freshet::http::outsideType());
}

}  // namespace

extern "C" const freshet::plugin::PluginDescriptor freshetPlugin;
extern "C" const freshet::plugin::PluginDescriptor freshetPlugin{"http", registerAll};
