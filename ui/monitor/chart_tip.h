// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QRectF>
#include <QString>
#include <vector>

#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::monitor {

struct TipRow {
  QColor color;  // of a dot before the name; none without
  QString name;
  QString value;
};

struct TipContent {
  QString title;
  std::vector<TipRow> rows;
};

// What a chart says beside its crosshair at `x`: on the side with more room, from the top of
// `bounds`, inside them where it fits.
void drawTip(QPainter& painter, const QRectF& bounds, qreal x, const TipContent& content,
             const theme::Tokens& tokens);

}  // namespace freshet::monitor
