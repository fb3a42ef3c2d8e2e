// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QRectF>

#include "ui/canvas/canvas_state.h"
#include "ui/canvas/text_cache.h"
#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::canvas {

// Draws what lies over the scene and does not move with it: zoom pill, minimap, rubber band, the
// words at the cursor. Also says where the pill's parts and the minimap are. GUI thread.
class OverlayPainter {
 public:
  explicit OverlayPainter(TextCache& texts) : m_texts(texts) {}

  void drawZoomPill(QPainter& painter, const CanvasState& state, const theme::Tokens& tokens);
  void drawMinimap(QPainter& painter, const CanvasState& state, const theme::Tokens& tokens);
  void drawRubberBand(QPainter& painter, const QRectF& band, const theme::Tokens& tokens);
  void drawRefusal(QPainter& painter, const CanvasState& state, const theme::Tokens& tokens);
  void drawGhost(QPainter& painter, const CanvasState& state, const theme::Tokens& tokens);

  static QRectF zoomPillRect(QSizeF canvas);
  static QRectF minimapRect(QSizeF canvas);
  static Overlay overlayAt(const CanvasState& state, QPointF screen);
  // The scene point that a point in the minimap stands for.
  static QPointF minimapToScene(const CanvasState& state, QPointF screen);

 private:
  TextCache& m_texts;
};

}  // namespace freshet::canvas
