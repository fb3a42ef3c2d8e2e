// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAccessibleWidget>
#include <QHash>

#include "ui/canvas/canvas_state.h"

namespace freshet::canvas {

class CanvasWidget;

// The canvas as a screen reader hears it: a list of steps in the order records flow. GUI thread.
void installCanvasAccessibility();

// The current step has the keyboard now.
void tellFocus(CanvasWidget& canvas);

// "Customer profile, enrich, running, 1 warning, input from Check events, output to Branch"
QString cardWords(const CanvasState& state, int card);

// Of the port or step under the pointer; may be empty.
QString tipWords(const CanvasState& state);

class CanvasAccessible final : public QAccessibleWidget {
 public:
  explicit CanvasAccessible(CanvasWidget* canvas);
  ~CanvasAccessible() override;

  int childCount() const override;
  QAccessibleInterface* child(int index) const override;
  QAccessibleInterface* childAt(int x, int y) const override;
  int indexOfChild(const QAccessibleInterface* child) const override;
  QAccessibleInterface* focusChild() const override;

  const CanvasWidget& canvas() const;

 private:
  mutable QHash<int, QAccessible::Id> m_children;  // by place in the list
};

}  // namespace freshet::canvas
