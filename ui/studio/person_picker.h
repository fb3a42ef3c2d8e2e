// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractButton>

#include "ui/theme/theme.h"

namespace freshet::studio {

class EmailList;

// "Z  Zoë de Vries  interest 62      1 of 176 ▾": names the person whose e-mail is shown; pressed,
// it lists the newest and the search for others. GUI thread; the list outlives it.
class PersonPicker final : public QAbstractButton {
  Q_OBJECT

 public:
  PersonPicker(theme::Theme& theme, EmailList& emails, QWidget* parent = nullptr);
  QSize sizeHint() const override { return {280, 28}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();
  void openMenu();

  theme::Theme& m_theme;
  EmailList& m_emails;
};

}  // namespace freshet::studio
