// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;

namespace freshet::widgets {

class Button;

// What an empty panel shows: one sentence that teaches one action, and the button that does it.
class EmptyState final : public QWidget {
  Q_OBJECT

 public:
  // An empty `action` leaves the button out.
  EmptyState(theme::Theme& theme, const QString& sentence, const QString& action = {},
             QWidget* parent = nullptr);

  void setSentence(const QString& sentence);
  Button* button() const { return m_button; }

 Q_SIGNALS:
  void activated();

 private:
  QLabel* m_sentence;
  Button* m_button = nullptr;
};

}  // namespace freshet::widgets
