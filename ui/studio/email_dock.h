// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"
#include "ui/studio/preview_runner.h"

namespace freshet::widgets {
class EmptyState;
class Label;
}  // namespace freshet::widgets

namespace freshet::studio {

class EmailList;
class InboxRow;
class PersonPicker;
class MailView;

// What an e-mail step makes of people: one person at a time, in an inbox and on a phone. → and ←
// step through them. GUI thread; the context outlives it.
class EmailDock final : public shell::Panel {
  Q_OBJECT

 public:
  EmailDock(shell::PanelContext& context, QWidget* parent = nullptr);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makeHeader();
  QWidget* makePersonRow();
  void showStep();
  void showCurrent();
  void show(const Email& email);

  shell::PanelContext& m_context;
  EmailList& m_emails;
  PreviewRunner m_runner;
  widgets::Label* m_title = nullptr;
  widgets::Label* m_subtitle = nullptr;
  InboxRow* m_inbox;
  MailView* m_phone;
  widgets::EmptyState* m_empty;
};

}  // namespace freshet::studio
