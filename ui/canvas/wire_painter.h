// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "ui/canvas/canvas_state.h"
#include "ui/canvas/text_cache.h"
#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::canvas {

// Draws wires, their labels and the dots that travel along them. Widths and labels are screen
// pixels at every zoom. GUI thread.
class WirePainter {
 public:
  explicit WirePainter(TextCache& texts) : m_texts(texts) {}

  void drawLine(QPainter& painter, const CanvasState& state, int wire, const theme::Tokens& tokens);
  void drawLabel(QPainter& painter, const CanvasState& state, int wire,
                 const theme::Tokens& tokens);
  // Rates between two neighbours where a pill has no room: they lie over what they nearly touch.
  void drawBareLabel(QPainter& painter, const CanvasState& state, int wire,
                     const theme::Tokens& tokens);
  void drawDot(QPainter& painter, const CanvasState& state, int wire, const theme::Tokens& tokens);
  // Straight hairlines, for graphs of thousands.
  void drawHairlines(QPainter& painter, const CanvasState& state, const std::vector<int>& wires,
                     const theme::Tokens& tokens);
  void drawConnecting(QPainter& painter, const CanvasState& state, const theme::Tokens& tokens);

  static QRectF dirtyRect(const CanvasState& state, int wire);
  static QRectF dotRect(const CanvasState& state, int wire, double phase);
  static QRectF labelRect(const CanvasState& state, int wire);

 private:
  TextCache& m_texts;
};

QColor flowColor(Flow flow, const theme::Tokens& tokens);

}  // namespace freshet::canvas
