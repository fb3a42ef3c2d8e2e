// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/profile/profile_store.h"
#include "core/spec/catalog.h"
#include "core/stage/node_type.h"

namespace freshet::plugin {

/// What core nodes and plugins bring. Filled at start, handed on by const reference, then
/// read-only.
class Registry final : public stage::TypeLookup {
 public:
  void add(stage::NodeType type);
  void add(spec::ConnectionSpec connection);
  void add(stage::CapabilityType capability);
  void add(profile::ProfileStoreType store);
  /// False if a plugin of this id has registered before: the first one found counts.
  bool claimPlugin(std::string id) { return m_plugins.insert(std::move(id)).second; }

  const stage::NodeType* node(std::string_view id) const override;
  const stage::CapabilityType* capability(std::string_view kind,
                                          std::string_view connectionType) const override;
  const profile::ProfileStoreType* profileStore(std::string_view connectionType) const;
  const spec::SpecCatalog& catalog() const override { return m_catalog; }

 private:
  spec::SpecCatalog m_catalog;
  std::map<std::string, stage::NodeType, std::less<>> m_nodes;
  std::vector<stage::CapabilityType> m_capabilities;
  std::vector<profile::ProfileStoreType> m_stores;
  std::set<std::string> m_plugins;
};

/// What a plugin exports as `extern "C" const PluginDescriptor freshetPlugin`. The JSON beside the
/// module carries the host's build hash and is checked before the module is opened.
struct PluginDescriptor {
  const char* id;
  void (*registerAll)(Registry& registry);
};

/// A plugin that was found, and why it was skipped if it was.
struct PluginReport {
  std::string id;
  std::string path;
  std::string problem;  ///< empty: loaded
};

/// Opens the plugins of a folder (NAME.json beside NAME.so). A broken one is reported and skipped.
std::vector<PluginReport> loadPlugins(std::string_view folder, Registry& registry);
/// What a plugin's JSON must carry in "buildHash" to be opened by this host.
std::string_view buildHash();
/// Where plugins are searched, in this order: $FRESHET_PLUGIN_PATH, beside libfreshet, and
/// $XDG_DATA_HOME/freshet/plugins.
std::vector<std::string> pluginFolders();

}  // namespace freshet::plugin
