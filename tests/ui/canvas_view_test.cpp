// SPDX-License-Identifier: GPL-3.0-or-later
// How the canvas shows and lets itself be looked at: zoom, fit, order of the keyboard, what a
// screen reader hears, and the geometry of the design.
#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "tests/ui/canvas_fixture.h"
#include "ui/canvas/canvas_metrics.h"
#include "ui/canvas/card_painter.h"
#include "ui/canvas/overlay_painter.h"

namespace freshet::uitest {

namespace metrics = canvas::metrics;

class CanvasViewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void zoomKeepsThePointUnderTheCursor_data();
  void zoomKeepsThePointUnderTheCursor();
  void zoomStaysWithinItsBounds();
  void theFirstViewShowsAllAtFortySix();
  void keysFitAndZoom();
  void panningByMiddleButtonAndWheel();
  void minimapComesWhenSomethingIsOutOfView();
  void tabWalksInFlowOrder();
  void aReaderHearsAListOfSteps();
  void geometryIsTheDesigns();
  void detailFollowsTheZoom();
  void wiresShowFlowAndLoad();
  void aSnapshotRepaintsOnlyWhatChanged();
  void dotsTravelOnceForEachSnapshot();
  void diagnosticsReachTheCards();
  void nodesWithoutAPlaceStandApart();
};

void CanvasViewTest::zoomKeepsThePointUnderTheCursor_data() {
  QTest::addColumn<QPointF>("at");
  QTest::newRow("corner") << QPointF(3, 5);
  QTest::newRow("card") << QPointF(420, 300);
  QTest::newRow("edge") << QPointF(980, 17);
}

void CanvasViewTest::zoomKeepsThePointUnderTheCursor() {
  QFETCH(QPointF, at);
  CanvasFixture f(exampleProject());
  const QPointF scene = f.canvas.state().view.toScene(at);
  for (const int angle : {120, 120, -120, 240, -360}) {
    QWheelEvent wheel(at, f.canvas.mapToGlobal(at), {}, {0, angle}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&f.canvas, &wheel);
    const QPointF now = f.canvas.state().view.toScreen(scene);
    QVERIFY((now - at).manhattanLength() < 1e-6);
  }
}

void CanvasViewTest::zoomStaysWithinItsBounds() {
  CanvasFixture f(exampleProject());
  f.canvas.zoomTo(50, {100, 100});
  QCOMPARE(f.canvas.zoom(), metrics::kZoomMost);
  f.canvas.zoomTo(0.001, {100, 100});
  QCOMPARE(f.canvas.zoom(), metrics::kZoomLeast);
}

void CanvasViewTest::theFirstViewShowsAllAtFortySix() {
  CanvasFixture f(exampleProject());
  const canvas::CanvasState& state = f.canvas.state();
  QCOMPARE(std::lround(state.view.zoom * 100), 46l);
  QVERIFY(state.view.toScene(QRectF(f.canvas.rect())).contains(state.scene.bounds()));
  const QRect card = canvas::CardPainter::screenRect(state, 0);
  QCOMPARE(card.size(), QSize(108, 48));
  f.canvas.resize(1332, 722);
  QVERIFY2(state.view.toScene(QRectF(f.canvas.rect())).contains(state.scene.bounds()),
           "untouched, it follows the window");
}

