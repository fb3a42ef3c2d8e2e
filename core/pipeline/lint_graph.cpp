// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/pipeline/findings.h"

namespace freshet::pipeline {
namespace {

bool isWellFormed(std::string_view id) {
  if (id.empty() || id.size() > 64 || id.front() == '-') return false;
  return std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

void lintIds(const Pipeline& pipeline, Findings& findings) {
  if (pipeline.name.empty()) {
    findings.add("E-1109", "name", "the pipeline has no name", "set \"name\"");
  }
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) {
    const Node& node = pipeline.nodes[i];
    const std::string place = "nodes/" + std::to_string(i);
    Diagnostic* found = nullptr;
    if (node.id.empty()) {
      found = &findings.add("E-1101", place, "this step has no id", "set \"id\"");
    } else if (!isWellFormed(node.id)) {
      found = &findings.add("E-1101", place, "\"" + node.id + "\" cannot be an id",
                            "use a-z, 0-9, - and _, at most 64");
    } else if (!seen.insert(node.id).second) {
      found = &findings.add("E-1102", place, "a step before this has the id " + node.id + " too",
                            "give one of them another id");
    }
    if (found) found->node = node.id;
  }
}

void lintTypes(const Pipeline& pipeline, const spec::SpecCatalog& catalog, Findings& findings) {
  std::vector<std::string> known;
  std::set<std::string_view> families;
  for (const spec::NodeSpec* spec : catalog.all()) {
    known.push_back(spec->id);
    families.insert(std::string_view(spec->id).substr(0, spec->id.find('.')));
  }
  for (const Node& node : pipeline.nodes) {
    if (catalog.find(node.type)) continue;
    if (node.type.empty()) {
      findings.addTo(node, "E-1103", {}, node.id + " has no type", "set \"type\"");
      continue;
    }
    const std::size_t dot = node.type.find('.');
    const std::string plugin = node.type.substr(0, dot);
    std::string hint = suggestion(node.type, known);
    if (hint.empty() && dot != std::string::npos && !families.contains(plugin)) {
      hint = "install the plug-in " + plugin;
    }
    Diagnostic& found = findings.add("E-1103", node.id + ".type",
                                     "there is no step of type " + node.type, std::move(hint));
    found.node = node.id;
  }
}

std::string listOf(const std::vector<spec::PortSpec>& ports) {
  std::string out;
  for (const spec::PortSpec& port : ports) out += (out.empty() ? "" : ", ") + port.name;
  return out;
}

/// One wire; the node it concerns is the one that would have to change.
void lintEdge(const Edge& edge, const Pipeline& pipeline, const spec::SpecCatalog& catalog,
              Findings& findings) {
  const std::string place = "edge " + edge.text();
  const Node* from = pipeline.find(edge.from);
  const Node* to = pipeline.find(edge.to);
  std::vector<std::string> ids;
  for (const Node& node : pipeline.nodes) ids.push_back(node.id);
  if (!from) {
    findings.add("E-1104", place, "a wire starts at " + edge.from + ", which is not there",
                 suggestion(edge.from, ids));
  }
  if (!to) {
    findings.add("E-1104", place, "a wire leads to " + edge.to + ", which is not there",
                 suggestion(edge.to, ids));
  }
  const spec::NodeSpec* fromSpec = from ? catalog.find(from->type) : nullptr;
  const spec::NodeSpec* toSpec = to ? catalog.find(to->type) : nullptr;
  if (toSpec && !toSpec->hasInput) {
    findings
        .add("E-1107", place, titleOf(*to, catalog) + " is a source: nothing can lead to it",
             "remove the wire")
        .node = to->id;
  }
  if (!fromSpec || edge.port == kErrorPort) return;
  const auto ports = portsOf(*from, *fromSpec);
  if (ports.empty() && !fromSpec->outputsFromCases) {
    findings
        .add("E-1108", place, titleOf(*from, catalog) + " is an end: nothing comes out of it",
             "remove the wire")
        .node = from->id;
  } else if (!edge.port.empty() &&
             std::ranges::find(ports, edge.port, &spec::PortSpec::name) == ports.end()) {
    findings
        .add("E-1105", place, titleOf(*from, catalog) + " has no output " + edge.port,
             "it has " + listOf(ports))
        .node = from->id;
  }
}

void lintReach(const Pipeline& pipeline, const spec::SpecCatalog& catalog, Findings& findings) {
  std::unordered_map<std::string_view, std::vector<std::string_view>> next;
  std::unordered_set<std::string_view> hasIncoming;
  for (const Edge& edge : pipeline.edges) {
    next[edge.from].push_back(edge.to);
    hasIncoming.insert(edge.to);
  }
  std::unordered_set<std::string_view> reached;
  std::vector<std::string_view> waiting;
  bool hasSource = false;
  for (const Node& node : pipeline.nodes) {
    const spec::NodeSpec* spec = catalog.find(node.type);
    // A step of unknown type may well be a source.
    const bool isSource = spec ? !spec->hasInput : !hasIncoming.contains(node.id);
    hasSource = hasSource || isSource;
    if (isSource) waiting.push_back(node.id);
  }
  while (!waiting.empty()) {
    const std::string_view id = waiting.back();
    waiting.pop_back();
    if (!reached.insert(id).second) continue;
    for (const std::string_view target : next[id]) waiting.push_back(target);
  }
  if (!hasSource && !pipeline.nodes.empty()) {
    findings.add("W-1114", "name", "the pipeline has no source: no event ever comes in",
                 "add a source");
  }
  for (const Node& node : pipeline.nodes) {
    const spec::NodeSpec* spec = catalog.find(node.type);
    const bool leads = next.contains(node.id) && !next[node.id].empty();
    if (!leads && !hasIncoming.contains(node.id) && pipeline.nodes.size() > 1) {
      findings.addTo(node, "W-1111", {}, titleOf(node, catalog) + " is not connected",
                     "connect or delete it");
    } else if (!reached.contains(node.id) && hasSource) {
      findings.addTo(node, "W-1112", {}, "no source leads to " + titleOf(node, catalog),
                     "connect it to what comes before it");
    } else if (spec && !spec->hasInput && !leads) {
      findings.addTo(node, "W-1113", {}, titleOf(node, catalog) + " leads nowhere",
                     "connect it to a step");
    }
  }
}

}  // namespace

void lintGraph(const Project& project, const spec::SpecCatalog& catalog, Findings& findings) {
  const Pipeline& pipeline = project.pipeline;
  lintIds(pipeline, findings);
  lintTypes(pipeline, catalog, findings);
  std::unordered_set<std::string> drawn;
  for (const Edge& edge : pipeline.edges) {
    if (!drawn.insert(edge.text()).second) {
      findings.add("W-1110", "edge " + edge.text(), "this wire is drawn twice", "remove one");
      continue;
    }
    lintEdge(edge, pipeline, catalog, findings);
  }
  if (const auto loop = findLoop(pipeline); !loop.empty()) {
    std::string path;
    for (const std::string& id : loop) path += (path.empty() ? "" : " -> ") + id;
    findings.addTo(*pipeline.find(loop.front()), "E-1106", {}, "these steps form a loop: " + path,
                   "remove one of these wires");
  }
  lintReach(pipeline, catalog, findings);
}

}  // namespace freshet::pipeline
