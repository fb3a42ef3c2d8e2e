// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tab_strip.h"

#include <QFontMetrics>
#include <QMouseEvent>
#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::widgets {
namespace {

namespace m = theme::metrics;
constexpr int kBetween = 20;
constexpr int kBadge = 18;
constexpr int kUnderline = 2;

}  // namespace

TabStrip::TabStrip(theme::Theme& theme, Height height, QWidget* parent)
    : QTabBar(parent),
      m_theme(theme),
      m_height(height == Height::Tall ? m::kTabTall : m::kTab),
      m_leading(m::kGapCard) {
  setDrawBase(false);
  setExpanding(false);
  setElideMode(Qt::ElideNone);
  setUsesScrollButtons(false);
  setFocusPolicy(Qt::TabFocus);
  setMouseTracking(true);
  setFont(theme::font(theme::TextRole::BodyMedium));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setFocusRadius(this, m::kRadiusInput);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void TabStrip::setBadge(int index, const QString& text) {
  if (badge(index) == text) return;
  setTabData(index, text);
  setAccessibleTabName(index, text.isEmpty() ? QString() : tabText(index) + u' ' + text);
  // QTabBar measures its tabs again only when one of them changes its text.
  const QString word = tabText(index);
  setTabText(index, {});
  setTabText(index, word);
}

void TabStrip::setLeading(int pixels) {
  m_leading = pixels;
  updateGeometry();
  update();
}

int TabStrip::textWidth(int index) const {
  return QFontMetrics(font()).horizontalAdvance(tabText(index));
}

int TabStrip::badgeWidth(int index) const {
  if (badge(index).isEmpty()) return 0;
  const QFontMetrics metrics(theme::font(theme::TextRole::MetaMedium));
  return std::max(kBadge, metrics.horizontalAdvance(badge(index)) + 14);
}

QSize TabStrip::tabSizeHint(int index) const {
  const int badgeSpace = badge(index).isEmpty() ? 0 : badgeWidth(index) + 6;
  const int left = index == 0 ? m_leading : kBetween / 2;
  return {left + textWidth(index) + badgeSpace + kBetween / 2, m_height};
}

QSize TabStrip::sizeHint() const {
  int width = 0;
  for (int i = 0; i < count(); ++i) width += tabSizeHint(i).width();
  return {width, m_height};
}

QSize TabStrip::minimumSizeHint() const {
  return {0, m_height};
}

void TabStrip::paintEvent(QPaintEvent*) {
  const theme::Tokens& t = m_theme.tokens();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(font());
  for (int i = 0; i < count(); ++i) {
    const QRect tab = tabRect(i);
    const QRect word(tab.left() + (i == 0 ? m_leading : kBetween / 2), 0, textWidth(i), m_height);
    const bool isCurrent = i == currentIndex();
    painter.setPen(isCurrent ? t.accent : i == m_hovered ? t.text : t.text2);
    painter.drawText(word, Qt::AlignVCenter | Qt::TextDontClip, tabText(i));
    if (!badge(i).isEmpty()) {
      const QRect pill(word.right() + 7, (m_height - kBadge) / 2, badgeWidth(i), kBadge);
      theme::drawCard(painter, pill, t.warning.soft, {}, kBadge / 2.0, 0);
      painter.setPen(t.warning.foreground);
      painter.setFont(theme::font(theme::TextRole::MetaMedium));
      painter.drawText(pill, Qt::AlignCenter, badge(i));
      painter.setFont(font());
    }
    if (!isCurrent) continue;
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.accent);
    painter.drawRoundedRect(word.left(), m_height - kUnderline, word.width(), kUnderline, 1, 1);
  }
}

void TabStrip::mouseMoveEvent(QMouseEvent* event) {
  const int over = tabAt(event->position().toPoint());
  if (over != m_hovered) update();
  m_hovered = over;
  QTabBar::mouseMoveEvent(event);
}

void TabStrip::leaveEvent(QEvent* event) {
  m_hovered = -1;
  update();
  QTabBar::leaveEvent(event);
}

}  // namespace freshet::widgets
