// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"

namespace freshet::widgets {
class EmptyState;
class Label;
}  // namespace freshet::widgets

namespace freshet::studio {

class EmailList;
class InboxRow;
class PersonPicker;
class PhoneView;

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
  void followSelection();
  void showCurrent();

  shell::PanelContext& m_context;
  EmailList* m_emails;
  std::string m_node;
  widgets::Label* m_title = nullptr;
  widgets::Label* m_subtitle = nullptr;
  InboxRow* m_inbox;
  PhoneView* m_phone;
  widgets::EmptyState* m_empty;
};

}  // namespace freshet::studio
