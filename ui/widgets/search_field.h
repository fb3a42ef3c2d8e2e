// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QLineEdit>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// A line edit 32 high with an icon before the text and, while empty, the key that reaches it
// behind. Escape clears it first and leaves it second.
class SearchField final : public QLineEdit {
  Q_OBJECT

 public:
  SearchField(theme::Theme& theme, const QString& placeholder, QWidget* parent = nullptr);

  void setIconName(const QString& name);
  void setShortcutText(const QString& text);

 Q_SIGNALS:
  void left();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void updateMargins();

  theme::Theme& m_theme;
  QString m_iconName = QStringLiteral("search");
  QString m_shortcut;
};

}  // namespace freshet::widgets
