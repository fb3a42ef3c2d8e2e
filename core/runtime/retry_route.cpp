// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/retry_route.h"

namespace freshet::runtime {
namespace {

template <class Visit>
void eachEdge(const TopologyNode& node, const Visit& visit) {
  for (const Port& port : node.ports) {
    for (const std::uint32_t edge : port.edges) visit(edge);
  }
  for (const std::uint32_t edge : node.errorPort.edges) visit(edge);
}

/// Nodes stand in flow order, so one pass finds all.
std::vector<bool> reachedFrom(const Topology& topology, std::optional<std::uint32_t> source) {
  std::vector<bool> reached(topology.nodes().size(), !source);
  if (!source) return reached;
  reached[*source] = true;
  for (std::size_t node = 0; node < reached.size(); ++node) {
    if (!reached[node]) continue;
    eachEdge(topology.nodes()[node],
             [&](std::uint32_t edge) { reached[topology.edges()[edge].to] = true; });
  }
  return reached;
}

}  // namespace

RetryRoute retryRoute(const Topology& topology, std::optional<std::uint32_t> source,
                      std::uint32_t failed) {
  const std::vector<bool> reached = reachedFrom(topology, source);
  RetryRoute route{failed, {}};
  while (true) {
    std::uint32_t before = 0;
    std::vector<std::uint32_t> edges;
    for (std::uint32_t node = 0; node < route.entry; ++node) {
      if (!reached[node]) continue;
      eachEdge(topology.nodes()[node], [&](std::uint32_t edge) {
        if (topology.edges()[edge].to != route.entry) return;
        edges.push_back(edge);
        before = node;
      });
    }
    if (edges.size() != 1 || topology.nodes()[before].leavesTraces) return route;
    route.entry = before;
    route.edges.push_back(edges.front());
  }
}

}  // namespace freshet::runtime
