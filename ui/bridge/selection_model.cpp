// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/selection_model.h"

#include "ui/bridge/document_model.h"

namespace freshet::bridge {

SelectionModel::SelectionModel(DocumentModel& document, QObject* parent)
    : QObject(parent), m_document(document) {
  connect(&document, &DocumentModel::changed, this, [this](DocumentModel::Change change) {
    if (change == DocumentModel::Change::Reset)
      clear();
    else if (change == DocumentModel::Change::Logic)
      prune();
  });
}

void SelectionModel::set(Ids nodes, Ids edges, std::string current) {
  if (!nodes.contains(current)) current.clear();
  if (current.empty() && nodes.size() == 1) current = *nodes.begin();
  if (nodes == m_nodes && edges == m_edges && current == m_current) return;
  m_nodes = std::move(nodes);
  m_edges = std::move(edges);
  m_current = std::move(current);
  Q_EMIT changed();
}

void SelectionModel::toggleNode(const std::string& id) {
  Ids nodes = m_nodes;
  const bool isNew = nodes.insert(id).second;
  if (!isNew) nodes.erase(id);
  set(std::move(nodes), m_edges, isNew ? id : std::string());
}

void SelectionModel::addNode(const std::string& id) {
  Ids nodes = m_nodes;
  nodes.insert(id);
  set(std::move(nodes), m_edges, id);
}

void SelectionModel::toggleEdge(const std::string& edge) {
  Ids edges = m_edges;
  if (!edges.insert(edge).second) edges.erase(edge);
  set(m_nodes, std::move(edges), m_current);
}

void SelectionModel::selectAll() {
  Ids nodes;
  for (const pipeline::Node& node : m_document.project().pipeline.nodes) nodes.insert(node.id);
  set(std::move(nodes), {}, m_current);
}

void SelectionModel::prune() {
  const pipeline::Pipeline& pipeline = m_document.project().pipeline;
  Ids edges;
  for (const pipeline::Edge& edge : pipeline.edges)
    if (std::string text = edge.text(); m_edges.contains(text)) edges.insert(std::move(text));
  Ids nodes;
  for (const pipeline::Node& node : pipeline.nodes)
    if (m_nodes.contains(node.id)) nodes.insert(node.id);
  set(std::move(nodes), std::move(edges), m_current);
}

}  // namespace freshet::bridge
