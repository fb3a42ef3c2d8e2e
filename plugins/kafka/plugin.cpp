// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"
#include "plugins/kafka/connection.h"
#include "plugins/kafka/kafka_sink.h"
#include "plugins/kafka/kafka_source.h"

namespace {

void registerAll(freshet::plugin::Registry& registry) {
  registry.add(freshet::kafka::connectionSpec());
  registry.add(freshet::kafka::connectionType());
  registry.add(freshet::kafka::sourceNode());
  registry.add(freshet::kafka::sinkNode());
}

}  // namespace

extern "C" {
extern const freshet::plugin::PluginDescriptor freshetPlugin;
const freshet::plugin::PluginDescriptor freshetPlugin{"kafka", registerAll};
}
