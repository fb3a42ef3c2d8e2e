// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>

#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

/// For each node the indexes of those behind it.
std::vector<std::vector<std::size_t>> successors(const Pipeline& pipeline) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) index.emplace(pipeline.nodes[i].id, i);
  std::vector<std::vector<std::size_t>> next(pipeline.nodes.size());
  for (const Edge& edge : pipeline.edges) {
    const auto from = index.find(edge.from);
    const auto to = index.find(edge.to);
    if (from != index.end() && to != index.end()) next[from->second].push_back(to->second);
  }
  return next;
}

}  // namespace

std::vector<std::size_t> flowOrder(const Pipeline& pipeline) {
  const auto next = successors(pipeline);
  std::vector<std::size_t> waitingFor(next.size());
  for (const auto& targets : next) {
    for (const std::size_t target : targets) ++waitingFor[target];
  }
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (waitingFor[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const std::size_t target : next[node]) {
      if (--waitingFor[target] == 0) ready.push(target);
    }
  }
  if (order.size() < next.size()) order.clear();
  return order;
}

std::vector<std::string> findLoop(const Pipeline& pipeline) {
  const auto next = successors(pipeline);
  enum class Mark : char { New, OnPath, Done };
  std::vector<Mark> marks(next.size(), Mark::New);
  struct Step {
    std::size_t node;
    std::size_t edge;
  };
  for (std::size_t start = 0; start < next.size(); ++start) {
    if (marks[start] != Mark::New) continue;
    std::vector<Step> path{{start, 0}};
    marks[start] = Mark::OnPath;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.edge == next[step.node].size()) {
        marks[step.node] = Mark::Done;
        path.pop_back();
        continue;
      }
      const std::size_t target = next[step.node][step.edge++];
      if (marks[target] == Mark::OnPath) {
        std::vector<std::string> loop;
        for (auto from = std::ranges::find(path, target, &Step::node); from != path.end(); ++from) {
          loop.push_back(pipeline.nodes[from->node].id);
        }
        loop.push_back(pipeline.nodes[target].id);
        return loop;
      }
      if (marks[target] == Mark::New) {
        marks[target] = Mark::OnPath;
        path.push_back({target, 0});
      }
    }
  }
  return {};
}

std::vector<spec::PortSpec> portsOf(const Node& node, const spec::NodeSpec& spec) {
  std::vector<spec::PortSpec> ports = spec.outputs;
  if (spec.outputsFromCases) {
    for (const spec::FieldSpec& field : spec.fields) {
      if (field.type != spec::FieldType::Cases) continue;
      const record::Value cases = node.settings->get(field.name);
      if (!cases.isArray()) continue;
      for (const record::Value& entry : cases.asArray()) {
        const record::Value name = entry.get("name");
        const record::Value title = entry.get("title");
        if (!name.isString()) continue;
        ports.push_back({std::string(name.asString()),
                         std::string(title.isString() ? title.asString() : name.asString())});
      }
    }
  }
  return ports;
}

}  // namespace freshet::pipeline
