// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

// Numbers as the interface writes and draws them. Inter's digits differ in width and Qt 6.4 cannot
// switch tabular digits on, so `drawNumber` sets every digit in a cell of the widest one. It uses
// the painter's font and pen. GUI thread.
namespace freshet::theme {

void drawNumber(QPainter& painter, const QRectF& rect, Qt::Alignment alignment,
                const QString& text);
qreal numberWidth(const QString& text, const QFont& font);

QString groupedNumber(qint64 value);      // "12 400" with a thin space
QString shortNumber(double value);        // "12.4k", three significant digits at most
QString shortMilliseconds(double value);  // "<0.1 ms", "3.1 ms", "1.2 s"
QString shortPercent(double share);       // 0.006 → "0.6 %"

}  // namespace freshet::theme
