// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"
#include "plugins/postgres/connection.h"
#include "plugins/postgres/postgres_sink.h"
#include "plugins/postgres/postgres_source.h"
#include "plugins/postgres/postgres_store.h"

namespace {

void registerAll(freshet::plugin::Registry& registry) {
  registry.add(freshet::postgres::connectionSpec());
  registry.add(freshet::postgres::connectionType());
  registry.add(freshet::postgres::profileStoreType());
  registry.add(freshet::postgres::sourceNode());
  registry.add(freshet::postgres::sinkNode());
}

}  // namespace

extern "C" {
extern const freshet::plugin::PluginDescriptor freshetPlugin;
const freshet::plugin::PluginDescriptor freshetPlugin{"postgres", registerAll};
}
