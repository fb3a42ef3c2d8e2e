// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_commands.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/bridge/node_words.h"
#include "ui/canvas/view_transform.h"

namespace freshet::canvas {

using pipeline::GraphEdit;

pipeline::Node CanvasCommands::newNode(const spec::NodeSpec& spec) const {
  pipeline::Node node;
  node.id = pipeline::freeId(m_document.project().pipeline, spec.title);
  node.type = spec.id;
  return node;
}

std::string CanvasCommands::addNode(std::string_view type, QPointF topLeft) {
  const spec::NodeSpec* spec = m_document.catalog().find(type);
  if (!spec) return {};
  const pipeline::Node node = newNode(*spec);
  const QPointF at = snapped(topLeft);
  m_document.apply(GraphEdit::addNode(m_document.project(), node, {at.x(), at.y()}));
  m_selection.selectNode(node.id);
  return node.id;
}

std::string CanvasCommands::insertNode(std::string_view type, QPointF topLeft,
                                       const pipeline::Edge& edge) {
  const spec::NodeSpec* spec = m_document.catalog().find(type);
  if (!spec || !fitsOnEdge(type)) return {};
  const pipeline::Node node = newNode(*spec);
  const QPointF at = snapped(topLeft);
  m_document.apply(GraphEdit::insertOnEdge(m_document.project(), node, {at.x(), at.y()}, edge));
  m_selection.selectNode(node.id);
  return node.id;
}

bool CanvasCommands::fitsOnEdge(std::string_view type) const {
  const spec::NodeSpec* spec = m_document.catalog().find(type);
  return spec && spec->hasInput && !spec->outputs.empty();
}

pipeline::Edge CanvasCommands::edgeOf(const LooseWire& wire, const std::string& other) {
  if (wire.isBackward) return {other, {}, wire.node};
  return {wire.node, wire.port, other};
}

std::set<std::string, std::less<>> CanvasCommands::typesFor(const LooseWire& wire) const {
  std::set<std::string, std::less<>> types;
  pipeline::Project tried = m_document.project();
  tried.pipeline.nodes.push_back({pipeline::freeId(tried.pipeline, "new"), {}, {}, {}, {}});
  for (const spec::NodeSpec* spec : m_document.catalog().all()) {
    tried.pipeline.nodes.back().type = spec->id;
    const pipeline::Edge edge = edgeOf(wire, tried.pipeline.nodes.back().id);
    if (pipeline::refusal(tried, m_document.catalog(), edge).empty()) types.insert(spec->id);
  }
  return types;
}

std::string CanvasCommands::addConnected(std::string_view type, QPointF topLeft,
                                         const LooseWire& wire) {
  const spec::NodeSpec* spec = m_document.catalog().find(type);
  if (!spec) return {};
  m_document.undoStack().beginMacro(
      QCoreApplication::translate("GraphEdit", "Add %1").arg(QString::fromStdString(spec->title)));
  std::string id = addNode(type, topLeft);
  connect(edgeOf(wire, id));
  m_document.undoStack().endMacro();
  return id;
}

QString CanvasCommands::refusal(const pipeline::Edge& edge) const {
  return QString::fromStdString(
      pipeline::refusal(m_document.project(), m_document.catalog(), edge));
}

bool CanvasCommands::connect(const pipeline::Edge& edge) {
  if (!refusal(edge).isEmpty()) return false;
  m_document.apply(GraphEdit::addEdge(m_document.project(), edge));
  return true;
}

std::string CanvasCommands::portName(std::string_view id, std::size_t output) const {
  const pipeline::Node* node = m_document.project().pipeline.find(id);
  if (!node) return {};
  const spec::NodeSpec* spec = m_document.catalog().find(node->type);
  const std::vector<bridge::OutputPort> ports = bridge::outputsOf(*node, spec);
  if (output >= ports.size()) return {};
  const bool isPlain = output == 0 && !ports[0].isError && !(spec && spec->outputsFromCases);
  if (isPlain) return {};
  return ports[output].name;
}

std::vector<pipeline::Edge> CanvasCommands::possibleEdges(std::string_view from) const {
  const pipeline::Pipeline& pipeline = m_document.project().pipeline;
  const pipeline::Node* source = pipeline.find(from);
  if (!source) return {};
  const std::vector<bridge::OutputPort> ports =
      bridge::outputsOf(*source, m_document.catalog().find(source->type));
  if (ports.empty() || ports.front().isError) return {};
  std::string port = portName(from, 0);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string name = portName(from, i);
    const bool isTaken =
        std::any_of(pipeline.edges.begin(), pipeline.edges.end(), [&](const pipeline::Edge& edge) {
          return edge.from == from && (edge.port == name || edge.port == ports[i].name);
        });
    if (isTaken || ports[i].isError) continue;
    port = name;
    break;
  }
  std::vector<pipeline::Edge> edges;
  for (const pipeline::Node& node : pipeline.nodes) {
    pipeline::Edge edge{std::string(from), port, node.id};
    if (refusal(edge).isEmpty()) edges.push_back(std::move(edge));
  }
  return edges;
}

std::optional<pipeline::Edge> CanvasCommands::findEdge(std::string_view text) const {
  for (const pipeline::Edge& edge : m_document.project().pipeline.edges)
    if (edge.text() == text) return edge;
  return std::nullopt;
}

void CanvasCommands::moveNodes(const std::vector<pipeline::Layout::Placed>& to,
                               bridge::DocumentModel::Merge merge) {
  if (!to.empty()) m_document.apply(GraphEdit::moveNodes(m_document.project(), to), merge);
}

void CanvasCommands::removeSelected() {
  if (m_selection.isEmpty()) return;
  const std::vector<std::string> nodes(m_selection.nodes().begin(), m_selection.nodes().end());
  const std::vector<std::string> edges(m_selection.edges().begin(), m_selection.edges().end());
  const bool isMixed = !edges.empty() && nodes.size() + edges.size() > 1;
  if (isMixed)
    m_document.undoStack().beginMacro(QCoreApplication::translate("Canvas", "Delete selection"));
  for (const std::string& text : edges)
    if (const auto edge = findEdge(text))
      m_document.apply(GraphEdit::removeEdge(m_document.project(), *edge));
  if (!nodes.empty()) m_document.apply(GraphEdit::removeNodes(m_document.project(), nodes));
  if (isMixed) m_document.undoStack().endMacro();
}

void CanvasCommands::removeSelectedAndHeal() {
  const std::vector<std::string> nodes(m_selection.nodes().begin(), m_selection.nodes().end());
  if (nodes.empty()) return;
  if (nodes.size() > 1)
    m_document.undoStack().beginMacro(
        QCoreApplication::translate("Canvas", "Delete %1 steps and heal").arg(nodes.size()));
  for (const std::string& node : nodes)
    m_document.apply(GraphEdit::removeAndHeal(m_document.project(), node));
  if (nodes.size() > 1) m_document.undoStack().endMacro();
}

}  // namespace freshet::canvas
