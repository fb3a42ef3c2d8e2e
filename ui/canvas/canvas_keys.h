// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QKeyEvent;

namespace freshet::canvas {

class CanvasWidget;

// The keys of the canvas. Letters and Delete are actions of the widget, so that menus and the
// command palette find them; arrows go through `handleKey`, as they repeat.
void addCanvasActions(CanvasWidget& canvas);
bool handleKey(CanvasWidget& canvas, const QKeyEvent& event);

}  // namespace freshet::canvas
