// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include <QPainter>

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {

Card::Card(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void Card::setGround(Ground ground) {
  m_ground = ground;
  update();
}

void Card::setSelected(bool selected) {
  m_isSelected = selected;
  update();
}

void Card::paintEvent(QPaintEvent*) {
  const theme::Tokens& t = m_theme.tokens();
  QColor fill = t.surface;
  QColor border = m_isSelected ? t.accent : t.border;
  switch (m_ground) {
    case Ground::Surface:
      break;
    case Ground::Window:
      fill = t.window;
      break;
    case Ground::Raised:
      fill = t.raised;
      break;
    case Ground::Warning:
      fill = t.warning.soft;
      border = QColor();
      break;
  }
  QPainter painter(this);
  theme::drawCard(painter, rect(), fill, border, theme::metrics::kRadiusCard);
}

}  // namespace freshet::widgets
