// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>

namespace freshet::shell {

// Text fields claim Ctrl+Z for themselves; this gives it back to the window's undo and redo, which
// know every edit. Fields that search keep theirs. Installed on the application by the window.
class UndoFilter final : public QObject {
  Q_OBJECT

 public:
  explicit UndoFilter(QObject* parent) : QObject(parent) {}
  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace freshet::shell
