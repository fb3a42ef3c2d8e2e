// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <memory>

#include "ui/theme/theme.h"

// Every small widget and every icon on one sheet, as the tests check and people look at them.
namespace freshet::uitest {

std::unique_ptr<QWidget> makeWidgetSheet(theme::Theme& theme);
std::unique_ptr<QWidget> makeIconSheet(theme::Theme& theme);

}  // namespace freshet::uitest
