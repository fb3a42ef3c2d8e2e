// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/button.h"

#include <QFontMetrics>
#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::widgets {
namespace {

namespace m = theme::metrics;
constexpr int kChevron = 14;

// Inner sides of a button by what it starts and ends with: an icon stands nearer to the edge.
struct Sides {
  int left, right;
};

Sides sidesOf(Button::Size size, bool hasIcon, bool hasChevron) {
  const bool isCompact = size == Button::Size::Compact;
  Sides sides = isCompact ? Sides{11, 11} : Sides{13, 13};
  if (hasIcon) sides = isCompact ? Sides{10, 12} : Sides{10, 14};
  if (hasChevron) sides.right = m::kGapCard;
  return sides;
}

}  // namespace

Button::Button(theme::Theme& theme, Kind kind, const QString& text, QWidget* parent)
    : QPushButton(text, parent), m_theme(theme), m_kind(kind) {
  setFont(theme::font(theme::TextRole::BodyMedium));
  setIconSize({18, 18});
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::ArrowCursor);
  setFocusRadius(this, m::kRadius);
  connect(&m_hover, &QVariantAnimation::valueChanged, this, qOverload<>(&QWidget::update));
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

Button* Button::iconOnly(theme::Theme& theme, Kind kind, const QString& iconName,
                         const QString& name, QWidget* parent) {
  auto* button = new Button(theme, kind, {}, parent);
  button->setIconName(iconName);
  button->setToolTip(name);
  button->setAccessibleName(name);
  return button;
}

void Button::setSize(Size size) {
  m_size = size;
  setFont(theme::font(size == Size::Compact ? theme::TextRole::LabelMedium
                                            : theme::TextRole::BodyMedium));
  const int icon = size == Size::Compact ? m::kIcon : 18;
  setIconSize({icon, icon});
  updateGeometry();
  update();
}

void Button::setIconName(const QString& name) {
  m_iconName = name;
  updateGeometry();
  update();
}

void Button::setChevron(bool shown) {
  m_hasChevron = shown;
  updateGeometry();
  update();
}

void Button::setProminent(bool prominent) {
  m_isProminent = prominent;
  update();
}

int Button::controlHeight() const {
  return m_size == Size::Compact ? m::kControlCompact : m::kControl;
}

QSize Button::sizeHint() const {
  const int h = controlHeight();
  if (text().isEmpty() && !m_hasChevron) return {h, h};
  const Sides sides = sidesOf(m_size, !m_iconName.isEmpty(), m_hasChevron);
  int width = sides.left + QFontMetrics(font()).horizontalAdvance(text()) + sides.right;
  if (!m_iconName.isEmpty()) width += iconSize().width() + m::kGapControl;
  if (m_hasChevron) width += kChevron + m::kGapControl;
  return {width, h};
}

Button::Colors Button::colors() const {
  const theme::Tokens& t = m_theme.tokens();
  const qreal over = isEnabled() ? m_hover.currentValue().toReal() : 0;
  Colors c;
  switch (m_kind) {
    case Kind::Primary:
      c = {isDown() ? t.accentPressed : theme::mix(t.accent, t.accentHover, over),
           {},
           t.onAccent,
           t.onAccent};
      break;
    case Kind::Secondary:
      c = {t.surface, theme::mix(t.border, t.borderStrong, over), t.text, t.text};
      if (m_isProminent || isChecked()) c.border = c.icon = t.accent;
      break;
    case Kind::Ghost: {
      QColor away = t.hover;
      away.setAlpha(0);
      c = {isDown() ? t.pressed : theme::mix(away, t.hover, over), {}, t.text2, t.text2};
      if (m_isProminent || isChecked()) c.text = c.icon = t.accent;
      break;
    }
  }
  return c;
}

void Button::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (!isEnabled()) painter.setOpacity(0.45);
  const Colors c = colors();
  theme::drawCard(painter, rect(), c.fill, c.border, m::kRadius);
  if (m_kind == Kind::Secondary && isDown())
    theme::drawCard(painter, rect(), m_theme->pressed, {}, m::kRadius, 0);

  const Sides sides = sidesOf(m_size, !m_iconName.isEmpty(), m_hasChevron);
  const bool isIconOnly = text().isEmpty() && !m_hasChevron;
  const int icon = iconSize().width();
  int x = isIconOnly ? (width() - icon) / 2 : sides.left;
  if (!m_iconName.isEmpty()) {
    theme::drawIcon(painter, m_iconName, c.icon, QRect(x, (height() - icon) / 2, icon, icon));
    x += icon + m::kGapControl;
  }
  int right = width() - sides.right;
  if (m_hasChevron) {
    right -= kChevron;
    const QColor quiet = m_kind == Kind::Primary ? c.text : m_theme->text2;
    theme::drawIcon(painter, u"chevron-down", quiet,
                    QRect(right + 2, (height() - kChevron) / 2, kChevron, kChevron));
    right -= m::kGapControl;
  }
  painter.setPen(c.text);
  painter.setFont(font());
  const QString shown = QFontMetrics(font()).elidedText(text(), Qt::ElideRight, right - x + 1);
  painter.drawText(QRect(x, 0, right - x + 2, height()),
                   Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic, shown);
}

void Button::enterEvent(QEnterEvent* event) {
  QPushButton::enterEvent(event);
  fadeTo(1);
}

void Button::leaveEvent(QEvent* event) {
  QPushButton::leaveEvent(event);
  fadeTo(0);
}

void Button::fadeTo(qreal hover) {
  const qreal from = m_hover.currentValue().toReal();
  m_hover.stop();
  m_hover.setStartValue(from);
  m_hover.setEndValue(hover);
  m_hover.setDuration(m_theme.isMotionOn() ? m::kHoverMs : 0);
  m_hover.start();
}

}  // namespace freshet::widgets
