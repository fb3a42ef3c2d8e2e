// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/registry.h"

#include <algorithm>

#include "core/nodes/all_nodes.h"

namespace freshet::common {
namespace {

using spec::field;
using spec::FieldType;

/// The store that needs no server: it lives in the run's own state.
spec::ConnectionSpec embeddedProfiles() {
  spec::ConnectionSpec spec;
  spec.type = "embedded";
  spec.kind = "profiles";
  spec.title = "Embedded profiles";
  spec.fields.push_back(
      field("seed", FieldType::File, "First people",
            "A file with one profile a line, read while the store is still empty."));
  return spec;
}

}  // namespace

Installation loadInstallation() {
  Installation made;
  for (stage::NodeType& type : nodes::allNodes()) made.registry.add(std::move(type));
  made.registry.add(embeddedProfiles());
  for (const std::string& folder : plugin::pluginFolders()) {
    auto reports = plugin::loadPlugins(folder, made.registry);
    std::ranges::move(reports, std::back_inserter(made.plugins));
  }
  return made;
}

}  // namespace freshet::common
