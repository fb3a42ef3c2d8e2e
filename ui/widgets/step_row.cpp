// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/step_row.h"

#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/tile.h"

namespace freshet::widgets {
namespace {

constexpr int kSide = 8;  // the ground of a row stands off the list's sides by this

QRectF middleSquare(double left, const QRect& row, double side) {
  return {left, row.top() + (row.height() - side) / 2.0, side, side};
}

}  // namespace

void drawStepRow(QPainter& painter, const QRect& rect, const StepRowLook& look,
                 const theme::Tokens& tokens) {
  painter.save();
  if (look.isRaised)
    theme::drawCard(painter, QRectF(rect.adjusted(kSide, 0, -kSide, 0)), tokens.hover, QColor(),
                    theme::metrics::kRadiusInput, 0);
  const QRectF tile = middleSquare(rect.left() + 2 * kSide, rect, theme::metrics::kTileRow);
  drawTile(painter, tile, look.icon, look.family, tokens);
  int right = 2 * kSide;
  if (look.isRaised && look.hasGrip) {
    theme::drawIcon(painter, u"grip", tokens.text3,
                    middleSquare(rect.right() - 2 * kSide - 15, rect, 16));
    right += 24;
  }
  QRect room = rect.adjusted(static_cast<int>(tile.right() - rect.left()) + 10, 0, -right, 0);
  if (!look.detail.isEmpty()) {
    painter.setFont(theme::font(theme::TextRole::Meta));
    painter.setPen(tokens.text3);
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignRight, look.detail);
    room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(look.detail) - 12);
  }
  painter.setFont(theme::font(theme::TextRole::Body));
  painter.setPen(tokens.text);
  painter.drawText(room, Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(look.title, Qt::ElideRight, room.width()));
  painter.restore();
}

void drawStepHeader(QPainter& painter, const QRect& rect, const QString& title, int count,
                    bool isCollapsed, const theme::Tokens& tokens) {
  painter.save();
  theme::drawIcon(painter, isCollapsed ? u"chevron-right" : u"chevron-down", tokens.text3,
                  middleSquare(rect.left() + 12, rect, 12));
  painter.setFont(theme::font(theme::TextRole::LabelStrong));
  painter.setPen(tokens.text2);
  painter.drawText(rect.adjusted(30, 0, -48, 0), Qt::AlignVCenter, title);
  painter.setFont(theme::font(theme::TextRole::Meta));
  painter.setPen(tokens.text3);
  painter.drawText(rect.adjusted(0, 0, -15, 0), Qt::AlignVCenter | Qt::AlignRight,
                   QString::number(count));
  painter.restore();
}

}  // namespace freshet::widgets
