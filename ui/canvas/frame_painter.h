// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/canvas/canvas_state.h"
#include "ui/canvas/text_cache.h"
#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::canvas {

// Draws what lies under the cards: the dotted ground, group frames and notes. GUI thread.
class FramePainter {
 public:
  explicit FramePainter(TextCache& texts) : m_texts(texts) {}

  void drawGround(QPainter& painter, const CanvasState& state, const QRect& area,
                  const theme::Tokens& tokens);
  void drawFrame(QPainter& painter, const CanvasState& state, std::size_t frame,
                 const theme::Tokens& tokens);
  void drawNote(QPainter& painter, const CanvasState& state, const NoteBox& note,
                const theme::Tokens& tokens);

  static QRect titleRect(const CanvasState& state, const Frame& frame);

 private:
  TextCache& m_texts;
};

}  // namespace freshet::canvas
