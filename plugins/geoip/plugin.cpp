// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"
#include "plugins/geoip/nodes.h"

namespace {

void registerAll(freshet::plugin::Registry& registry) {
  registry.add(freshet::geoip::locateNode());
}

}  // namespace

extern "C" const freshet::plugin::PluginDescriptor freshetPlugin;
extern "C" const freshet::plugin::PluginDescriptor freshetPlugin{"geoip", registerAll};
