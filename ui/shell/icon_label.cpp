// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/icon_label.h"

#include "ui/theme/icons.h"

namespace freshet::shell {

IconLabel::IconLabel(theme::Theme& theme, const QString& icon, int side, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_icon(icon) {
  setFixedSize(side, side);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void IconLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  theme::drawIcon(painter, m_icon, m_theme->text2, rect());
}

}  // namespace freshet::shell
