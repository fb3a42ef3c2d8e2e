// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_drop.h"

#include <QMimeData>

#include "ui/bridge/step_rows.h"
#include "ui/canvas/wire_painter.h"

namespace freshet::canvas {

std::string CanvasDrop::typeOf(const QMimeData* data) {
  return data->data(QString::fromLatin1(bridge::kNodeMime)).toStdString();
}

QPointF CanvasDrop::topLeft(QPointF screen) const {
  return snapped(m_context.state.view.toScene(screen) -
                 QPointF(metrics::kCardWidth / 2, metrics::kCardHeight / 2));
}

int CanvasDrop::wireFor(const std::string& type, QPointF screen) const {
  constexpr double kReach = 14;
  const CanvasState& state = m_context.state;
  if (!m_context.commands.fitsOnEdge(type)) return -1;
  return state.scene.wireAt(state.view.toScene(screen), kReach / state.view.zoom);
}

QRectF CanvasDrop::dirty() const {
  const CanvasState& state = m_context.state;
  if (!state.dropping) return {};
  QRectF all = state.view.toScreen(state.dropping->ghost).adjusted(-3, -3, 3, 3);
  if (state.dropping->wire >= 0) all |= WirePainter::dirtyRect(state, state.dropping->wire);
  return all;
}

void CanvasDrop::move(const std::string& type, QPointF screen) {
  const QRectF before = dirty();
  m_context.state.dropping =
      Dropping{QRectF(topLeft(screen), QSizeF(metrics::kCardWidth, metrics::kCardHeight)),
               wireFor(type, screen)};
  m_context.repaint(before | dirty());
}

void CanvasDrop::leave() {
  const QRectF before = dirty();
  m_context.state.dropping.reset();
  m_context.repaint(before);
}

std::string CanvasDrop::drop(const std::string& type, QPointF screen) {
  const int wire = wireFor(type, screen);
  leave();
  if (wire >= 0)
    if (const auto edge = m_context.commands.findEdge(m_context.state.scene.wire(wire).key))
      return m_context.commands.insertNode(type, topLeft(screen), *edge);
  return m_context.commands.addNode(type, topLeft(screen));
}

}  // namespace freshet::canvas
