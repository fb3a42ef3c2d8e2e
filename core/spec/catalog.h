// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/node_spec.h"

namespace freshet::spec {

/// A kind of connection ("embedded", "redis", "kafka") and what a connection of it needs.
struct ConnectionSpec {
  std::string type;
  std::string kind;  ///< what it serves: "profiles", "kafka"
  std::string title;
  std::vector<FieldSpec> fields;
  std::string otherKind = {};  ///< what it serves besides, or empty

  bool serves(std::string_view wanted) const { return kind == wanted || otherKind == wanted; }
};

/// Every node type and connection type that is known. Filled at start, then read-only: any thread.
class SpecCatalog {
 public:
  void add(NodeSpec spec);
  void add(ConnectionSpec spec);
  const NodeSpec* find(std::string_view id) const;
  const ConnectionSpec* findConnection(std::string_view type) const;
  std::vector<const NodeSpec*> all() const;  ///< by family, then title
  std::vector<const ConnectionSpec*> connections() const;

 private:
  std::map<std::string, NodeSpec, std::less<>> m_nodes;
  std::map<std::string, ConnectionSpec, std::less<>> m_connections;
};

}  // namespace freshet::spec
