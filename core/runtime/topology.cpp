// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/topology.h"

#include <algorithm>
#include <set>

#include "core/liquid/environment.h"
#include "core/pipeline/files.h"
#include "core/pipeline/project_liquid.h"
#include "core/record/json.h"

namespace freshet::runtime {

namespace {

Role roleOf(const stage::NodeType& type) {
  if (type.makeSource) return Role::Source;
  if (type.makeSink) return Role::Sink;
  return type.makeOutboxSink ? Role::OutboxSink : Role::Stage;
}

std::vector<Port> portsOf(const stage::NodeType& type, const spec::Config& config) {
  std::vector<Port> ports;
  for (const spec::PortSpec& port : type.spec.outputs)
    ports.push_back({port.name, port.isOptional, {}});
  if (type.spec.outputsFromCases) {
    const record::Value cases = config.value("cases");
    if (cases.isArray()) {
      for (const record::Value& one : cases.asArray()) {
        ports.push_back({std::string(one.get("name").asString()), false, {}});
      }
    }
  }
  return ports;
}

}  // namespace

class Topology::Build final : public stage::BuildContext {
 public:
  Build(const Topology& topology, std::size_t node) : m_topology(topology), m_node(node) {}

  const std::string& nodeId() const override { return m_topology.m_nodes[m_node].id; }
  std::uint32_t slot(std::string_view section) override {
    auto& slots = m_topology.m_slots;
    const auto found = std::ranges::find(slots, section);
    if (found != slots.end()) return static_cast<std::uint32_t>(found - slots.begin());
    slots.emplace_back(section);
    return static_cast<std::uint32_t>(slots.size() - 1);
  }
  Result<std::string> file(std::string_view path) override {
    return pipeline::readProjectFile(m_topology.m_project, path);
  }
  const liquid::TemplateEnvironment& liquid() const override { return *m_topology.m_liquid; }
  bool profilesWrittenDownstream(std::string_view connection) const override {
    std::set<std::size_t> seen;
    std::vector<std::size_t> open{m_node};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if (!seen.insert(at).second) continue;
      const TopologyNode& node = m_topology.m_nodes[at];
      const auto& reaches = node.type->spec.capabilities;
      if (std::ranges::find(reaches, "profiles.write") != reaches.end() &&
          node.config.text("connection") == connection) {
        return true;
      }
      for (const Port& port : node.ports) {
        for (const std::uint32_t edge : port.edges) open.push_back(m_topology.m_edges[edge].to);
      }
    }
    return false;
  }

 private:
  const Topology& m_topology;
  std::size_t m_node;
};

Topology::~Topology() = default;

Status Topology::wire() {
  const auto indexOf = [&](const std::string& id) {
    return static_cast<std::uint32_t>(std::ranges::find(m_nodes, id, &TopologyNode::id) -
                                      m_nodes.begin());
  };
  for (const pipeline::Edge& edge : m_project.pipeline.edges) {
    const std::uint32_t from = indexOf(edge.from);
    const std::uint32_t to = indexOf(edge.to);
    if (from == m_nodes.size() || to == m_nodes.size()) {
      return Error{"E-1104", "The wire " + edge.text() + " has an end that does not exist",
                   edge.text(), Retry::Never};
    }
    TopologyNode& node = m_nodes[from];
    Port* port = &node.errorPort;
    if (edge.port != "error") {
      const auto found = edge.port.empty() ? node.ports.begin()
                                           : std::ranges::find(node.ports, edge.port, &Port::name);
      if (found == node.ports.end()) {
        return Error{"E-1105", "The step " + node.id + " has no exit called " + edge.port,
                     edge.text(), Retry::Never};
      }
      port = &*found;
    }
    port->edges.push_back(static_cast<std::uint32_t>(m_edges.size()));
    m_edges.push_back({edge.text(), to, node.type->spec.family == spec::Family::Template});
  }
  return {};
}

