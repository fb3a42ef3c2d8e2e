// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPointF>
#include <QRectF>
#include <functional>
#include <memory>

#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_state.h"

namespace freshet::canvas {

// What a gesture may touch. References outlive every gesture.
struct GestureContext {
  CanvasState& state;
  CanvasCommands& commands;
  bridge::SelectionModel& selection;
  std::function<void(const ViewTransform&)> setView;
  std::function<void(const QRectF&)> repaint;       // screen
  std::function<void(const Connecting&)> dropWire;  // on nothing
};

// A press of the mouse that has become something, until its release. Leaves the document untouched
// unless `finish` is called. GUI thread.
class Gesture {
 public:
  virtual ~Gesture() = default;
  virtual void move(QPointF screen, Qt::KeyboardModifiers modifiers) = 0;
  virtual void finish() {}
  virtual void cancel() {}
};

std::unique_ptr<Gesture> panGesture(GestureContext& context, QPointF screen);
std::unique_ptr<Gesture> minimapGesture(GestureContext& context, QPointF screen);
std::unique_ptr<Gesture> rubberBandGesture(GestureContext& context, QPointF screen,
                                           Qt::KeyboardModifiers modifiers);
// Moves all selected cards; the pressed one lands on the grid. SelectAlone: a press that never
// moves leaves the pressed card as the only one selected.
enum class OnClick { SelectAlone, Keep };
std::unique_ptr<Gesture> moveGesture(GestureContext& context, QPointF screen, int pressedCard,
                                     OnClick onClick);
std::unique_ptr<Gesture> connectGesture(GestureContext& context, QPointF screen,
                                        CanvasScene::PortHit from);

// Cards with their wires and the frames around them, on the screen.
QRectF dirtyAround(const CanvasState& state, const std::vector<int>& cards);

}  // namespace freshet::canvas
