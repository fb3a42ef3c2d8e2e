// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_keys.h"

#include <QAction>
#include <QKeyEvent>
#include <functional>

#include "ui/canvas/canvas_widget.h"

namespace freshet::canvas {
namespace {

struct CanvasAction {
  const char* name;
  const char* title;
  QKeySequence key;
  std::function<void()> run;
};

QPointF unit(int key) {
  switch (key) {
    case Qt::Key_Left:
      return {-1, 0};
    case Qt::Key_Right:
      return {1, 0};
    case Qt::Key_Up:
      return {0, -1};
    case Qt::Key_Down:
      return {0, 1};
    default:
      return {};
  }
}

Direction direction(int key) {
  if (key == Qt::Key_Left) return Direction::Left;
  if (key == Qt::Key_Right) return Direction::Right;
  return key == Qt::Key_Up ? Direction::Up : Direction::Down;
}

}  // namespace

void addCanvasActions(CanvasWidget& canvas) {
  CanvasWidget* c = &canvas;
  const CanvasAction actions[] = {
      {"canvas.quickAdd", QT_TRANSLATE_NOOP("Canvas", "Add a step"), Qt::Key_A,
       [c] { c->quickAdd(); }},
      {"canvas.connect", QT_TRANSLATE_NOOP("Canvas", "Connect to a step"), Qt::Key_C,
       [c] { c->connectCurrent(); }},
      {"canvas.delete", QT_TRANSLATE_NOOP("Canvas", "Delete"), Qt::Key_Delete,
       [c] { c->commands().removeSelected(); }},
      {"canvas.heal", QT_TRANSLATE_NOOP("Canvas", "Delete and heal the wire"),
       QKeySequence(Qt::CTRL | Qt::Key_Delete), [c] { c->commands().removeSelectedAndHeal(); }},
      {"canvas.selectAll", QT_TRANSLATE_NOOP("Canvas", "Select all steps"), QKeySequence::SelectAll,
       [c] { c->selectAll(); }},
      {"canvas.tidy", QT_TRANSLATE_NOOP("Canvas", "Tidy"), QKeySequence(Qt::CTRL | Qt::Key_L),
       [c] { c->tidy(); }},
      {"canvas.row",
       QT_TRANSLATE_NOOP("Canvas", "Align in a row"),
       {},
       [c] { c->arrange(Arrange::Row); }},
      {"canvas.column",
       QT_TRANSLATE_NOOP("Canvas", "Align in a column"),
       {},
       [c] { c->arrange(Arrange::Column); }},
      {"canvas.spreadAcross",
       QT_TRANSLATE_NOOP("Canvas", "Spread evenly across"),
       {},
       [c] { c->arrange(Arrange::SpreadAcross); }},
      {"canvas.spreadDown",
       QT_TRANSLATE_NOOP("Canvas", "Spread evenly down"),
       {},
       [c] { c->arrange(Arrange::SpreadDown); }},
      {"canvas.full", QT_TRANSLATE_NOOP("Canvas", "Zoom to 100 %"), Qt::Key_1,
       [c] { c->zoomToFull(); }},
      {"canvas.fit", QT_TRANSLATE_NOOP("Canvas", "Fit selection"), Qt::Key_F,
       [c] { c->fitSelection(); }},
      {"canvas.fitAll", QT_TRANSLATE_NOOP("Canvas", "Fit all"), QKeySequence(Qt::SHIFT | Qt::Key_F),
       [c] { c->fitAll(); }},
      {"canvas.minimap", QT_TRANSLATE_NOOP("Canvas", "Minimap"), Qt::Key_M,
       [c] { c->setMinimapWanted(!c->isMinimapWanted()); }},
  };
  for (const CanvasAction& one : actions) {
    auto* action = new QAction(QCoreApplication::translate("Canvas", one.title), c);
    action->setObjectName(QString::fromLatin1(one.name));
    action->setShortcut(one.key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QObject::connect(action, &QAction::triggered, c, one.run);
    c->addAction(action);
  }
}

bool handleKey(CanvasWidget& canvas, const QKeyEvent& event) {
  const QPointF by = unit(event.key());
  if (by.isNull()) return false;
  if (event.modifiers() & Qt::AltModifier) {
    canvas.walk(direction(event.key()));
    return true;
  }
  constexpr double kFar = 100;
  canvas.moveSelected(by * (event.modifiers() & Qt::ShiftModifier ? kFar : metrics::kGrid));
  return true;
}

}  // namespace freshet::canvas
