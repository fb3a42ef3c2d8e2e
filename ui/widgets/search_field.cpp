// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/search_field.h"

#include <QKeyEvent>
#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/key_cap.h"

namespace freshet::widgets {
namespace m = theme::metrics;

SearchField::SearchField(theme::Theme& theme, const QString& placeholder, QWidget* parent)
    : QLineEdit(parent), m_theme(theme) {
  setPlaceholderText(placeholder);
  setAccessibleName(placeholder);
  setFont(theme::font(theme::TextRole::Body));
  setProperty("search", true);
  setFixedHeight(m::kControl);
  setFocusRadius(this, m::kRadius);
  updateMargins();
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void SearchField::setIconName(const QString& name) {
  m_iconName = name;
  update();
}

void SearchField::setShortcutText(const QString& text) {
  m_shortcut = text;
  updateMargins();
  update();
}

void SearchField::updateMargins() {
  const int key = m_shortcut.isEmpty() ? 0 : keyCapWidth(m_shortcut);
  setTextMargins(m::kIcon + m::kGapControl - 1, 0, key, 0);
}

void SearchField::paintEvent(QPaintEvent* event) {
  QLineEdit::paintEvent(event);
  QPainter painter(this);
  theme::drawIcon(painter, m_iconName, m_theme->text3,
                  QRect(11, (height() - m::kIcon) / 2, m::kIcon, m::kIcon));
  if (m_shortcut.isEmpty() || !text().isEmpty()) return;
  const int width = keyCapWidth(m_shortcut);
  drawKeyCap(painter,
             QRect(this->width() - width - 11, (height() - m::kKeyCap) / 2, width, m::kKeyCap),
             m_shortcut, m_theme.tokens());
}

void SearchField::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Escape) return QLineEdit::keyPressEvent(event);
  if (!text().isEmpty())
    clear();
  else
    Q_EMIT left();
}

}  // namespace freshet::widgets
