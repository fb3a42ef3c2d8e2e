// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/project.h"
#include "core/spec/config.h"
#include "core/stage/bound.h"
#include "core/stage/node_type.h"

namespace freshet::liquid {
class TemplateEnvironment;
}

namespace freshet::runtime {

/// Where a port leads, by index into Topology::edges().
struct Port {
  std::string name;
  bool isOptional = false;
  std::vector<std::uint32_t> edges;
};

struct TopologyEdge {
  std::string text;  ///< pipeline::Edge::text(): its name in metrics and taps
  std::uint32_t to = 0;
  bool leavesTemplate = false;
};

enum class Role { Source, Stage, Sink, OutboxSink };

struct TopologyNode {
  std::string id;
  const stage::NodeType* type = nullptr;
  Role role = Role::Stage;
  spec::Config config;
  std::vector<Port> ports;
  Port errorPort;
  TimeMs latenessMs = 0;       ///< sources: how late an event may be
  bool reachesPeople = false;  ///< withholds what goes round again unarmed
  bool leavesTraces = false;   ///< keeps state or writes profiles: must not see an event twice
};

/// The parts of one lane, made afresh from a topology; index by node, null where the role differs.
struct LaneParts {
  std::vector<std::unique_ptr<stage::Stage>> stages;
  std::vector<std::unique_ptr<stage::Sink>> sinks;
  std::vector<std::unique_ptr<stage::OutboxSink>> outboxSinks;
  std::vector<std::unique_ptr<stage::BoundExpression>> eventTimes;  ///< of sources that set one
};

/// A pipeline, compiled: immutable, shared by all lanes and threads.
class Topology {
 public:
  /// Pure. The project has its overlay and settings applied, references resolved by `lookup`.
  /// `types` must outlive the topology. The error's `where` is "node/field".
  static Result<std::shared_ptr<const Topology>> compile(const pipeline::Project& project,
                                                         const stage::TypeLookup& types,
                                                         const pipeline::Lookup& lookup);
  ~Topology();

  const std::vector<TopologyNode>& nodes() const { return m_nodes; }  ///< in flow order
  const std::vector<TopologyEdge>& edges() const { return m_edges; }
  const std::vector<std::string>& slots() const { return m_slots; }  ///< slot → section name
  std::uint32_t errorSlot() const { return m_errorSlot; }
  const pipeline::Project& project() const { return m_project; }
  /// Resolved settings of a connection; nil if the pipeline does not define it.
  record::Value connection(std::string_view name) const { return m_connections->get(name); }
  /// The connection of that name has the same settings in both.
  bool hasSame(std::string_view connection, const Topology& of) const;
  /// A node of the same id, type, settings and connection is here too.
  bool hasSame(const TopologyNode& node, const Topology& of) const;

  Result<LaneParts> makeLane() const;
  Result<std::unique_ptr<stage::Source>> makeSource(std::size_t node) const;

 private:
  class Build;
  Topology() = default;
  Status wire();

  pipeline::Project m_project;
  const stage::TypeLookup* m_types = nullptr;
  record::OwnedValue m_connections;
  std::unique_ptr<liquid::TemplateEnvironment> m_liquid;
  std::vector<TopologyNode> m_nodes;
  std::vector<TopologyEdge> m_edges;
  // Filled by compile(); making lanes later finds every slot already there.
  mutable std::vector<std::string> m_slots;
  std::uint32_t m_errorSlot = 0;
};

/// The same, with its place in the pipeline: "node" or "node/where".
Error placed(Error error, const std::string& node);
Status placed(Status status, const std::string& node);

}  // namespace freshet::runtime
