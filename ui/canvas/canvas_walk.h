// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/canvas/canvas_scene.h"

namespace freshet::canvas {

enum class Direction { Left, Right, Up, Down };

// Where the keyboard goes next. Pure; -1: nowhere.

// The next or previous step in flow order; from -1 the first or the last.
int stepInFlow(const CanvasScene& scene, int card, bool isForward);
// Along a wire (right: out, left: in), or to the nearest step above or below.
int neighbour(const CanvasScene& scene, int card, Direction direction);

}  // namespace freshet::canvas
