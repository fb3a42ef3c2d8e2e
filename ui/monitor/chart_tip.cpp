// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/chart_tip.h"

#include <QPainter>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"

namespace freshet::monitor {
namespace {

namespace m = theme::metrics;
constexpr int kLine = 18;
constexpr int kPadding = 8;
constexpr int kDot = 6;
constexpr int kNameLeft = kDot + m::kGapControl;
constexpr int kAway = 8;  // from the crosshair

}  // namespace

void drawTip(QPainter& painter, const QRectF& bounds, qreal x, const TipContent& content,
             const theme::Tokens& tokens) {
  const QFont plain = theme::font(theme::TextRole::Label);
  const QFont strong = theme::font(theme::TextRole::LabelMedium);
  const QFontMetricsF plainMetrics(plain);
  qreal inner = theme::numberWidth(content.title, strong);
  for (const TipRow& row : content.rows)
    inner = std::max(inner, kNameLeft + plainMetrics.horizontalAdvance(row.name) + m::kGapCard +
                                theme::numberWidth(row.value, strong));
  const auto lines = static_cast<qreal>(content.rows.size() + 1);
  QRectF box(0, bounds.top(), inner + 2 * kPadding, lines * kLine + 2 * kPadding - 4);
  const bool isRight = x < bounds.center().x();
  isRight ? box.moveLeft(x + kAway) : box.moveRight(x - kAway);
  box.moveLeft(
      std::clamp(box.left(), bounds.left(), std::max(bounds.left(), bounds.right() - box.width())));
  theme::drawShadow(painter, box, m::kRadius, tokens);
  theme::drawCard(painter, box, tokens.raised, tokens.border, m::kRadius);

  QRectF line(box.left() + kPadding, box.top() + kPadding - 2, inner, kLine);
  painter.setFont(strong);
  painter.setPen(tokens.text);
  theme::drawNumber(painter, line, Qt::AlignLeft | Qt::AlignVCenter, content.title);
  for (const TipRow& row : content.rows) {
    line.translate(0, kLine);
    if (row.color.isValid()) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(row.color);
      painter.drawEllipse(QRectF(line.left(), line.center().y() - kDot / 2.0, kDot, kDot));
    }
    painter.setPen(tokens.text2);
    painter.setFont(plain);
    painter.drawText(line.adjusted(row.color.isValid() ? kNameLeft : 0, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, row.name);
    painter.setPen(tokens.text);
    painter.setFont(strong);
    theme::drawNumber(painter, line, Qt::AlignRight | Qt::AlignVCenter, row.value);
  }
}

}  // namespace freshet::monitor