void CanvasViewTest::keysFitAndZoom() {
  CanvasFixture f(exampleProject());
  QSignalSpy zoomed(&f.canvas, &canvas::CanvasWidget::zoomChanged);
  QTest::keyClick(&f.canvas, Qt::Key_1);
  QCOMPARE(f.canvas.zoom(), 1.0);
  f.selection.selectNode("outbox");
  QTest::keyClick(&f.canvas, Qt::Key_F);
  QVERIFY(f.canvas.rect().contains(f.at("outbox")));
  QTest::keyClick(&f.canvas, Qt::Key_F, Qt::ShiftModifier);
  QCOMPARE(std::lround(f.canvas.zoom() * 100), 46l);
  QVERIFY(zoomed.count() >= 2);
  const QRectF pill = canvas::OverlayPainter::zoomPillRect(f.canvas.size());
  QCOMPARE(pill, QRectF(12, 590 - 12 - 32, 152, 32));
  const double before = f.canvas.zoom();
  QTest::mouseClick(&f.canvas, Qt::LeftButton, {}, pill.topLeft().toPoint() + QPoint(90, 16));
  QVERIFY(f.canvas.zoom() > before);
  QTest::mouseClick(&f.canvas, Qt::LeftButton, {}, pill.topLeft().toPoint() + QPoint(132, 16));
  QCOMPARE(f.canvas.zoom(), before);
}

void CanvasViewTest::panningByMiddleButtonAndWheel() {
  CanvasFixture f(exampleProject());
  const QPoint before = f.at("outbox");
  QTest::mousePress(&f.canvas, Qt::MiddleButton, {}, QPoint(300, 300));
  QMouseEvent move(QEvent::MouseMove, QPointF(340, 320), f.canvas.mapToGlobal(QPointF(340, 320)),
                   Qt::NoButton, Qt::MiddleButton, {});
  QApplication::sendEvent(&f.canvas, &move);
  QTest::mouseRelease(&f.canvas, Qt::MiddleButton, {}, QPoint(340, 320));
  QCOMPARE(f.at("outbox") - before, QPoint(40, 20));
  QVERIFY(f.selection.isEmpty());
}

void CanvasViewTest::minimapComesWhenSomethingIsOutOfView() {
  CanvasFixture f(exampleProject());
  QVERIFY(!f.canvas.state().isMinimapShown());
  f.canvas.zoomToFull();
  QVERIFY(f.canvas.state().isMinimapShown());
  const QRectF map = canvas::OverlayPainter::minimapRect(f.canvas.size());
  QCOMPARE(map.size(), QSizeF(168, 84));
  const QPointF before = f.canvas.state().view.origin;
  QTest::mouseClick(&f.canvas, Qt::LeftButton, {}, map.topLeft().toPoint() + QPoint(12, 30));
  QVERIFY(f.canvas.state().view.origin.x() < before.x());
  QTest::keyClick(&f.canvas, Qt::Key_M);
  QVERIFY(!f.canvas.state().isMinimapShown());
}

void CanvasViewTest::tabWalksInFlowOrder() {
  CanvasFixture f(exampleProject());
  const canvas::CanvasScene& scene = f.canvas.state().scene;
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < scene.cards().size(); ++i) {
    QTest::keyClick(&f.canvas, Qt::Key_Tab);
    seen.push_back(f.selection.current());
  }
  for (std::size_t i = 0; i < seen.size(); ++i)
    QCOMPARE(seen[i], scene.card(scene.flowOrder()[i]).id);
  for (const canvas::Wire& wire : scene.wires()) {
    const auto place = [&](int card) {
      return std::find(seen.begin(), seen.end(), scene.card(card).id);
    };
    QVERIFY2(place(wire.from) < place(wire.to), wire.key.c_str());
  }
  QTest::keyClick(&f.canvas, Qt::Key_Tab, Qt::ShiftModifier);
  QCOMPARE(f.selection.current(), seen[seen.size() - 2]);
}

