// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/pipeline/graph_edit.h"

namespace freshet::pipeline {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string titleOf(const Node& node, const spec::NodeSpec* spec) {
  if (!node.title.empty()) return node.title;
  return spec ? spec->title : node.id;
}

}  // namespace

std::string refusal(const Project& project, const spec::SpecCatalog& catalog, const Edge& edge) {
  const Pipeline& pipeline = project.pipeline;
  const Node* from = pipeline.find(edge.from);
  const Node* to = pipeline.find(edge.to);
  if (!from || !to) return "There is no step " + (from ? edge.to : edge.from);
  const spec::NodeSpec* fromSpec = catalog.find(from->type);
  const spec::NodeSpec* toSpec = catalog.find(to->type);
  if (toSpec && !toSpec->hasInput) {
    return titleOf(*to, toSpec) + " is a source: nothing can lead to it";
  }
  if (fromSpec && edge.port != kErrorPort) {
    const auto ports = portsOf(*from, *fromSpec);
    if (ports.empty()) return titleOf(*from, fromSpec) + " is an end: nothing comes out of it";
    const bool hasPort = edge.port.empty() ||
                         std::ranges::find(ports, edge.port, &spec::PortSpec::name) != ports.end();
    if (!hasPort) return titleOf(*from, fromSpec) + " has no output " + edge.port;
  }
  const auto same = [&](const Edge& other) {
    const auto portOf = [&](const Edge& each) {
      if (!each.port.empty() || !fromSpec) return each.port;
      const auto ports = portsOf(*from, *fromSpec);
      return ports.empty() ? std::string() : ports.front().name;
    };
    return other.from == edge.from && other.to == edge.to && portOf(other) == portOf(edge);
  };
  if (std::ranges::any_of(pipeline.edges, same)) return "These two are connected already";
  Pipeline wired = pipeline;
  wired.edges.insert(wired.edges.begin(), edge);
  const auto loop = findLoop(wired);
  return loop.empty() ? std::string() : "This would close a loop: " + join(loop);
}

std::string freeId(const Pipeline& pipeline, std::string_view wanted) {
  std::string base;
  for (const char c : wanted) {
    const bool isUpper = c >= 'A' && c <= 'Z';
    if (isUpper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      base += isUpper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!base.empty() && base.back() != '-') {
      base += '-';
    }
  }
  while (base.ends_with('-')) base.pop_back();
  if (base.empty()) base = "step";
  std::string id = base;
  for (int number = 2; pipeline.find(id); ++number) id = base + '-' + std::to_string(number);
  return id;
}

}  // namespace freshet::pipeline
