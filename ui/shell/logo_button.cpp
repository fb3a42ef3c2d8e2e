// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/logo_button.h"

#include <QMenu>

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::shell {

LogoButton::LogoButton(theme::Theme& theme, QMenu* menu, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme) {
  setObjectName(QStringLiteral("menuButton"));
  setAccessibleName(tr("Menu"));
  setToolTip(tr("Menu"));
  setFixedSize(sizeHint());
  setFocusPolicy(Qt::TabFocus);
  widgets::setFocusRadius(this, theme::metrics::kRadiusInput);
  connect(this, &QAbstractButton::clicked, this,
          [this, menu] { menu->popup(mapToGlobal(QPoint(0, height() + 8))); });
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize LogoButton::sizeHint() const {
  return {24, 24};
}

void LogoButton::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  theme::drawLogo(painter, rect(), m_theme.tokens());
}

}  // namespace freshet::shell
