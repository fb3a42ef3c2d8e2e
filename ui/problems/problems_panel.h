// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/bridge/live_window.h"
#include "ui/problems/problem_rows.h"
#include "ui/shell/panel.h"

class QListView;
class QStackedWidget;

namespace freshet::shell {
class PanelContext;
}

namespace freshet::problems {

// Everything that wants mending; a click goes to the step. GUI thread.
class ProblemsPanel final : public shell::Panel {
  Q_OBJECT

 public:
  explicit ProblemsPanel(shell::PanelContext& context, QWidget* parent = nullptr);

  const ProblemRows& rows() const { return m_rows; }

 private:
  void poll(const bridge::LiveSnapshot& live);
  void refreshBadge();
  void showLetters(const QString& words);
  void goTo(const QModelIndex& index);

  shell::PanelContext& m_context;
  ProblemRows m_rows;
  QStackedWidget* m_pages;
  QListView* m_list;
};

}  // namespace freshet::problems
