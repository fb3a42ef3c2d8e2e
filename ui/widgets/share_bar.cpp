// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/share_bar.h"

#include <QPainter>
#include <algorithm>

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {

void drawShareBar(QPainter& painter, const QRectF& rect, double share, const QColor& color,
                  const theme::Tokens& tokens) {
  const qreal radius = rect.height() / 2;
  theme::drawCard(painter, rect, tokens.chartGrid, {}, radius, 0);
  if (share <= 0) return;
  QRectF filled = rect;
  filled.setWidth(std::max(rect.height(), rect.width() * share));
  theme::drawCard(painter, filled, color, {}, radius, 0);
}

ShareBar::ShareBar(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setFixedHeight(theme::metrics::kShareBar);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void ShareBar::setShare(double share) {
  m_share = std::clamp(share, 0.0, 1.0);
  update();
}

void ShareBar::setFamily(std::optional<theme::Family> family) {
  m_family = family;
  update();
}

void ShareBar::paintEvent(QPaintEvent*) {
  const theme::Tokens& t = m_theme.tokens();
  QPainter painter(this);
  drawShareBar(painter, rect(), m_share, m_family ? t.family(*m_family).foreground : t.accent, t);
}

}  // namespace freshet::widgets
