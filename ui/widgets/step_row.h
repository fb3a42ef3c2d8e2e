// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QRect>
#include <QString>

#include "ui/theme/tokens.h"

class QPainter;

namespace freshet::widgets {

// A step type as a row of a list, 32 high, with its tile of 26; and the family it stands under, 28
// high. Drawn the same in the palette and in every list of steps.
inline constexpr int kStepHeader = 28;

struct StepRowLook {
  QString title;
  QString detail;  // at the right, quiet
  QString icon;
  theme::Family family = theme::Family::Route;
  bool isRaised = false;  // under the pointer or the keyboard
  bool hasGrip = false;   // where it can be dragged, while raised
};

void drawStepRow(QPainter& painter, const QRect& rect, const StepRowLook& look,
                 const theme::Tokens& tokens);
void drawStepHeader(QPainter& painter, const QRect& rect, const QString& title, int count,
                    bool isCollapsed, const theme::Tokens& tokens);

}  // namespace freshet::widgets
