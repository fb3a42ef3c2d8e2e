// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/frame_painter.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/canvas/canvas_metrics.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"

namespace freshet::canvas {
namespace {

// A ground for dots closer than this on the screen would be grey noise.
constexpr double kDotsApart = 14;

double gridStep(double zoom) {
  double step = metrics::kGrid;
  while (step * zoom < kDotsApart) step *= 2;
  return step;
}

// Between the small size of the first view and the full one; never under 11 px.
int textSize(double zoom, int small, int full) {
  return std::clamp(static_cast<int>(std::lround(full * zoom)), small, 2 * full);
}

QRect aligned(const QRectF& rect) {
  return {
      QPoint(static_cast<int>(std::lround(rect.left())), static_cast<int>(std::lround(rect.top()))),
      QPoint(static_cast<int>(std::lround(rect.right())) - 1,
             static_cast<int>(std::lround(rect.bottom())) - 1)};
}

}  // namespace

void FramePainter::drawGround(QPainter& painter, const CanvasState& state, const QRect& area,
                              const theme::Tokens& tokens) {
  painter.fillRect(area, tokens.canvas);
  const double step = gridStep(state.view.zoom);
  const QRectF scene = state.view.toScene(QRectF(area.adjusted(-2, -2, 2, 2)));
  // On whole pixels: a dot this small is a square anyway, and plain fills cost next to nothing.
  constexpr int kSide = static_cast<int>(2 * metrics::kGridDot);
  for (double x = std::ceil(scene.left() / step) * step; x <= scene.right(); x += step)
    for (double y = std::ceil(scene.top() / step) * step; y <= scene.bottom(); y += step) {
      const QPointF at = state.view.toScreen(QPointF(x, y));
      painter.fillRect(static_cast<int>(std::lround(at.x())) - kSide / 2,
                       static_cast<int>(std::lround(at.y())) - kSide / 2, kSide, kSide,
                       tokens.gridDot);
    }
}

QRect FramePainter::titleRect(const CanvasState& state, const Frame& frame) {
  QRectF title = frame.rect;
  title.setHeight(metrics::kGroupTop);
  return aligned(state.view.toScreen(title));
}

void FramePainter::drawFrame(QPainter& painter, const CanvasState& state, std::size_t number,
                             const theme::Tokens& tokens) {
  const Frame& frame = state.scene.frames()[number];
  const QRect rect = aligned(state.view.toScreen(frame.rect));
  theme::drawCard(painter, rect, tokens.window, tokens.border, metrics::kGroupRadius);
  const Detail detail = state.view.detail();
  if (detail == Detail::Block || (detail == Detail::Icon && rect.width() < 90)) return;
  const double zoom = state.view.zoom;
  const double padding = std::max(10.0, metrics::kGroupSide * zoom);
  const double middle = rect.top() + std::clamp(metrics::kGroupTop * zoom / 2, 9.0, 21.0);
  double room = rect.width() - 2 * padding;
  if (number < state.live.frameSums.size() && !state.live.frameSums[number].isEmpty()) {
    const QString& sum = state.live.frameSums[number];
    const Face& face = m_texts.face(theme::TextRole::Meta, textSize(zoom, 11, 11));
    painter.setFont(face.font);
    painter.setPen(tokens.text3);
    theme::drawNumber(painter, QRectF(rect.left(), middle - 10, rect.width() - padding, 20),
                      Qt::AlignRight | Qt::AlignVCenter, sum);
    room -= theme::numberWidth(sum, face.font) + 12;
  }
  const Face& face = m_texts.face(theme::TextRole::LabelStrong,
                                  detail == Detail::Icon ? 11 : textSize(zoom, 12, 13));
  m_texts.draw(painter, face, tokens.text2, frame.title, rect.left() + padding, middle, room);
}

void FramePainter::drawNote(QPainter& painter, const CanvasState& state, const NoteBox& note,
                            const theme::Tokens& tokens) {
  const QRect rect = aligned(state.view.toScreen(note.rect));
  const theme::Tint& tint = tokens.family(theme::Family::Test);
  const double zoom = state.view.zoom;
  theme::drawCard(painter, rect, tint.soft, QColor(), std::max(8.0, metrics::kGroupRadius * zoom),
                  0);
  if (state.view.detail() == Detail::Block) return;
  painter.save();
  painter.setClipRect(rect, Qt::IntersectClip);
  const Face& heading = m_texts.face(theme::TextRole::LabelStrong, textSize(zoom, 12, 14));
  const Face& body = m_texts.face(theme::TextRole::Meta, textSize(zoom, 11, 13));
  const double padding = std::max(10.0, 20 * zoom);
  const double step = std::clamp(24 * zoom, 14.6, 48.0);
  double middle = rect.top() + std::max(13.5, 22 * zoom);
  const double width = rect.width() - 2 * padding;
  constexpr std::size_t kRowsMost = 40;
  for (const NoteLine& line : note.lines) {
    const Face& face = line.isHeading ? heading : body;
    for (const QString& row : m_texts.wrapped(face, line.text, width, kRowsMost)) {
      if (middle + face.height / 2 > rect.bottom() + 2) break;  // half a line reads as a fault
      m_texts.draw(painter, face, line.isHeading ? tint.foreground : tokens.text, row,
                   rect.left() + padding, middle, width);
      middle += line.isHeading ? std::max(17.5, 28 * zoom) : step;
    }
  }
  painter.restore();
}

}  // namespace freshet::canvas
