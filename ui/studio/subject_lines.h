// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::studio {

struct Email;

// Subject and preheader as an inbox cuts them, and how long they are. GUI thread.
class SubjectLines final : public QWidget {
  Q_OBJECT

 public:
  explicit SubjectLines(theme::Theme& theme, QWidget* parent = nullptr);
  void setEmail(const Email* email);  // copied; null: nothing

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_subject, m_preheader;
};

}  // namespace freshet::studio
