// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::studio {

struct Email;

// An e-mail in a phone's list: sender, subject, preheader, time, and how much of it a phone cuts
// off. GUI thread.
class InboxRow final : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kHeight = 80;
  static constexpr int kSubjectCut = 40;
  static constexpr int kPreheaderCut = 90;

  explicit InboxRow(theme::Theme& theme, QWidget* parent = nullptr);
  void setEmail(const Email* email);  // copied; null: nothing

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_sender, m_subject, m_preheader, m_time;
};

}  // namespace freshet::studio
