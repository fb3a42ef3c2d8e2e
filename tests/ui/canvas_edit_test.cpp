// SPDX-License-Identifier: GPL-3.0-or-later
// Edits on the canvas, each one undo step, by mouse and by keys alone.
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QTest>

#include "tests/ui/canvas_fixture.h"
#include "ui/bridge/step_rows.h"
#include "ui/canvas/canvas_metrics.h"

namespace freshet::uitest {
namespace {

namespace metrics = canvas::metrics;

void dropStep(canvas::CanvasWidget& canvas, const char* type, QPoint at) {
  QMimeData data;
  data.setData(QString::fromLatin1(bridge::kNodeMime), type);
  QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(&canvas, &enter);
  QVERIFY(enter.isAccepted());
  QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(&canvas, &move);
  QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(&canvas, &drop);
}

void drag(canvas::CanvasWidget& canvas, QPoint from, QPoint to,
          Qt::KeyboardModifiers modifiers = {}) {
  QTest::mouseMove(&canvas, from);
  QTest::mousePress(&canvas, Qt::LeftButton, modifiers, from);
  for (int i = 1; i <= 4; ++i) {
    const QPointF at = QPointF(from) + QPointF(to - from) * i / 4.0;
    QMouseEvent move(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                     modifiers);
    QApplication::sendEvent(&canvas, &move);
  }
  QTest::mouseRelease(&canvas, Qt::LeftButton, modifiers, to);
}

void chooseInList(const QString& words) {
  QWidget* list = nullptr;
  QTRY_VERIFY((list = QApplication::activePopupWidget()) != nullptr);
  auto* field = list->findChild<QLineEdit*>();
  QTest::keyClicks(field, words);
  QTest::keyClick(field, Qt::Key_Return);
}

std::vector<std::string> edges(const CanvasFixture& fixture) {
  std::vector<std::string> texts;
  for (const pipeline::Edge& edge : fixture.document.project().pipeline.edges)
    texts.push_back(edge.text());
  return texts;
}

bool hasEdge(const CanvasFixture& fixture, const char* text) {
  const std::vector<std::string> all = edges(fixture);
  return std::find(all.begin(), all.end(), text) != all.end();
}

}  // namespace

class CanvasEditTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void dropCreatesOneSnappedSelectedStep();
  void dropOnAWireInserts();
  void dragFromAPortConnects();
  void aWireDroppedOnNothingListsWhatFits();
  void aClickOnAPortSelectsItsWire();
  void refusalIsShownAndChangesNothing();
  void movingSnapsAndUndoesToTheSameBytes();
  void controlSuspendsTheGrid();
  void rubberBandShiftAndControlSelect();
  void deleteAndHeal();
  void deleteOfAMixedSelectionIsOneStep();
  void escapeGivesUpADrag();
  void undoOfAllEditsGivesTheSameBytes();
  void keysAloneBuildAPipeline();
  void arrowsMoveAndMerge();
  void tidyAndArrange();
};

void CanvasEditTest::dropCreatesOneSnappedSelectedStep() {
  CanvasFixture f(exampleProject());
  const QPoint at(500, 480);
  const QPointF scene = f.canvas.state().view.toScene(QPointF(at));
  dropStep(f.canvas, "filter", at);
  QCOMPARE(f.document.undoStack().count(), 1);
  QCOMPARE(f.selection.nodes().size(), std::size_t{1});
  const std::string id = f.selection.current();
  QCOMPARE(f.document.project().pipeline.find(id)->type, std::string("filter"));
  const auto place = f.document.project().layout.find(id);
  QVERIFY(place);
  QCOMPARE(std::fmod(place->x, metrics::kGrid), 0.0);
  QCOMPARE(std::fmod(place->y, metrics::kGrid), 0.0);
  QVERIFY(std::abs(place->x + metrics::kCardWidth / 2 - scene.x()) <= metrics::kGrid / 2);
  QVERIFY(std::abs(place->y + metrics::kCardHeight / 2 - scene.y()) <= metrics::kGrid / 2);
}

void CanvasEditTest::dropOnAWireInserts() {
  CanvasFixture f(exampleProject());
  const canvas::CanvasState& state = f.canvas.state();
  const auto middle = [&](const char* edge) {
    return state.view.toScreen(state.scene.wire(state.scene.findWire(edge)).at(0.5)).toPoint();
  };
  const std::string before = f.text();
  dropStep(f.canvas, "filter", middle("customer-profile -> buying-interest"));
  QCOMPARE(f.document.undoStack().count(), 1);
  const std::string id = f.selection.current();
  QVERIFY(hasEdge(f, ("customer-profile -> " + id).c_str()));
  QVERIFY(hasEdge(f, (id + " -> buying-interest").c_str()));
  QVERIFY(!hasEdge(f, "customer-profile -> buying-interest"));
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
  dropStep(f.canvas, "file.outbox", middle("customer-profile -> buying-interest"));
  QVERIFY2(hasEdge(f, "customer-profile -> buying-interest"), "a sink has no place on a wire");
}