void CanvasViewTest::aReaderHearsAListOfSteps() {
  CanvasFixture f(exampleProject());
  QTRY_VERIFY(f.document.isLintCurrent());
  f.canvas.setLive(runningNumbers(f.document.project()));
  QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&f.canvas);
  QVERIFY(list);
  QCOMPARE(list->role(), QAccessible::List);
  QCOMPARE(list->childCount(), 11);
  f.selection.selectNode("customer-profile");
  QAccessibleInterface* step = list->focusChild();
  QVERIFY(step);
  QCOMPARE(step->role(), QAccessible::ListItem);
  const QString words = step->text(QAccessible::Name);
  QVERIFY2(words.startsWith(QLatin1String("Customer profile, enrich, running")), qPrintable(words));
  QVERIFY2(words.contains(QLatin1String("input from Check events")), qPrintable(words));
  QVERIFY2(words.endsWith(QLatin1String("output to Who gets a reminder? and Buying interest")),
           qPrintable(words));
  QVERIFY(step->state().selected);
  QVERIFY(step->state().focused);
  QCOMPARE(list->indexOfChild(step), list->indexOfChild(list->child(list->indexOfChild(step))));
  const QRect where = step->rect();
  QCOMPARE(list->childAt(where.center().x(), where.center().y()), step);
}

void CanvasViewTest::geometryIsTheDesigns() {
  CanvasFixture f(exampleProject());
  f.canvas.zoomToFull();
  const canvas::CanvasState& state = f.canvas.state();
  const canvas::Card& branch = state.scene.card(state.scene.find("who-gets-a-reminder"));
  QCOMPARE(branch.rect.size(), QSizeF(232, 104));
  QCOMPARE(branch.input(), branch.rect.topLeft() + QPointF(0, 52));
  QCOMPARE(branch.output(0), branch.rect.topLeft() + QPointF(232, 52));
  QCOMPARE(branch.output(1), branch.rect.topLeft() + QPointF(232, 72));
  QCOMPARE(state.scene.frames()[0].rect, QRectF(880, -60, 1172, 188));
  QCOMPARE(metrics::kPort, 5.0);
  QCOMPARE(metrics::kPortFits, 7.0);
  QCOMPARE(metrics::kGrid, 20.0);
  QCOMPARE(metrics::kSparkWidth, 208.0);
  QCOMPARE(metrics::kBadgeHeight, 18.0);
  const canvas::Wire& near =
      state.scene.wire(state.scene.findWire("basket-left -> basket-reminder"));
  QCOMPARE(near.firstControl - near.start, QPointF(40, 0));
  const canvas::Wire& far =
      state.scene.wire(state.scene.findWire("who-gets-a-reminder.no-consent -> not-emailed"));
  QVERIFY(far.firstControl.x() - far.start.x() >= 48 && far.firstControl.x() - far.start.x() <= 72);
}

void CanvasViewTest::detailFollowsTheZoom() {
  const auto at = [](double zoom) { return canvas::ViewTransform{zoom, {}}.detail(); };
  QCOMPARE(at(0.70), canvas::Detail::Full);
  QCOMPARE(at(0.69), canvas::Detail::Tile);
  QCOMPARE(at(0.45), canvas::Detail::Tile);
  QCOMPARE(at(0.44), canvas::Detail::Icon);
  QCOMPARE(at(0.20), canvas::Detail::Icon);
  QCOMPARE(at(0.19), canvas::Detail::Block);
}

void CanvasViewTest::wiresShowFlowAndLoad() {
  QCOMPARE(canvas::wireWidth(0), 1.5);
  QVERIFY(std::abs(canvas::wireWidth(40) - 2.71) < 0.01);
  QCOMPARE(canvas::wireWidth(1e9), 6.0);
  CanvasFixture f(exampleProject());
  bridge::LiveSnapshot live = runningNumbers(f.document.project());
  live.edges.find("basket-left -> basket-reminder")->second.busy = 0.72;
  live.edges.find("basket-reminder -> outbox")->second.busy = 0.98;
  f.canvas.setLive(live);
  const canvas::CanvasState& state = f.canvas.state();
  const auto wire = [&](const char* edge) {
    return state.live.wires[static_cast<std::size_t>(state.scene.findWire(edge))];
  };
  QCOMPARE(wire("shop-visitors -> check-events").flow, canvas::Flow::Flowing);
  QCOMPARE(wire("shop-visitors -> check-events").label, QStringLiteral("40/s"));
  QCOMPARE(wire("your-website -> check-events").flow, canvas::Flow::Idle);
  QCOMPARE(wire("basket-left -> basket-reminder").flow, canvas::Flow::Filling);
  QCOMPARE(wire("basket-left -> basket-reminder").label, QStringLiteral("72 % busy"));
  QCOMPARE(wire("basket-reminder -> outbox").flow, canvas::Flow::BackPressured);
  QCOMPARE(state.live.frameSums[0], QStringLiteral("176 emails"));
}