Result<std::shared_ptr<const Topology>> Topology::compile(const pipeline::Project& project,
                                                          const stage::TypeLookup& types,
                                                          const pipeline::Lookup& lookup) {
  auto made = std::shared_ptr<Topology>(new Topology);
  made->m_project = project;
  made->m_types = &types;
  made->m_slots = {"event"};
  made->m_liquid = std::make_unique<liquid::TemplateEnvironment>();
  pipeline::usePartialsOf(*made->m_liquid, made->m_project);

  auto connections = pipeline::resolveReferences(*project.pipeline.connections, lookup);
  if (!connections) return connections.error();
  made->m_connections = *connections;

  const auto order = pipeline::flowOrder(project.pipeline);
  if (order.size() != project.pipeline.nodes.size()) {
    return Error{"E-1106", "The wires form a loop", {}, Retry::Never};
  }
  for (const std::size_t index : order) {
    const pipeline::Node& node = project.pipeline.nodes[index];
    const stage::NodeType* type = types.node(node.type);
    if (!type) {
      return Error{"E-1103", "There is no step type " + node.type + "; is its plug-in installed?",
                   node.id, Retry::Never};
    }
    auto settings = pipeline::resolveReferences(*node.settings, lookup);
    if (!settings) {
      Error error = settings.error();
      error.where = node.id;
      return error;
    }
    TopologyNode compiled;
    compiled.id = node.id;
    compiled.type = type;
    compiled.role = roleOf(*type);
    compiled.config = spec::Config(type->spec, *settings);
    compiled.ports = portsOf(*type, compiled.config);
    compiled.errorPort.name = "error";
    compiled.latenessMs = compiled.config.durationMs("lateness");
    const auto needs = [&](std::string_view word) {
      return std::ranges::find(type->spec.capabilities, word) != type->spec.capabilities.end();
    };
    compiled.reachesPeople = needs("people");
    compiled.leavesTraces = needs("state") || needs("profiles.write");
    made->m_nodes.push_back(std::move(compiled));
  }
  if (auto status = made->wire(); !status) return status.error();

  // Building once finds every slot, and every setting that cannot work.
  Build(*made, 0).slot("event");
  made->m_errorSlot = Build(*made, 0).slot("error");
  if (auto parts = made->makeLane(); !parts) return parts.error();
  for (std::size_t i = 0; i < made->m_nodes.size(); ++i) {
    if (made->m_nodes[i].role != Role::Source) continue;
    if (auto source = made->makeSource(i); !source) return source.error();
  }
  return std::shared_ptr<const Topology>(std::move(made));
}

bool Topology::hasSame(const TopologyNode& node, const Topology& of) const {
  const auto found = std::ranges::find(m_nodes, node.id, &TopologyNode::id);
  if (found == m_nodes.end() || found->type != node.type || !(found->config == node.config))
    return false;
  return hasSame(node.config.text("connection"), of);
}

bool Topology::hasSame(std::string_view name, const Topology& of) const {
  return record::toJson(connection(name)) == record::toJson(of.connection(name));
}

Result<LaneParts> Topology::makeLane() const {
  LaneParts parts;
  parts.stages.resize(m_nodes.size());
  parts.sinks.resize(m_nodes.size());
  parts.outboxSinks.resize(m_nodes.size());
  parts.eventTimes.resize(m_nodes.size());
  for (std::size_t i = 0; i < m_nodes.size(); ++i) {
    const TopologyNode& node = m_nodes[i];
    Build context(*this, i);
    const auto take = [&](auto made, auto& into) -> Status {
      if (!made) return placed(made.error(), node.id);
      into = std::move(*made);
      return {};
    };
    Status status;
    if (node.role == Role::Stage)
      status = take(node.type->makeStage(node.config, context), parts.stages[i]);
    if (node.role == Role::Sink)
      status = take(node.type->makeSink(node.config, context), parts.sinks[i]);
    if (node.role == Role::OutboxSink)
      status = take(node.type->makeOutboxSink(node.config, context), parts.outboxSinks[i]);
    if (node.role == Role::Source && node.config.has("eventTime")) {
      auto bound = stage::BoundExpression::bind(node.config.text("eventTime"), context);
      if (!bound)
        return Error{bound.error().code, bound.error().message, node.id + "/eventTime",
                     Retry::Never};
      parts.eventTimes[i] = std::make_unique<stage::BoundExpression>(std::move(*bound));
    }
    if (!status) return status.error();
  }
  return parts;
}

Result<std::unique_ptr<stage::Source>> Topology::makeSource(std::size_t node) const {
  Build context(*this, node);
  auto made = m_nodes[node].type->makeSource(m_nodes[node].config, context);
  if (!made) return placed(made.error(), m_nodes[node].id);
  return made;
}

Error placed(Error error, const std::string& node) {
  error.where = error.where.empty() ? node : node + '/' + error.where;
  return error;
}

Status placed(Status status, const std::string& node) {
  return status ? status : placed(status.error(), node);
}

}  // namespace freshet::runtime
