// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPointF>
#include <string>

#include "ui/canvas/gesture.h"

class QDropEvent;
class QMimeData;

namespace freshet::canvas {

// A step type dragged in from the palette: its ghost, the wire it would be inserted on, and what
// the drop makes of it in one undo step. GUI thread.
class CanvasDrop {
 public:
  explicit CanvasDrop(GestureContext& context) : m_context(context) {}

  // Empty: nothing we know.
  static std::string typeOf(const QMimeData* data);
  void move(const std::string& type, QPointF screen);
  void leave();
  // The new node's id.
  std::string drop(const std::string& type, QPointF screen);

 private:
  QPointF topLeft(QPointF screen) const;
  int wireFor(const std::string& type, QPointF screen) const;
  QRectF dirty() const;

  GestureContext& m_context;
};

}  // namespace freshet::canvas