void CanvasViewTest::aSnapshotRepaintsOnlyWhatChanged() {
  CanvasFixture f(exampleProject());
  QTRY_VERIFY(f.document.isLintCurrent());
  bridge::LiveSnapshot live = runningNumbers(f.document.project());
  f.canvas.setLive(live);
  struct Painted : QObject {
    QRegion region;
    bool eventFilter(QObject*, QEvent* event) override {
      if (event->type() == QEvent::Paint) region |= static_cast<QPaintEvent*>(event)->region();
      return false;
    }
  } painted;
  f.canvas.installEventFilter(&painted);
  QTRY_VERIFY(!painted.region.isEmpty());
  painted.region = {};
  f.canvas.setLive(live);
  QCoreApplication::sendPostedEvents();
  QCoreApplication::processEvents();
  QVERIFY2(painted.region.isEmpty(), "the same numbers paint nothing");
  live.nodes.find("outbox")->second.rate = 1.1;
  f.canvas.setLive(live);
  QTRY_VERIFY(!painted.region.isEmpty());
  const QRect bounds = painted.region.boundingRect();
  QVERIFY(bounds.contains(f.at("outbox")));
  QVERIFY(bounds.width() < 160 && bounds.height() < 100);
}

void CanvasViewTest::dotsTravelOnceForEachSnapshot() {
  CanvasFixture f(exampleProject());
  f.canvas.setLive(runningNumbers(f.document.project()));
  QVERIFY2(f.canvas.state().dots < 0, "nothing moves with motion off");
  f.theme.setMotionOn(true);
  f.canvas.setLive(runningNumbers(f.document.project()));
  QCOMPARE(f.canvas.state().dotWires.size(), std::size_t{9});  // all but the idle one
  QTRY_VERIFY(f.canvas.state().dots > 0);
  QTRY_VERIFY(f.canvas.state().dots < 0);
  f.canvas.setLive({});
  QVERIFY(f.canvas.state().dots < 0);
}

void CanvasViewTest::diagnosticsReachTheCards() {
  CanvasFixture f(exampleProject());
  QTRY_VERIFY(f.document.isLintCurrent());
  const int before = static_cast<int>(f.document.diagnostics().size());
  f.document.apply(pipeline::GraphEdit::addNode(
      f.document.project(), pipeline::Node{"strange", "no.such.type", "", {}, {}}, {0, 900}));
  QTRY_VERIFY(static_cast<int>(f.document.diagnostics().size()) > before);
  const canvas::CanvasState& state = f.canvas.state();
  const int card = state.scene.find("strange");
  QVERIFY(!state.scene.card(card).isKnown);
  QCOMPARE(state.live.cards[static_cast<std::size_t>(card)].mark, theme::State::Error);
}

void CanvasViewTest::nodesWithoutAPlaceStandApart() {
  pipeline::Project project = exampleProject();
  project.layout.nodes.clear();
  CanvasFixture f(std::move(project));
  const std::vector<canvas::Card>& cards = f.canvas.state().scene.cards();
  for (std::size_t i = 0; i < cards.size(); ++i)
    for (std::size_t j = i + 1; j < cards.size(); ++j)
      QVERIFY(!cards[i].rect.intersects(cards[j].rect));
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::CanvasViewTest)
#include "canvas_view_test.moc"
