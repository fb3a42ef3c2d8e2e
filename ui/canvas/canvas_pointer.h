// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "ui/canvas/canvas_motion.h"
#include "ui/canvas/gesture.h"

class QMouseEvent;
class QWidget;

namespace freshet::canvas {

// What the mouse does on the canvas: which gesture a press becomes, and what lies under the
// pointer. Owned by the canvas; GUI thread.
class CanvasPointer {
 public:
  CanvasPointer(GestureContext& context, CanvasMotion& motion, QWidget& canvas)
      : m_context(context), m_motion(motion), m_canvas(canvas) {}

  // False: the press was on the zoom pill, which the canvas answers.
  bool press(const QMouseEvent& event);
  void move(const QMouseEvent& event);
  void release();
  void leave();
  // True if there was a gesture to give up.
  bool cancel();
  void setSpaceDown(bool down);
  bool isBusy() const { return m_gesture != nullptr; }
  void forgetHover();  // the scene changed under the pointer

 private:
  std::unique_ptr<Gesture> pressLeft(QPointF at, Qt::KeyboardModifiers modifiers);
  void selectCard(int card, Qt::KeyboardModifiers modifiers);
  void hover(QPointF at);
  void show(int card, int wire, CanvasScene::PortHit port, Overlay overlay);
  void setCursor();
  int frameTitleAt(QPointF screen) const;

  GestureContext& m_context;
  CanvasMotion& m_motion;
  QWidget& m_canvas;
  std::unique_ptr<Gesture> m_gesture;
  bool m_isSpaceDown = false;
  bool m_isPanning = false;
};

}  // namespace freshet::canvas
