// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <optional>

#include "ui/bridge/live_window.h"
#include "ui/canvas/auto_layout.h"
#include "ui/canvas/canvas_commands.h"
#include "ui/canvas/canvas_drop.h"
#include "ui/canvas/canvas_lists.h"
#include "ui/canvas/canvas_motion.h"
#include "ui/canvas/canvas_painter.h"
#include "ui/canvas/canvas_pointer.h"
#include "ui/canvas/canvas_state.h"
#include "ui/canvas/canvas_walk.h"
#include "ui/theme/theme.h"

namespace freshet::canvas {

class CanvasEmpty;

// The pipeline as a picture that can be worked on: one widget that draws every step itself and is a
// list to a screen reader. Shows the document, the shared selection and the newest numbers; edits
// go through `commands`. GUI thread; document, selection and theme outlive it.
class CanvasWidget final : public QWidget {
  Q_OBJECT

 public:
  CanvasWidget(bridge::DocumentModel& document, bridge::SelectionModel& selection,
               theme::Theme& theme, QWidget* parent = nullptr);
  ~CanvasWidget() override;

  const CanvasState& state() const { return m_state; }
  CanvasCommands& commands() { return m_commands; }
  double zoom() const { return m_state.view.zoom; }

  // A node type chosen elsewhere: right of the current step, or in the middle of the view.
  void addNode(const std::string& type);
  // A search box for a new step; without a place it stands where the pointer or the current step
  // is.
  void quickAdd(std::optional<QPointF> screen = {}, const QString& query = {});
  void connectCurrent();

  void zoomTo(double zoom, QPointF screen);
  void zoomToFull();
  void fitAll();
  void fitSelection();
  void reveal(const std::string& node);  // scrolls it into view
  void setMinimapWanted(bool wanted);
  bool isMinimapWanted() const { return m_state.isMinimapWanted; }

  void moveSelected(QPointF by);
  void tidy();  // the selection, or everything
  void arrange(Arrange how);
  void walk(Direction direction);
  void selectAll() { m_selection.selectAll(); }
  QSize minimumSizeHint() const override { return {320, 200}; }

 public Q_SLOTS:
  void setLive(const freshet::bridge::LiveSnapshot& live);

 Q_SIGNALS:
  void zoomChanged(double zoom);
  void opened(const std::string& node);     // double-clicked
  void activated(const std::string& node);  // Enter or double click
  void renameRequested(const std::string& node);
  void openExampleRequested();

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool focusNextPrevChild(bool next) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void rebuild(bridge::DocumentModel::Change change);
  void refreshSelection();
  void refreshLive();
  void setView(const ViewTransform& view);
  void look(const ViewTransform& view);  // there, gliding
  QRectF fitArea() const;
  void pressOverlay(Overlay overlay);
  void startDots();
  void moveDots(double share);
  void select(int card);
  QPointF spotForNew() const;

  bridge::DocumentModel& m_document;
  bridge::SelectionModel& m_selection;
  theme::Theme& m_theme;
  CanvasCommands m_commands;
  CanvasState m_state;
  CanvasPainter m_painter;
  CanvasMotion m_motion;
  GestureContext m_context;
  CanvasPointer m_pointer;
  CanvasDrop m_drop;
  CanvasLists m_lists;
  CanvasEmpty* m_empty;
  bridge::LiveSnapshot m_live;
  bool m_isFitted = true;  // nobody has moved the view yet: it follows the window's size
};

}  // namespace freshet::canvas
