// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

#include "ui/theme/tokens.h"

// The application's one style sheet: ui/theme/style.qss with its @placeholders@ filled from the
// tokens. A placeholder without a token stays in the text, which the tests refuse.
namespace freshet::theme {

QString styleSheet(const Tokens& tokens);

}  // namespace freshet::theme
