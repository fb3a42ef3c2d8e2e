// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_lists.h"

#include <set>

#include "ui/bridge/node_search.h"
#include "ui/bridge/node_words.h"
#include "ui/canvas/quick_list.h"

namespace freshet::canvas {

CanvasLists::CanvasLists(QWidget& canvas, const CanvasState& state, CanvasCommands& commands,
                         const bridge::DocumentModel& document, theme::Theme& theme)
    : m_canvas(canvas),
      m_state(state),
      m_commands(commands),
      m_document(document),
      m_theme(theme) {}

QuickList* CanvasLists::open(const QString& placeholder,
                             std::function<std::vector<bridge::StepRow>(const QString&)> find,
                             QPointF at) {
  auto* list = new QuickList(m_theme, placeholder, std::move(find), &m_canvas);
  list->popUp(m_canvas.mapToGlobal(at.toPoint()));
  return list;
}

std::vector<bridge::StepRow> CanvasLists::typesCalled(
    const QString& wanted, const std::function<bool(std::string_view)>& fits) const {
  std::vector<bridge::StepRow> rows;
  for (const spec::NodeSpec* spec : bridge::searchNodes(m_document.catalog(), wanted)) {
    if (fits && !fits(spec->id)) continue;
    rows.push_back(bridge::rowOf(*spec));
    rows.back().detail = bridge::familyTitle(rows.back().family);
  }
  return rows;
}

void CanvasLists::addStep(QPointF topLeft, QPointF at, const QString& query) {
  QuickList* list = open(
      tr("Add a step"), [this](const QString& wanted) { return typesCalled(wanted, {}); }, at);
  connect(list, &QuickList::chosen, this, [this, topLeft](const std::string& type) {
    Q_EMIT closed();
    Q_EMIT added(m_commands.addNode(type, topLeft));
  });
  list->setQuery(query);
}

void CanvasLists::connectFrom(const Card& from) {
  const std::vector<pipeline::Edge> edges = m_commands.possibleEdges(from.id);
  const QPointF port = from.outputs.empty() ? from.rect.center() : from.output(0);
  QuickList* list = open(
      tr("Connect %1 to").arg(from.title),
      [this, edges](const QString& wanted) {
        std::vector<bridge::StepRow> rows;
        for (const pipeline::Edge& edge : edges) {
          const Card& to = m_state.scene.card(m_state.scene.find(edge.to));
          if (bridge::matchScore(to.title, wanted) == 0) continue;
          bridge::StepRow row;
          row.title = to.title;
          row.icon = to.icon;
          row.family = to.family;
          row.key = edge.to;
          rows.push_back(std::move(row));
        }
        return rows;
      },
      m_state.view.toScreen(port) + QPointF(12, -16));
  connect(list, &QuickList::chosen, this, [this, edges](const std::string& to) {
    Q_EMIT closed();
    for (const pipeline::Edge& edge : edges)
      if (edge.to == to) m_commands.connect(edge);
  });
}

void CanvasLists::endWire(const Connecting& wire) {
  const Card from = m_state.scene.card(wire.from.card);
  const bool isBackward = wire.from.port < 0;
  LooseWire loose{from.id, {}, isBackward};
  if (!isBackward)
    loose.port = m_commands.portName(from.id, static_cast<std::size_t>(wire.from.port));
  std::set<std::string, std::less<>> fitting = m_commands.typesFor(loose);
  QuickList* list = open(
      isBackward ? tr("What leads to %1").arg(from.title) : tr("What follows %1").arg(from.title),
      [this, fitting](const QString& wanted) {
        return typesCalled(wanted, [&](std::string_view type) { return fitting.contains(type); });
      },
      m_state.view.toScreen(wire.pointer));
  // The new step's port comes to lie where the wire was dropped.
  const QPointF topLeft =
      wire.pointer - QPointF(isBackward ? metrics::kCardWidth : 0, metrics::kPortY);
  connect(list, &QuickList::chosen, this, [this, loose, topLeft](const std::string& type) {
    Q_EMIT closed();
    Q_EMIT added(m_commands.addConnected(type, topLeft, loose));
  });
}

}  // namespace freshet::canvas
