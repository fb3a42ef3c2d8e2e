// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/canvas/canvas_state.h"
#include "ui/canvas/card_shape.h"
#include "ui/canvas/text_cache.h"
#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::canvas {

// Draws steps at every level of detail: full card, tile, icon, block. GUI thread.
class CardPainter {
 public:
  explicit CardPainter(TextCache& texts) : m_texts(texts) {}

  void draw(QPainter& painter, const CanvasState& state, int card, const theme::Tokens& tokens);
  // All of them as blocks, in as few calls as there are families.
  void drawBlocks(QPainter& painter, const CanvasState& state, const std::vector<int>& cards,
                  const theme::Tokens& tokens);

  // Where a card and all that hangs over it stand on the screen.
  static QRect screenRect(const CanvasState& state, int card);
  static QRect dirtyRect(const CanvasState& state, int card);

 private:
  struct Scene;
  void drawFull(const Scene& at);
  void drawTileForm(const Scene& at);
  void drawIconForm(const Scene& at);
  void drawNumbers(const Scene& at);
  void drawSparkline(const Scene& at);
  void drawPorts(const Scene& at);
  void drawBadge(const Scene& at);
  void drawBorders(const Scene& at);

  TextCache& m_texts;
  CardShape m_shape;
};

}  // namespace freshet::canvas
