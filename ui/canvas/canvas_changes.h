// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QRect>
#include <vector>

#include "ui/bridge/selection_model.h"
#include "ui/canvas/canvas_state.h"

namespace freshet::canvas {

// Where a picture of `state` differs from one with the numbers `before`, on the screen. Repainting
// every card twice a second would cost more than the run. Of as many cards and wires each. Pure.
std::vector<QRect> changedAreas(const CanvasState& state, const CanvasLive& before);

// Writes the selection into `state`: where its picture is another now.
std::vector<QRect> takeSelection(CanvasState& state, const bridge::SelectionModel& selection);

// Those in view that carry something, as many as get a dot at once.
std::vector<int> flowingWires(const CanvasState& state);

}  // namespace freshet::canvas
