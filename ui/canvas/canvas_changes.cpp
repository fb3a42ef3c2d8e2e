// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_changes.h"

#include <cmath>

#include "ui/canvas/card_painter.h"
#include "ui/canvas/frame_painter.h"
#include "ui/canvas/wire_painter.h"

namespace freshet::canvas {

std::vector<QRect> changedAreas(const CanvasState& state, const CanvasLive& before) {
  std::vector<QRect> areas;
  const QRect all(QPoint(), state.size.toSize());
  const auto dirty = [&](const QRect& area) {
    if (area.intersects(all)) areas.push_back(area);
  };
  const CanvasLive& now = state.live;
  for (std::size_t i = 0; i < now.cards.size(); ++i) {
    if (now.cards[i] == before.cards[i]) continue;
    const int card = static_cast<int>(i);
    const bool isOnlyNumbers = now.cards[i].mark == before.cards[i].mark &&
                               now.cards[i].badge == before.cards[i].badge &&
                               state.view.detail() == Detail::Full;
    QRect area =
        isOnlyNumbers ? CardPainter::screenRect(state, card) : CardPainter::dirtyRect(state, card);
    if (isOnlyNumbers)
      area.setTop(area.top() + static_cast<int>((metrics::kSparkTop - 2) * state.view.zoom));
    dirty(area);
  }
  for (std::size_t i = 0; i < now.wires.size(); ++i) {
    if (now.wires[i] == before.wires[i]) continue;
    const int wire = static_cast<int>(i);
    const bool isOnlyLabel = now.wires[i].flow == before.wires[i].flow &&
                             std::abs(now.wires[i].width - before.wires[i].width) < 0.05;
    dirty((isOnlyLabel ? WirePainter::labelRect(state, wire) : WirePainter::dirtyRect(state, wire))
              .toAlignedRect());
  }
  for (std::size_t i = 0; i < now.frameSums.size(); ++i)
    if (now.frameSums[i] != before.frameSums[i])
      dirty(FramePainter::titleRect(state, state.scene.frames()[i]));
  return areas;
}

std::vector<QRect> takeSelection(CanvasState& state, const bridge::SelectionModel& selection) {
  std::vector<QRect> areas;
  const auto flag = [&areas](std::vector<bool>& flags, std::size_t at, bool isOn, QRectF area) {
    if (flags[at] == isOn) return;
    flags[at] = isOn;
    areas.push_back(area.toAlignedRect());
  };
  const CanvasScene& scene = state.scene;
  state.selectedCards.resize(scene.cards().size());
  state.selectedWires.resize(scene.wires().size());
  for (std::size_t i = 0; i < scene.cards().size(); ++i)
    flag(state.selectedCards, i, selection.hasNode(scene.cards()[i].id),
         CardPainter::dirtyRect(state, static_cast<int>(i)));
  for (std::size_t i = 0; i < scene.wires().size(); ++i)
    flag(state.selectedWires, i, selection.hasEdge(scene.wires()[i].key),
         WirePainter::dirtyRect(state, static_cast<int>(i)).adjusted(-8, -8, 8, 8));
  return areas;
}

std::vector<int> flowingWires(const CanvasState& state) {
  std::vector<int> flowing;
  const Detail detail = state.view.detail();
  if (detail != Detail::Full && detail != Detail::Tile) return flowing;
  for (const int wire : state.scene.wiresNear(state.view.toScene(QRectF(QPointF(), state.size)))) {
    if (state.live.wires[static_cast<std::size_t>(wire)].flow == Flow::Idle) continue;
    flowing.push_back(wire);
    if (flowing.size() == static_cast<std::size_t>(metrics::kDotsMost)) break;
  }
  return flowing;
}

}  // namespace freshet::canvas
