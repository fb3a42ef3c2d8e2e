// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdexcept>

#include "core/plugin/registry.h"

#ifdef SAMPLE_UNRESOLVED
extern "C" void freshetNobodyDefinesThis();
#endif

namespace {

[[maybe_unused]] void registerAll(freshet::plugin::Registry& registry) {
#ifdef SAMPLE_THROWS
  throw std::runtime_error("no licence on a Sunday");
#endif
#ifdef SAMPLE_UNRESOLVED
  freshetNobodyDefinesThis();
#endif
  freshet::spec::ConnectionSpec connection;
  connection.type = "sample";
  registry.add(std::move(connection));
}

}  // namespace

#ifdef SAMPLE_NO_SYMBOL
#define freshetPlugin freshetOtherName
#endif
#ifdef SAMPLE_NO_REGISTER
#define registerAll nullptr
#endif

extern "C" {
extern const freshet::plugin::PluginDescriptor freshetPlugin;
const freshet::plugin::PluginDescriptor freshetPlugin{"sample", registerAll};
}
