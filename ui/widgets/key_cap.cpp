// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/key_cap.h"

#include <QFontMetrics>
#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {
namespace m = theme::metrics;

int keyCapWidth(const QString& text) {
  const QFontMetrics metrics(theme::font(theme::TextRole::Meta));
  return std::max(m::kKeyCap, metrics.horizontalAdvance(text) + 12);
}

void drawKeyCap(QPainter& painter, const QRect& rect, const QString& text,
                const theme::Tokens& tokens) {
  theme::drawCard(painter, rect, tokens.surface, tokens.border, 4);
  painter.setPen(tokens.text3);
  painter.setFont(theme::font(theme::TextRole::Meta));
  painter.drawText(rect, Qt::AlignCenter, text);
}

KeyCap::KeyCap(theme::Theme& theme, const QString& text, const QString& iconName, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_text(text), m_iconName(iconName) {
  setAccessibleName(text);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize KeyCap::sizeHint() const {
  return {m_iconName.isEmpty() ? keyCapWidth(m_text) : 24, m::kKeyCap};
}

void KeyCap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  drawKeyCap(painter, rect(), m_iconName.isEmpty() ? m_text : QString(), m_theme.tokens());
  if (m_iconName.isEmpty()) return;
  const QRect box((width() - 12) / 2, (height() - 12) / 2, 12, 12);
  theme::drawIcon(painter, m_iconName, m_theme->text2, box);
}

}  // namespace freshet::widgets
