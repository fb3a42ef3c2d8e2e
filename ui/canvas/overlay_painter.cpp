// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/overlay_painter.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/canvas/canvas_metrics.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"

namespace freshet::canvas {
namespace {

// Parts of the pill, from its left.
constexpr double kOutEnd = 34;
constexpr double kValueEnd = 74;
constexpr double kInEnd = 106;
constexpr double kSeparator = 112;

constexpr double kMapPadding = 10;

ViewTransform mapView(const CanvasState& state) {
  const QRectF inner = OverlayPainter::minimapRect(state.size)
                           .adjusted(kMapPadding, kMapPadding, -kMapPadding, -kMapPadding);
  return ViewTransform::fitting(state.scene.bounds(), inner, 1e-4);
}

}  // namespace

QRectF OverlayPainter::zoomPillRect(QSizeF canvas) {
  return {metrics::kOverlayMargin,
          canvas.height() - metrics::kOverlayMargin - metrics::kZoomPillHeight,
          metrics::kZoomPillWidth, metrics::kZoomPillHeight};
}

QRectF OverlayPainter::minimapRect(QSizeF canvas) {
  return {canvas.width() - metrics::kOverlayMargin - metrics::kMinimapWidth,
          canvas.height() - metrics::kOverlayMargin - metrics::kMinimapHeight,
          metrics::kMinimapWidth, metrics::kMinimapHeight};
}

Overlay OverlayPainter::overlayAt(const CanvasState& state, QPointF screen) {
  const QRectF pill = zoomPillRect(state.size);
  if (pill.contains(screen)) {
    const double x = screen.x() - pill.left();
    if (x < kOutEnd) return Overlay::ZoomOut;
    if (x < kValueEnd) return Overlay::ZoomValue;
    return x < kInEnd ? Overlay::ZoomIn : Overlay::Fit;
  }
  if (state.isMinimapShown() && minimapRect(state.size).contains(screen)) return Overlay::Minimap;
  return Overlay::None;
}

QPointF OverlayPainter::minimapToScene(const CanvasState& state, QPointF screen) {
  return mapView(state).toScene(screen);
}

void OverlayPainter::drawZoomPill(QPainter& painter, const CanvasState& state,
                                  const theme::Tokens& tokens) {
  const QRectF pill = zoomPillRect(state.size);
  theme::drawCard(painter, pill, tokens.raised, tokens.border, pill.height() / 2);
  const auto colorOf = [&](Overlay part) {
    return state.hoveredOverlay == part ? tokens.accent : tokens.text2;
  };
  const auto part = [&](double from, double to) {
    return QRectF(pill.left() + from, pill.top(), to - from, pill.height());
  };
  const auto icon = [&](QStringView name, double from, double to, Overlay which) {
    QRectF square(0, 0, 16, 16);
    square.moveCenter(part(from, to).center());
    theme::drawIcon(painter, name, colorOf(which), square);
  };
  icon(u"minus", 3, kOutEnd, Overlay::ZoomOut);
  icon(u"plus", kValueEnd, kInEnd, Overlay::ZoomIn);
  painter.setFont(m_texts.face(theme::TextRole::LabelMedium, 12).font);
  painter.setPen(colorOf(Overlay::ZoomValue));
  theme::drawNumber(painter, part(kOutEnd, kValueEnd), Qt::AlignCenter,
                    QStringLiteral("%1 %").arg(std::lround(state.view.zoom * 100)));
  painter.fillRect(QRectF(pill.left() + kSeparator, pill.top() + 9, 1, pill.height() - 18),
                   tokens.border);
  painter.setPen(colorOf(Overlay::Fit));
  painter.drawText(part(kSeparator + 1, metrics::kZoomPillWidth - 3), Qt::AlignCenter,
                   QObject::tr("Fit"));
}

void OverlayPainter::drawMinimap(QPainter& painter, const CanvasState& state,
                                 const theme::Tokens& tokens) {
  const QRectF map = minimapRect(state.size);
  theme::drawCard(painter, map, tokens.raised, tokens.border, theme::metrics::kRadius);
  const ViewTransform view = mapView(state);
  painter.setPen(Qt::NoPen);
  for (std::size_t i = 0; i < state.scene.cards().size(); ++i) {
    const Card& card = state.scene.cards()[i];
    QColor color = tokens.family(card.family).foreground;
    color.setAlphaF(0.75f);
    if (i < state.live.cards.size()) {
      const theme::State mark = state.live.cards[i].mark;
      if (mark == theme::State::Error) color = tokens.error.foreground;
      if (mark == theme::State::Warning) color = tokens.warning.foreground;
    }
    painter.setBrush(color);
    QRectF rect = view.toScreen(card.rect);
    if (rect.height() >= 4)
      painter.drawRoundedRect(rect, 2, 2);
    else
      painter.fillRect(
          rect.adjusted(0, 0, std::max(0.0, 1 - rect.width()), std::max(0.0, 1 - rect.height())),
          color);
  }
  const QRectF seen =
      view.toScreen(state.view.toScene(QRectF(QPointF(), state.size))) & map.adjusted(2, 2, -2, -2);
  if (seen.isEmpty()) return;
  QColor fill = tokens.accent;
  fill.setAlphaF(0.06f);
  theme::drawCard(painter, seen, fill, tokens.accent, 3, 1.25);
}

void OverlayPainter::drawRubberBand(QPainter& painter, const QRectF& band,
                                    const theme::Tokens& tokens) {
  QColor fill = tokens.accent;
  fill.setAlphaF(0.08f);
  theme::drawCard(painter, band.normalized(), fill, tokens.accent, 3);
}

void OverlayPainter::drawRefusal(QPainter& painter, const CanvasState& state,
                                 const theme::Tokens& tokens) {
  const Connecting& wire = *state.connecting;
  if (wire.refusal.isEmpty()) return;
  const Face& face = m_texts.face(theme::TextRole::LabelMedium, 12);
  const double width =
      std::min(360.0, QFontMetricsF(face.font).horizontalAdvance(wire.refusal) + 1);
  const QPointF at = state.view.toScreen(wire.pointer) + QPointF(14, 14);
  QRectF bubble(at, QSizeF(width + 20, 28));
  bubble.moveRight(std::min(bubble.right(), state.size.width() - 8));
  bubble.moveBottom(std::min(bubble.bottom(), state.size.height() - 8));
  theme::drawShadow(painter, bubble, theme::metrics::kRadius, tokens);
  theme::drawCard(painter, bubble, tokens.raised, tokens.border, theme::metrics::kRadius);
  m_texts.draw(painter, face, tokens.error.foreground, wire.refusal, bubble.left() + 10,
               bubble.center().y(), width);
}

void OverlayPainter::drawGhost(QPainter& painter, const CanvasState& state,
                               const theme::Tokens& tokens) {
  QColor fill = tokens.accent;
  fill.setAlphaF(0.08f);
  const double radius = std::max(5.0, metrics::kCardRadius * state.view.zoom);
  theme::drawCard(painter, state.view.toScreen(state.dropping->ghost), fill, tokens.accent, radius,
                  1.5);
}

}  // namespace freshet::canvas
