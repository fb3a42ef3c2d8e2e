// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::widgets {

int keyCapWidth(const QString& text);
void drawKeyCap(QPainter& painter, const QRect& rect, const QString& text,
                const theme::Tokens& tokens);

// A key as it looks on a keyboard, beside the words that say what it does. A single icon name in
// `iconName` replaces the text for arrows and the like; `text` stays its accessible name.
class KeyCap final : public QWidget {
  Q_OBJECT

 public:
  KeyCap(theme::Theme& theme, const QString& text, const QString& iconName = {},
         QWidget* parent = nullptr);

  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_text;
  QString m_iconName;
};

}  // namespace freshet::widgets
