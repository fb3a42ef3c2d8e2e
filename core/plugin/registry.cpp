// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin/registry.h"

#include <algorithm>

namespace freshet::plugin {

void Registry::add(stage::NodeType type) {
  m_catalog.add(type.spec);
  std::string id = type.spec.id;
  m_nodes.insert_or_assign(std::move(id), std::move(type));
}

void Registry::add(spec::ConnectionSpec connection) {
  m_catalog.add(std::move(connection));
}
void Registry::add(stage::CapabilityType capability) {
  m_capabilities.push_back(std::move(capability));
}
void Registry::add(profile::ProfileStoreType store) {
  m_stores.push_back(std::move(store));
}

const stage::NodeType* Registry::node(std::string_view id) const {
  const auto found = m_nodes.find(id);
  return found == m_nodes.end() ? nullptr : &found->second;
}

const stage::CapabilityType* Registry::capability(std::string_view kind,
                                                  std::string_view connectionType) const {
  const auto found = std::ranges::find_if(m_capabilities, [&](const stage::CapabilityType& type) {
    return type.kind == kind && type.connectionType == connectionType;
  });
  return found == m_capabilities.end() ? nullptr : &*found;
}

const profile::ProfileStoreType* Registry::profileStore(std::string_view connectionType) const {
  const auto found =
      std::ranges::find(m_stores, connectionType, &profile::ProfileStoreType::connectionType);
  return found == m_stores.end() ? nullptr : &*found;
}

}  // namespace freshet::plugin