void CanvasEditTest::dragFromAPortConnects() {
  CanvasFixture f(exampleProject());
  drag(f.canvas, f.port("buying-interest", 0), f.at("not-emailed"));
  QVERIFY(hasEdge(f, "buying-interest -> not-emailed"));
  QCOMPARE(f.document.undoStack().count(), 1);
  drag(f.canvas, f.port("who-gets-a-reminder", 1), f.port("save-interest", -1));
  QVERIFY(hasEdge(f, "who-gets-a-reminder.no-consent -> save-interest"));
  drag(f.canvas, f.port("outbox", -1), f.port("buying-interest", 0));
  QVERIFY2(hasEdge(f, "buying-interest -> outbox"), "from an input backwards");
}

void CanvasEditTest::aWireDroppedOnNothingListsWhatFits() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  const QPoint nowhere = f.at("not-emailed") + QPoint(0, -90);
  // From an output: everything but sources.
  drag(f.canvas, f.port("customer-profile", 0), nowhere);
  auto* list = QApplication::activePopupWidget();
  QVERIFY(list);
  const auto* rows = list->findChild<QListView*>()->model();
  QStringList titles;
  for (int i = 0; i < rows->rowCount(); ++i) titles << rows->index(i, 0).data().toString();
  QVERIFY(titles.contains(QStringLiteral("Filter")) && titles.contains(QStringLiteral("Outbox")));
  QVERIFY(!titles.contains(QStringLiteral("Simulated visitors")));
  QCOMPARE(f.text(), before);
  chooseInList(QStringLiteral("filter"));
  QVERIFY(hasEdge(f, "customer-profile -> filter"));
  QCOMPARE(f.selection.current(), std::string("filter"));
  QCOMPARE(f.document.undoStack().count(), 1);
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
  // From an input, backwards: what has an exit; Escape leaves no trace.
  drag(f.canvas, f.port("check-events", -1), f.port("check-events", -1) + QPoint(-60, -90));
  QVERIFY(QApplication::activePopupWidget());
  chooseInList(QStringLiteral("Simulated"));
  QVERIFY(hasEdge(f, "simulated-visitors -> check-events"));
  f.document.undoStack().undo();
  drag(f.canvas, f.port("customer-profile", 0), nowhere);
  QTest::keyClick(QApplication::activePopupWidget()->findChild<QLineEdit*>(), Qt::Key_Escape);
  QCOMPARE(f.text(), before);
}

void CanvasEditTest::aClickOnAPortSelectsItsWire() {
  CanvasFixture f(exampleProject());
  QTest::mouseClick(&f.canvas, Qt::LeftButton, {}, f.port("who-gets-a-reminder", 0));
  QCOMPARE(f.selection.edges(),
           bridge::SelectionModel::Ids{"who-gets-a-reminder.agreed -> basket-left"});
  QCOMPARE(f.document.undoStack().count(), 0);
}

void CanvasEditTest::refusalIsShownAndChangesNothing() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  const QPoint from = f.port("buying-interest", 0);
  const QPoint to = f.at("check-events");
  QTest::mousePress(&f.canvas, Qt::LeftButton, {}, from);
  QMouseEvent move(QEvent::MouseMove, QPointF(to), f.canvas.mapToGlobal(QPointF(to)), Qt::NoButton,
                   Qt::LeftButton, {});
  QApplication::sendEvent(&f.canvas, &move);
  QVERIFY(f.canvas.state().connecting);
  const QString words = f.canvas.state().connecting->refusal;
  QVERIFY2(words.contains(QLatin1String("loop")), qPrintable(words));
  QVERIFY(!f.canvas.state().connecting->fits[static_cast<std::size_t>(
      f.canvas.state().scene.find("check-events"))]);
  QVERIFY(
      f.canvas.state()
          .connecting->fits[static_cast<std::size_t>(f.canvas.state().scene.find("not-emailed"))]);
  QTest::mouseRelease(&f.canvas, Qt::LeftButton, {}, to);
  QCOMPARE(f.text(), before);
  QCOMPARE(f.document.undoStack().count(), 0);
}

