// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/numbers.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>
#include <array>
#include <cmath>

namespace freshet::theme {
namespace {

constexpr QChar kThinSpace(0x2009);

struct Cells {
  QRawFont raw;
  qreal digit = 0;
};

Cells cellsOf(const QFont& font) {
  Cells cells{QRawFont::fromFont(font), 0};
  const QList<quint32> digits = cells.raw.glyphIndexesForString(QStringLiteral("0123456789"));
  for (const QPointF& advance : cells.raw.advancesForGlyphIndexes(digits))
    cells.digit = std::max(cells.digit, advance.x());
  return cells;
}

struct Layout {
  QList<quint32> glyphs;
  QList<QPointF> positions;
  qreal width = 0;
  bool complete = true;  // false: the font lacks a glyph, the caller falls back to plain text
};

Layout layOut(const QString& text, const Cells& cells) {
  Layout layout;
  layout.glyphs = cells.raw.glyphIndexesForString(text);
  const QList<QPointF> advances = cells.raw.advancesForGlyphIndexes(layout.glyphs);
  layout.complete = layout.glyphs.size() == text.size() && !layout.glyphs.contains(0u);
  if (!layout.complete) return layout;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const bool isDigit = text[i] >= u'0' && text[i] <= u'9';
    const qreal cell = isDigit ? cells.digit : advances[i].x();
    layout.positions.append({layout.width + (cell - advances[i].x()) / 2, 0});
    layout.width += cell;
  }
  return layout;
}

// At most three significant digits and no trailing zeros behind the point.
QString threeDigits(double value) {
  const double size = std::abs(value);
  const int decimals = size >= 99.95 ? 0 : size >= 0.05 ? 1 : 2;
  QString text = QString::number(value, 'f', decimals);
  if (decimals > 0) {
    while (text.endsWith(u'0')) text.chop(1);
    if (text.endsWith(u'.')) text.chop(1);
  }
  return text == QLatin1String("-0") ? QStringLiteral("0") : text;
}

}  // namespace

void drawNumber(QPainter& painter, const QRectF& rect, Qt::Alignment alignment,
                const QString& text) {
  const Cells cells = cellsOf(painter.font());
  const Layout layout = layOut(text, cells);
  if (!layout.complete) {
    painter.drawText(rect, static_cast<int>(alignment) | Qt::TextSingleLine, text);
    return;
  }
  const QFontMetricsF metrics(painter.font());
  qreal x = rect.left();
  if (alignment & Qt::AlignRight) x = rect.right() - layout.width;
  if (alignment & Qt::AlignHCenter) x = rect.center().x() - layout.width / 2;
  qreal top = rect.top();
  if (alignment & Qt::AlignBottom) top = rect.bottom() - metrics.height();
  if (alignment & Qt::AlignVCenter) top = rect.center().y() - metrics.height() / 2;
  QGlyphRun run;
  run.setRawFont(cells.raw);
  run.setGlyphIndexes(layout.glyphs);
  run.setPositions(layout.positions);
  painter.drawGlyphRun({x, top + metrics.ascent()}, run);
}

qreal numberWidth(const QString& text, const QFont& font) {
  const Layout layout = layOut(text, cellsOf(font));
  return layout.complete ? layout.width : QFontMetricsF(font).horizontalAdvance(text);
}

QString groupedNumber(qint64 value) {
  QString text = QString::number(value);
  const qsizetype first = value < 0 ? 1 : 0;
  for (qsizetype at = text.size() - 3; at > first; at -= 3) text.insert(at, kThinSpace);
  return text;
}

QString shortNumber(double value) {
  static constexpr std::array<std::pair<double, char>, 3> steps{
      {{1e9, 'G'}, {1e6, 'M'}, {1e3, 'k'}}};
  for (const auto& [unit, letter] : steps)
    if (std::abs(value) >= unit * 0.9995) return threeDigits(value / unit) + QLatin1Char(letter);
  return threeDigits(value);
}

QString shortMilliseconds(double value) {
  if (value > 0 && value < 0.1) return QStringLiteral("<0.1 ms");
  if (value < 999.5) return threeDigits(value) + QStringLiteral(" ms");
  return threeDigits(value / 1000) + QStringLiteral(" s");
}

QString shortPercent(double share) {
  const double percent = share * 100;
  if (percent > 0 && percent < 0.1) return QStringLiteral("<0.1 %");
  return threeDigits(percent) + QStringLiteral(" %");
}

}  // namespace freshet::theme
