// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QRegion>

#include "ui/canvas/card_painter.h"
#include "ui/canvas/frame_painter.h"
#include "ui/canvas/overlay_painter.h"
#include "ui/canvas/wire_painter.h"

namespace freshet::canvas {

// One frame of the canvas: what touches the dirty region, from the ground up. Owns what is drawn
// once and shown often. GUI thread.
class CanvasPainter {
 public:
  CanvasPainter() : m_frames(m_texts), m_wires(m_texts), m_cards(m_texts), m_overlays(m_texts) {}

  void paint(QPainter& painter, const QRegion& dirty, const CanvasState& state,
             const theme::Tokens& tokens);

 private:
  void paintWires(QPainter& painter, const QRegion& dirty, const CanvasState& state,
                  const theme::Tokens& tokens);
  void paintCards(QPainter& painter, const QRegion& dirty, const CanvasState& state,
                  const theme::Tokens& tokens);

  TextCache m_texts;
  FramePainter m_frames;
  WirePainter m_wires;
  CardPainter m_cards;
  OverlayPainter m_overlays;
  std::vector<int> m_visible;  // kept for its memory
};

}  // namespace freshet::canvas
