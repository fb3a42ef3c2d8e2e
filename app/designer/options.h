// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QSize>
#include <QString>
#include <optional>

#include "ui/theme/theme.h"

class QCoreApplication;

namespace freshet::designer {

// What the command line asks for.
struct Options {
  QString project;  // a folder or *.pipeline.json; empty: none
  bool isRunning = false;
  bool isDryRun = false;
  QString screenshot;  // PNG to write before leaving; empty: none
  std::optional<QSize> size;
  std::optional<theme::Theme::Mode> theme;
  int runForMs = 0;
  QString select;  // a step
  QString panel;   // a panel to bring to the front
};

// Ends the process after --help, --version and on what cannot be read.
Options readOptions(const QCoreApplication& application);

}  // namespace freshet::designer
