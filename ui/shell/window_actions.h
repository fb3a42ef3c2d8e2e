// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "ui/shell/command_palette.h"

class QMenu;

namespace freshet::shell {

class MainWindow;

// The menu behind the logo, with every action of the window and its key.
QMenu* makeMenu(MainWindow& window);
// What the search finds: actions of window and canvas, steps, their settings, types to add.
std::vector<Command> commandsOf(MainWindow& window);

}  // namespace freshet::shell
