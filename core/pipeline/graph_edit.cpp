// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/graph_edit.h"

#include <algorithm>

namespace freshet::pipeline {
namespace {

std::string nameOf(const Node& node) {
  return node.title.empty() ? node.id : node.title;
}

std::string nameOf(const Pipeline& pipeline, std::string_view id) {
  const Node* node = pipeline.find(id);
  return node ? nameOf(*node) : std::string(id);
}

void erase(Pipeline& pipeline, Layout& layout, std::string_view id) {
  std::erase_if(pipeline.nodes, [&](const Node& node) { return node.id == id; });
  std::erase_if(pipeline.edges, [&](const Edge& edge) { return edge.from == id || edge.to == id; });
  std::erase_if(layout.nodes, [&](const Layout::Placed& placed) { return placed.node == id; });
  for (Layout::Group& group : layout.groups) std::erase(group.members, id);
  std::erase_if(layout.groups, [](const Layout::Group& group) { return group.members.empty(); });
}

}  // namespace

GraphEdit::GraphEdit(const Project& before, std::string label, std::string argument,
                     std::string mergeKey)
    : m_label(std::move(label)),
      m_argument(std::move(argument)),
      m_mergeKey(std::move(mergeKey)),
      m_pipelineBefore(before.pipeline),
      m_pipelineAfter(before.pipeline),
      m_layoutBefore(before.layout),
      m_layoutAfter(before.layout) {}

GraphEdit GraphEdit::addNode(const Project& project, Node node, Point at) {
  GraphEdit edit(project, "Add %1", nameOf(node));
  edit.m_layoutAfter.place(node.id, at);
  edit.m_pipelineAfter.nodes.push_back(std::move(node));
  return edit;
}

GraphEdit GraphEdit::removeNodes(const Project& project, const std::vector<std::string>& ids) {
  const bool isOne = ids.size() == 1;
  GraphEdit edit(project, isOne ? "Delete %1" : "Delete %1 steps",
                 isOne ? nameOf(project.pipeline, ids.front()) : std::to_string(ids.size()));
  for (const std::string& id : ids) erase(edit.m_pipelineAfter, edit.m_layoutAfter, id);
  return edit;
}

GraphEdit GraphEdit::removeAndHeal(const Project& project, std::string_view id) {
  GraphEdit edit(project, "Delete %1 and reconnect", nameOf(project.pipeline, id));
  std::vector<Edge> healed;
  const auto add = [&](const Edge& edge) {
    if (std::ranges::find(healed, edge) == healed.end()) healed.push_back(edge);
  };
  // The new edges stand where the ones that led to the node stood.
  for (const Edge& edge : project.pipeline.edges) {
    if (edge.from == id) continue;
    if (edge.to != id) {
      add(edge);
      continue;
    }
    for (const Edge& next : project.pipeline.edges) {
      if (next.from == id && next.to != id) add({edge.from, edge.port, next.to});
    }
  }
  erase(edit.m_pipelineAfter, edit.m_layoutAfter, id);
  edit.m_pipelineAfter.edges = std::move(healed);
  return edit;
}

GraphEdit GraphEdit::addEdge(const Project& project, Edge edge) {
  GraphEdit edit(project, "Connect to %1", nameOf(project.pipeline, edge.to));
  auto& edges = edit.m_pipelineAfter.edges;
  if (std::ranges::find(edges, edge) == edges.end()) edges.push_back(std::move(edge));
  return edit;
}

GraphEdit GraphEdit::removeEdge(const Project& project, const Edge& edge) {
  GraphEdit edit(project, "Disconnect from %1", nameOf(project.pipeline, edge.to));
  std::erase(edit.m_pipelineAfter.edges, edge);
  return edit;
}

GraphEdit GraphEdit::insertOnEdge(const Project& project, Node node, Point at, const Edge& edge) {
  GraphEdit edit(project, "Insert %1", nameOf(node));
  auto& edges = edit.m_pipelineAfter.edges;
  const auto place = std::ranges::find(edges, edge);
  if (place != edges.end()) {
    const Edge behind{node.id, {}, edge.to};
    place->to = node.id;
    edges.insert(place + 1, behind);
  }
  edit.m_layoutAfter.place(node.id, at);
  if (!edit.m_pipelineAfter.find(node.id)) edit.m_pipelineAfter.nodes.push_back(std::move(node));
  return edit;
}

GraphEdit GraphEdit::setSetting(const Project& project, std::string_view node,
                                std::string_view field, const record::Value& value) {
  GraphEdit edit(project, "Change %1", nameOf(project.pipeline, node),
                 "setting/" + std::string(node) + '/' + std::string(field));
  if (Node* changed = edit.m_pipelineAfter.find(node)) {
    changed->settings =
        value.isNil() ? changed->settings.without(field) : changed->settings.with(field, value);
  }
  return edit;
}

GraphEdit GraphEdit::setTitle(const Project& project, std::string_view node,
                              std::string_view title) {
  GraphEdit edit(project, "Rename %1", nameOf(project.pipeline, node),
                 "title/" + std::string(node));
  if (Node* changed = edit.m_pipelineAfter.find(node)) changed->title = title;
  return edit;
}

GraphEdit GraphEdit::moveNodes(const Project& project, const std::vector<Layout::Placed>& to) {
  const bool isOne = to.size() == 1;
  std::string mergeKey = "move";
  for (const Layout::Placed& placed : to) mergeKey += '/' + placed.node;
  GraphEdit edit(project, isOne ? "Move %1" : "Move %1 steps",
                 isOne ? nameOf(project.pipeline, to.front().node) : std::to_string(to.size()),
                 std::move(mergeKey));
  for (const Layout::Placed& placed : to) edit.m_layoutAfter.place(placed.node, placed.at);
  return edit;
}

void GraphEdit::apply(Project& project) const {
  project.pipeline = m_pipelineAfter;
  project.layout = m_layoutAfter;
}

void GraphEdit::revert(Project& project) const {
  project.pipeline = m_pipelineBefore;
  project.layout = m_layoutBefore;
}

bool GraphEdit::mergesWith(const GraphEdit& next) const {
  return !m_mergeKey.empty() && m_mergeKey == next.m_mergeKey;
}

GraphEdit GraphEdit::mergedWith(const GraphEdit& next) const {
  GraphEdit merged = *this;
  merged.m_pipelineAfter = next.m_pipelineAfter;
  merged.m_layoutAfter = next.m_layoutAfter;
  return merged;
}

bool GraphEdit::isLayoutOnly() const {
  return m_pipelineBefore == m_pipelineAfter;
}

}  // namespace freshet::pipeline
