// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chip.h"

#include <QFontMetrics>
#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {
namespace {

constexpr int kHeight = 24;
constexpr int kBadge = 18;
constexpr int kIcon = 16;
constexpr int kIconLeft = 8;
constexpr int kIconGap = 6;

}  // namespace

Chip::Chip(theme::Theme& theme, Tone tone, const QString& text, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_tone(tone) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setText(text);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void Chip::setText(const QString& text) {
  m_text = text;
  setAccessibleName(text);
  updateGeometry();
  update();
}

void Chip::setTone(Tone tone) {
  m_tone = tone;
  update();
}

void Chip::setSize(Size size) {
  m_size = size;
  updateGeometry();
  update();
}

void Chip::setIconName(const QString& name) {
  m_iconName = name;
  updateGeometry();
  update();
}

theme::Tint Chip::tint(Tone tone, const theme::Tokens& tokens) {
  switch (tone) {
    case Tone::Neutral:
      return {tokens.text2, tokens.window};
    case Tone::Accent:
      return {tokens.accent, tokens.accentSoft};
    case Tone::Ok:
      return tokens.ok;
    case Tone::Warning:
      return tokens.warning;
    case Tone::Error:
      return tokens.error;
  }
  return {tokens.text2, tokens.window};
}

QFont Chip::textFont() const {
  return theme::font(m_size == Size::Badge ? theme::TextRole::MetaMedium
                                           : theme::TextRole::LabelMedium);
}

QSize Chip::sizeHint() const {
  const bool isBadge = m_size == Size::Badge;
  int width = QFontMetrics(textFont()).horizontalAdvance(m_text) + (isBadge ? 12 : 20);
  if (!m_iconName.isEmpty()) width += kIcon + kIconGap - 2;
  const int height = isBadge ? kBadge : kHeight;
  return {std::max(width, height), height};
}

void Chip::paintEvent(QPaintEvent*) {
  const theme::Tint colors = tint(m_tone, m_theme.tokens());
  QPainter painter(this);
  theme::drawCard(painter, rect(), colors.soft, {}, height() / 2.0, 0);
  QRect textRect = rect();
  if (!m_iconName.isEmpty()) {
    theme::drawIcon(painter, m_iconName, colors.foreground,
                    QRect(kIconLeft, (height() - kIcon) / 2, kIcon, kIcon));
    textRect.setLeft(kIconLeft + kIcon + kIconGap);
    textRect.setRight(rect().right() - 10);
  }
  painter.setPen(colors.foreground);
  painter.setFont(textFont());
  painter.drawText(textRect, Qt::AlignCenter, m_text);
}

}  // namespace freshet::widgets
