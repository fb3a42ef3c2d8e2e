// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/paint.h"

#include <QPainterPath>

#include "ui/theme/metrics.h"

namespace freshet::theme {
namespace {

class Saved {
 public:
  explicit Saved(QPainter& painter) : m_painter(painter) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
  }
  ~Saved() { m_painter.restore(); }
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;

 private:
  QPainter& m_painter;
};

QRectF squareIn(const QRectF& rect) {
  const qreal side = std::min(rect.width(), rect.height());
  QRectF square(0, 0, side, side);
  square.moveCenter(rect.center());
  return square;
}

QPainterPath triangle(const QRectF& box) {
  QPainterPath path(QPointF(box.center().x(), box.top() + box.height() * 0.06));
  path.lineTo(box.right(), box.bottom() - box.height() * 0.06);
  path.lineTo(box.left(), box.bottom() - box.height() * 0.06);
  path.closeSubpath();
  return path;
}

void drawStarting(QPainter& painter, const QRectF& box, const QColor& color, qreal phase) {
  const qreal line = box.width() * 0.16;
  const QRectF ring = box.adjusted(line / 2, line / 2, -line / 2, -line / 2);
  painter.setPen(QPen(color, line));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(ring);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawPie(ring, static_cast<int>(16 * (90 - 360 * phase)), 16 * 180);
}

}  // namespace

QColor stateColor(State state, const Tokens& tokens) {
  switch (state) {
    case State::Stopped:
      return tokens.borderStrong;
    case State::Starting:
      return tokens.accent;
    case State::Running:
      return tokens.ok.foreground;
    case State::Warning:
    case State::Paused:
      return tokens.warning.foreground;
    case State::Error:
      return tokens.error.foreground;
  }
  return tokens.borderStrong;
}

void drawStateMark(QPainter& painter, State state, const QRectF& rect, const Tokens& tokens,
                   qreal phase) {
  const Saved saved(painter);
  const QColor color = stateColor(state, tokens);
  const QRectF box = squareIn(rect);
  const qreal unit = box.width() / 8;
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  switch (state) {
    case State::Running:
      painter.drawEllipse(box);
      break;
    case State::Warning:
      painter.drawPath(triangle(box.adjusted(-unit / 2, -unit / 2, unit / 2, unit / 2)));
      break;
    case State::Error:
      painter.drawRoundedRect(box.adjusted(unit / 2, unit / 2, -unit / 2, -unit / 2), unit, unit);
      break;
    case State::Stopped: {
      const qreal line = unit * 1.4;
      painter.setPen(QPen(color, line));
      painter.setBrush(Qt::NoBrush);
      painter.drawEllipse(box.adjusted(line / 2, line / 2, -line / 2, -line / 2));
      break;
    }
    case State::Starting:
      drawStarting(painter, box, color, phase);
      break;
    case State::Paused:
      for (const qreal x : {1.25, 4.75})
        painter.drawRoundedRect(
            QRectF(box.left() + x * unit, box.top() + unit / 2, 2 * unit, 7 * unit), unit / 2,
            unit / 2);
      break;
  }
}

QColor mix(const QColor& from, const QColor& to, qreal share) {
  const auto between = [share](int a, int b) { return qRound(a + (b - a) * share); };
  return {between(from.red(), to.red()), between(from.green(), to.green()),
          between(from.blue(), to.blue()), between(from.alpha(), to.alpha())};
}

void drawShadow(QPainter& painter, const QRectF& card, qreal radius, const Tokens& tokens) {
  const Saved saved(painter);
  painter.setPen(Qt::NoPen);
  painter.setBrush(tokens.shadow);
  const QRectF low = card.translated(0, metrics::kShadowOffset);
  for (int grow = 0; grow < metrics::kShadowRings; ++grow)
    painter.drawRoundedRect(low.adjusted(-grow, -grow, grow, grow), radius + grow, radius + grow);
}

void drawCard(QPainter& painter, const QRectF& card, const QColor& fill, const QColor& border,
              qreal radius, qreal borderWidth) {
  const Saved saved(painter);
  const qreal half = borderWidth / 2;
  painter.setPen(border.isValid() && borderWidth > 0 ? QPen(border, borderWidth) : QPen(Qt::NoPen));
  painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
  painter.drawRoundedRect(card.adjusted(half, half, -half, -half), radius - half, radius - half);
}

void drawRing(QPainter& painter, const QRectF& rect, qreal radius, qreal gap, qreal width,
              const QColor& color) {
  const Saved saved(painter);
  const qreal out = gap + width / 2;
  painter.setPen(QPen(color, width));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(rect.adjusted(-out, -out, out, out), radius + out, radius + out);
}

void drawStripes(QPainter& painter, const QRectF& rect, const QColor& first, const QColor& second) {
  constexpr qreal kStripe = 8;
  const Saved saved(painter);
  painter.setClipRect(rect, Qt::IntersectClip);
  painter.fillRect(rect, second);
  painter.setPen(Qt::NoPen);
  painter.setBrush(first);
  for (qreal x = rect.left() - rect.height(); x < rect.right(); x += 2 * kStripe)
    painter.drawPolygon(QPolygonF{{x, rect.bottom()},
                                  {x + kStripe, rect.bottom()},
                                  {x + kStripe + rect.height(), rect.top()},
                                  {x + rect.height(), rect.top()}});
}

}  // namespace freshet::theme
