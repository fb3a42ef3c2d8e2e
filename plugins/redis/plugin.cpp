// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"
#include "plugins/redis/redis_store.h"

namespace {

void registerAll(freshet::plugin::Registry& registry) {
  registry.add(freshet::redis::connectionSpec());
  registry.add(freshet::redis::profileStoreType());
}

}  // namespace

extern "C" {
extern const freshet::plugin::PluginDescriptor freshetPlugin;
const freshet::plugin::PluginDescriptor freshetPlugin{"redis", registerAll};
}
