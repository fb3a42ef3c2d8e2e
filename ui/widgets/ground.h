// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

namespace freshet::widgets {

// What a plain container is painted with; follows the scheme by the style sheet.
enum class Ground { Window, Surface, Raised, Warning };
void setGround(QWidget* widget, Ground ground);

// A 1 px line in border colour between two parts of a layout.
QWidget* makeDivider(Qt::Orientation orientation, QWidget* parent = nullptr);

}  // namespace freshet::widgets
