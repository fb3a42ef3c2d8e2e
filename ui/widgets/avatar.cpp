// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/avatar.h"

#include <QPainter>
#include <QTextBoundaryFinder>

#include "ui/theme/fonts.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {

QString initialOf(const QString& name) {
  const QString trimmed = name.trimmed();
  QTextBoundaryFinder letters(QTextBoundaryFinder::Grapheme, trimmed);
  const qsizetype end = letters.toNextBoundary();
  if (end <= 0 || !trimmed.at(0).isLetter()) return QStringLiteral("–");
  return trimmed.left(end).toUpper();
}

void drawAvatar(QPainter& painter, const QRectF& rect, const QString& name,
                const theme::Tint& tint) {
  theme::drawCard(painter, rect, tint.soft, {}, rect.width() / 2, 0);
  QFont letter = theme::font(theme::TextRole::LabelStrong);
  letter.setPixelSize(std::max(10, static_cast<int>(rect.width() * 0.5)));
  painter.setFont(letter);
  painter.setPen(tint.foreground);
  painter.drawText(rect, Qt::AlignCenter, initialOf(name));
}

Avatar::Avatar(theme::Theme& theme, const QString& name, int side, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
  setFixedSize(side, side);
  setName(name);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void Avatar::setName(const QString& name) {
  m_name = name;
  setAccessibleName(name);
  update();
}

void Avatar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  drawAvatar(painter, rect(), m_name, m_theme->family(theme::Family::Enrich));
}

}  // namespace freshet::widgets
