// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/environment_line.h"

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::shell {

EnvironmentLine::EnvironmentLine(theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
  setObjectName(QStringLiteral("environmentLine"));
  setAccessibleName(tr("Dry run: nothing is sent"));
  setFixedHeight(theme::metrics::kEnvironmentLine);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void EnvironmentLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  theme::drawStripes(painter, rect(), m_theme->accent, m_theme->accentSoft);
}

}  // namespace freshet::shell
