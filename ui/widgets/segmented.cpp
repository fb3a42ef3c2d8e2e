// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/segmented.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::widgets {
namespace m = theme::metrics;

Segmented::Segmented(theme::Theme& theme, QWidget* parent) : QTabBar(parent), m_theme(theme) {
  setDrawBase(false);
  setExpanding(false);
  setElideMode(Qt::ElideNone);
  setUsesScrollButtons(false);
  setFocusPolicy(Qt::TabFocus);
  setFont(theme::font(theme::TextRole::LabelMedium));
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setFocusRadius(this, m::kRadius);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

int Segmented::addSegment(const QString& text, const QString& iconName) {
  const int index = addTab({});
  setTabData(index, iconName);
  setTabText(index, text);
  return index;
}

QSize Segmented::tabSizeHint(int index) const {
  const int icon = iconName(index).isEmpty() ? 0 : m::kIcon + 6;
  return {2 * m::kGapCard + icon + QFontMetrics(font()).horizontalAdvance(tabText(index)),
          m::kControl};
}

QSize Segmented::sizeHint() const {
  int width = 0;
  for (int i = 0; i < count(); ++i) width += tabSizeHint(i).width();
  return {width, m::kControl};
}

void Segmented::paintEvent(QPaintEvent*) {
  const theme::Tokens& t = m_theme.tokens();
  QPainter painter(this);
  painter.setFont(font());
  theme::drawCard(painter, rect(), t.surface, {}, m::kRadius, 0);
  QPainterPath shape;
  shape.addRoundedRect(QRectF(rect()), m::kRadius, m::kRadius);
  painter.setClipPath(shape);
  for (int i = 0; i < count(); ++i) {
    const QRect segment = tabRect(i);
    const bool isCurrent = i == currentIndex();
    if (isCurrent) painter.fillRect(segment, t.accentSoft);
    if (i > 0) painter.fillRect(segment.left(), 0, 1, height(), t.border);
    QRect word = segment.adjusted(m::kGapCard, 0, -m::kGapCard + 1, 0);
    const QColor color = isCurrent ? t.accent : t.text2;
    if (!iconName(i).isEmpty()) {
      theme::drawIcon(painter, iconName(i), color,
                      QRect(word.left(), (height() - m::kIcon) / 2, m::kIcon, m::kIcon));
      word.setLeft(word.left() + m::kIcon + 6);
    }
    painter.setPen(color);
    painter.drawText(word, Qt::AlignVCenter | Qt::TextDontClip, tabText(i));
  }
  painter.setClipping(false);
  theme::drawCard(painter, rect(), {}, t.border, m::kRadius);
}

}  // namespace freshet::widgets