void CanvasEditTest::movingSnapsAndUndoesToTheSameBytes() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  const auto logic = [&] {
    return pipeline::canonicalText(f.document.project().pipeline, f.catalog);
  };
  const std::string logicBefore = logic();
  drag(f.canvas, f.at("outbox"), f.at("outbox") + QPoint(7, 63));
  QCOMPARE(f.document.undoStack().count(), 1);
  const auto place = *f.document.project().layout.find("outbox");
  QCOMPARE(place.x, 1820.0);
  QCOMPARE(place.y, 140.0);
  QCOMPARE(logic(), logicBefore);
  const std::string moved = f.text();
  QVERIFY(moved != before);
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
  f.document.undoStack().redo();
  QCOMPARE(f.text(), moved);
  drag(f.canvas, f.at("outbox"), f.at("outbox") + QPoint(40, 0));
  QVERIFY2(f.document.undoStack().count() == 2, "a second drag is a second step");
}

void CanvasEditTest::controlSuspendsTheGrid() {
  CanvasFixture f(exampleProject());
  f.canvas.zoomToFull();
  f.canvas.reveal("outbox");
  f.selection.selectNode("outbox");
  const auto before = *f.document.project().layout.find("outbox");
  const QPoint from = f.at("outbox");
  QTest::mousePress(&f.canvas, Qt::LeftButton, {}, from);
  QMouseEvent move(QEvent::MouseMove, QPointF(from) + QPointF(33, 7),
                   f.canvas.mapToGlobal(QPointF(from) + QPointF(33, 7)), Qt::NoButton,
                   Qt::LeftButton, Qt::ControlModifier);
  QApplication::sendEvent(&f.canvas, &move);
  QTest::mouseRelease(&f.canvas, Qt::LeftButton, Qt::ControlModifier, from + QPoint(33, 7));
  QCOMPARE(f.document.project().layout.find("outbox")->x, before.x + 33);
  QCOMPARE(f.document.project().layout.find("outbox")->y, before.y + 7);
}

void CanvasEditTest::rubberBandShiftAndControlSelect() {
  CanvasFixture f(exampleProject());
  drag(f.canvas, QPoint(300, 370), QPoint(700, 470));
  QCOMPARE(f.selection.nodes(), (bridge::SelectionModel::Ids{"buying-interest", "save-interest"}));
  QTest::mouseClick(&f.canvas, Qt::LeftButton, Qt::ShiftModifier, f.at("outbox"));
  QCOMPARE(f.selection.nodes().size(), std::size_t{3});
  QTest::mouseClick(&f.canvas, Qt::LeftButton, Qt::ControlModifier, f.at("outbox"));
  QCOMPARE(f.selection.nodes().size(), std::size_t{2});
  QTest::keyClick(&f.canvas, Qt::Key_A, Qt::ControlModifier);
  QCOMPARE(f.selection.nodes().size(), f.document.project().pipeline.nodes.size());
  QTest::keyClick(&f.canvas, Qt::Key_Escape);
  QVERIFY(f.selection.isEmpty());
}

void CanvasEditTest::deleteAndHeal() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  f.selection.selectNode("basket-left");
  QTest::keyClick(&f.canvas, Qt::Key_Delete, Qt::ControlModifier);
  QVERIFY(!f.document.project().pipeline.find("basket-left"));
  QVERIFY(hasEdge(f, "who-gets-a-reminder.agreed -> basket-reminder"));
  QVERIFY(f.selection.isEmpty());
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
  f.selection.selectNode("basket-left");
  QTest::keyClick(&f.canvas, Qt::Key_Delete);
  QVERIFY(!hasEdge(f, "who-gets-a-reminder.agreed -> basket-reminder"));
  QCOMPARE(f.document.undoStack().count(), 1);
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
}

void CanvasEditTest::deleteOfAMixedSelectionIsOneStep() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  f.selection.set({"outbox"}, {"shop-visitors -> check-events"}, {});
  QTest::keyClick(&f.canvas, Qt::Key_Delete);
  QVERIFY(!f.document.project().pipeline.find("outbox"));
  QVERIFY(!hasEdge(f, "shop-visitors -> check-events"));
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
}

void CanvasEditTest::escapeGivesUpADrag() {
  CanvasFixture f(exampleProject());
  const QPoint from = f.at("outbox");
  QTest::mousePress(&f.canvas, Qt::LeftButton, {}, from);
  QMouseEvent move(QEvent::MouseMove, QPointF(from) + QPointF(0, 90),
                   f.canvas.mapToGlobal(QPointF(from) + QPointF(0, 90)), Qt::NoButton,
                   Qt::LeftButton, {});
  QApplication::sendEvent(&f.canvas, &move);
  QVERIFY(f.at("outbox") != from);
  QTest::keyClick(&f.canvas, Qt::Key_Escape);
  QCOMPARE(f.at("outbox"), from);
  QTest::mouseRelease(&f.canvas, Qt::LeftButton, {}, from);
  QCOMPARE(f.document.undoStack().count(), 0);
}

