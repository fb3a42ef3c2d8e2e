// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_painter.h"

#include <QPainter>

#include "ui/theme/metrics.h"

namespace freshet::canvas {

void CanvasPainter::paint(QPainter& painter, const QRegion& dirty, const CanvasState& state,
                          const theme::Tokens& tokens) {
  painter.setRenderHint(QPainter::Antialiasing);
  for (const QRect& rect : dirty) m_frames.drawGround(painter, state, rect, tokens);
  const auto isDirty = [&](const QRectF& scene) {
    return dirty.intersects(state.view.toScreen(scene).toAlignedRect());
  };
  for (std::size_t i = 0; i < state.scene.frames().size(); ++i)
    if (isDirty(state.scene.frames()[i].rect)) m_frames.drawFrame(painter, state, i, tokens);
  for (const NoteBox& note : state.scene.notes())
    if (isDirty(note.rect)) m_frames.drawNote(painter, state, note, tokens);
  paintWires(painter, dirty, state, tokens);
  paintCards(painter, dirty, state, tokens);
  for (const int wire : m_visible) m_wires.drawBareLabel(painter, state, wire, tokens);
  if (state.dots >= 0)
    for (const int wire : state.dotWires)
      if (dirty.intersects(WirePainter::dotRect(state, wire, state.dots).toAlignedRect()))
        m_wires.drawDot(painter, state, wire, tokens);
  if (state.connecting) m_wires.drawConnecting(painter, state, tokens);
  if (state.dropping) m_overlays.drawGhost(painter, state, tokens);
  if (state.rubberBand) m_overlays.drawRubberBand(painter, *state.rubberBand, tokens);
  m_overlays.drawZoomPill(painter, state, tokens);
  if (state.isMinimapShown()) m_overlays.drawMinimap(painter, state, tokens);
  if (state.connecting) m_overlays.drawRefusal(painter, state, tokens);
}

void CanvasPainter::paintWires(QPainter& painter, const QRegion& dirty, const CanvasState& state,
                               const theme::Tokens& tokens) {
  const QRectF area = state.view.toScene(QRectF(dirty.boundingRect()).adjusted(-60, -24, 60, 24));
  m_visible.clear();
  for (const int wire : state.scene.wiresNear(area))
    if (dirty.intersects(WirePainter::dirtyRect(state, wire).toAlignedRect()))
      m_visible.push_back(wire);
  if (state.view.detail() == Detail::Block) {
    m_wires.drawHairlines(painter, state, m_visible, tokens);
    return;
  }
  for (const int wire : m_visible) m_wires.drawLine(painter, state, wire, tokens);
  for (const int wire : m_visible) m_wires.drawLabel(painter, state, wire, tokens);
}

void CanvasPainter::paintCards(QPainter& painter, const QRegion& dirty, const CanvasState& state,
                               const theme::Tokens& tokens) {
  constexpr double kOver = theme::metrics::kShadowRings + theme::metrics::kShadowOffset + 12;
  const QRectF area =
      state.view.toScene(QRectF(dirty.boundingRect()).adjusted(-kOver, -kOver, kOver, kOver));
  const std::vector<int>& near = state.scene.cardsNear(area);
  if (state.view.detail() == Detail::Block) {
    m_cards.drawBlocks(painter, state, near, tokens);
    return;
  }
  for (const int card : near)
    if (dirty.intersects(CardPainter::dirtyRect(state, card)))
      m_cards.draw(painter, state, card, tokens);
}

}  // namespace freshet::canvas
