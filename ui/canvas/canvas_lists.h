// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <functional>

#include "ui/bridge/step_rows.h"
#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_state.h"
#include "ui/theme/theme.h"

namespace freshet::canvas {

class QuickList;

// The search boxes that open on the canvas: for a new step, for a step to connect to, and for what
// a wire that ends nowhere could lead to. GUI thread; what it is made of outlives it.
class CanvasLists final : public QObject {
  Q_OBJECT

 public:
  CanvasLists(QWidget& canvas, const CanvasState& state, CanvasCommands& commands,
              const bridge::DocumentModel& document, theme::Theme& theme);

  // The new step's corner in the scene; the box's on the screen of the canvas.
  void addStep(QPointF topLeft, QPointF at, const QString& query);
  void connectFrom(const Card& from);
  // Only types that would take the wire; the choice is made and connected as one.
  void endWire(const Connecting& wire);

 Q_SIGNALS:
  void added(const std::string& node);  // may be empty: it could not be
  void closed();                        // by a choice: the canvas has the keyboard again

 private:
  QuickList* open(const QString& placeholder,
                  std::function<std::vector<bridge::StepRow>(const QString&)> find, QPointF at);
  std::vector<bridge::StepRow> typesCalled(const QString& wanted,
                                           const std::function<bool(std::string_view)>& fits) const;

  QWidget& m_canvas;
  const CanvasState& m_state;
  CanvasCommands& m_commands;
  const bridge::DocumentModel& m_document;
  theme::Theme& m_theme;
};

}  // namespace freshet::canvas