void CanvasEditTest::undoOfAllEditsGivesTheSameBytes() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  dropStep(f.canvas, "filter", QPoint(200, 80));
  drag(f.canvas, f.port("buying-interest", 0), f.at("not-emailed"));
  drag(f.canvas, f.at("outbox"), f.at("outbox") + QPoint(0, 120));
  f.selection.selectNode("check-events");
  QTest::keyClick(&f.canvas, Qt::Key_Delete, Qt::ControlModifier);
  f.selection.selectNode("your-website");
  QTest::keyClick(&f.canvas, Qt::Key_Delete);
  QVERIFY(f.document.isEdited());
  const std::string after = f.text();
  while (f.document.undoStack().canUndo()) f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
  QVERIFY(!f.document.isEdited());
  while (f.document.undoStack().canRedo()) f.document.undoStack().redo();
  QCOMPARE(f.text(), after);
}

void CanvasEditTest::keysAloneBuildAPipeline() {
  CanvasFixture f(emptyProject());
  for (const char* words : {"visitors", "profile", "mail", "outbox"}) {
    QTest::keyClick(&f.canvas, Qt::Key_A);
    chooseInList(QString::fromLatin1(words));
    QTRY_VERIFY(!QApplication::activePopupWidget());
  }
  QCOMPARE(f.document.project().pipeline.nodes.size(), std::size_t{4});
  const char* const order[] = {"simulated-visitors", "profile", "email", "outbox"};
  f.selection.selectNode(order[0]);
  for (int i = 0; i < 3; ++i) {
    while (f.selection.current() != order[i]) QTest::keyClick(&f.canvas, Qt::Key_Tab);
    QTest::keyClick(&f.canvas, Qt::Key_C);
    const canvas::CanvasScene& scene = f.canvas.state().scene;
    chooseInList(scene.card(scene.find(order[i + 1])).title);
    QTRY_VERIFY(!QApplication::activePopupWidget());
  }
  QCOMPARE(edges(f), (std::vector<std::string>{"simulated-visitors -> profile", "profile -> email",
                                               "email -> outbox"}));
}

void CanvasEditTest::arrowsMoveAndMerge() {
  CanvasFixture f(exampleProject());
  f.selection.selectNode("outbox");
  QTest::keyClick(&f.canvas, Qt::Key_Right);
  QTest::keyClick(&f.canvas, Qt::Key_Right);
  QTest::keyClick(&f.canvas, Qt::Key_Down, Qt::ShiftModifier);
  QCOMPARE(f.document.project().layout.find("outbox")->x, 1840.0);
  QCOMPARE(f.document.project().layout.find("outbox")->y, 100.0);
  QCOMPARE(f.document.undoStack().count(), 1);
  QTest::keyClick(&f.canvas, Qt::Key_Left, Qt::AltModifier);
  QCOMPARE(f.selection.current(), std::string("basket-reminder"));
  QTest::keyClick(&f.canvas, Qt::Key_Right, Qt::AltModifier);
  QCOMPARE(f.selection.current(), std::string("outbox"));
}

void CanvasEditTest::tidyAndArrange() {
  CanvasFixture f(exampleProject());
  const std::string before = f.text();
  const auto place = [&](const std::string& id) { return *f.document.project().layout.find(id); };
  QTest::keyClick(&f.canvas, Qt::Key_L, Qt::ControlModifier);
  const pipeline::Pipeline& pipeline = f.document.project().pipeline;
  for (const pipeline::Edge& edge : pipeline.edges)
    QVERIFY2(place(edge.from).x < place(edge.to).x, edge.text().c_str());
  for (const pipeline::Node& a : pipeline.nodes)
    for (const pipeline::Node& b : pipeline.nodes)
      if (a.id != b.id)
        QVERIFY2(!QRectF(place(a.id).x, place(a.id).y, 232, 104)
                      .intersects(QRectF(place(b.id).x, place(b.id).y, 232, 104)),
                 (a.id + ", " + b.id).c_str());
  QCOMPARE(f.document.undoStack().count(), 1);
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);

  f.selection.set({"outbox", "not-emailed", "buying-interest"}, {}, {});
  f.canvas.arrange(canvas::Arrange::Row);
  QVERIFY(place("outbox").y == place("not-emailed").y);
  QVERIFY(place("outbox").y == place("buying-interest").y);
  f.document.undoStack().undo();
  f.canvas.arrange(canvas::Arrange::SpreadDown);
  const double middle = place("not-emailed").y;
  QCOMPARE(middle - place("outbox").y, place("buying-interest").y - middle);
  f.document.undoStack().undo();
  QCOMPARE(f.text(), before);
  f.selection.selectNode("outbox");
  f.canvas.arrange(canvas::Arrange::Column);
  QCOMPARE(f.text(), before);
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::CanvasEditTest)
#include "canvas_edit_test.moc"
