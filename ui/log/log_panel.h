// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/panel.h"

class QPlainTextEdit;

namespace freshet::shell {
class PanelContext;
}

namespace freshet::log {

// What happened to the run, a line each with its time; the newest 1,000 lines. GUI thread.
class LogPanel final : public shell::Panel {
  Q_OBJECT

 public:
  explicit LogPanel(shell::PanelContext& context, QWidget* parent = nullptr);

 private:
  void add(const QString& line);

  QPlainTextEdit* m_lines;
  QString m_trouble;
};

}  // namespace freshet::log
