// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPointF>
#include <QString>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/pipeline/graph_edit.h"
#include "ui/bridge/document_model.h"
#include "ui/bridge/selection_model.h"

namespace freshet::canvas {

// A wire of which one end is known.
struct LooseWire {
  std::string node;
  std::string port;         // of `node`, as an edge spells it
  bool isBackward = false;  // it leads to `node`
};

// What can be done to the graph, each as one undo step, by mouse, key, palette or test alike.
// Refused edits change nothing. GUI thread; document and selection outlive it.
class CanvasCommands {
 public:
  CanvasCommands(bridge::DocumentModel& document, bridge::SelectionModel& selection)
      : m_document(document), m_selection(selection) {}

  // Selects the new node. Its id, or empty for an unknown type. `topLeft` is snapped.
  std::string addNode(std::string_view type, QPointF topLeft);
  std::string insertNode(std::string_view type, QPointF topLeft, const pipeline::Edge& edge);
  bool fitsOnEdge(std::string_view type) const;

  // Node types that could stand at the other end.
  std::set<std::string, std::less<>> typesFor(const LooseWire& wire) const;
  // A new node at the other end, added and connected as one.
  std::string addConnected(std::string_view type, QPointF topLeft, const LooseWire& wire);

  // Empty if the edge may be drawn.
  QString refusal(const pipeline::Edge& edge) const;
  bool connect(const pipeline::Edge& edge);
  // Every node that would take an edge from the first free output of `from`.
  std::vector<pipeline::Edge> possibleEdges(std::string_view from) const;
  std::optional<pipeline::Edge> findEdge(std::string_view text) const;

  void moveNodes(const std::vector<pipeline::Layout::Placed>& to,
                 bridge::DocumentModel::Merge merge = bridge::DocumentModel::Merge::Never);
  void removeSelected();
  void removeSelectedAndHeal();

  // "port" of the n-th output as an edge spells it: the first of declared ports is left out.
  std::string portName(std::string_view node, std::size_t output) const;

 private:
  pipeline::Node newNode(const spec::NodeSpec& spec) const;
  static pipeline::Edge edgeOf(const LooseWire& wire, const std::string& other);

  bridge::DocumentModel& m_document;
  bridge::SelectionModel& m_selection;
};

}  // namespace freshet::canvas
