// SPDX-License-Identifier: GPL-3.0-or-later
// One drag as a person makes it: a real pointer, a real X server, from the palette to the canvas.
#include <QHBoxLayout>
#include <QListView>
#include <QProcess>
#include <QTest>
#include <QTimer>

#include "tests/ui/canvas_fixture.h"
#include "ui/canvas/canvas_metrics.h"
#include "ui/palette/palette_panel.h"

namespace freshet::uitest {
namespace {

// xdotool moves the server's own pointer, which is what QDrag listens to. The steps are commands of
// one run, so they come in order while QDrag's own loop is running.
QStringList moveTo(QPoint global) {
  return {QStringLiteral("mousemove"), QString::number(global.x()), QString::number(global.y()),
          QStringLiteral("sleep"), QStringLiteral("0.05")};
}

}  // namespace

class CanvasDragTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRowOfThePaletteBecomesAStep();
};

void CanvasDragTest::aRowOfThePaletteBecomesAStep() {
  const spec::SpecCatalog catalog = catalogOfTheExample();
  theme::Theme theme(theme::Theme::Mode::Light);
  theme.setMotionOn(false);
  bridge::DocumentModel document(catalog);
  bridge::SelectionModel selection(document);
  document.open(exampleProject());
  QWidget window;
  auto* row = new QHBoxLayout(&window);
  auto* panel = new palette::PalettePanel(catalog, theme);
  panel->setFixedWidth(248);
  auto* canvas = new canvas::CanvasWidget(document, selection, theme);
  row->addWidget(panel);
  row->addWidget(canvas, 1);
  window.resize(1200, 700);
  window.show();
  QVERIFY(QTest::qWaitForWindowExposed(&window));

  int filter = 0;
  while (panel->rows().row(filter).key != "filter") ++filter;
  QListView* list = panel->list();
  const QPoint from =
      list->viewport()->mapToGlobal(list->visualRect(list->model()->index(filter, 0)).center());
  const QPoint drop(500, 560);
  const QPoint to = canvas->mapToGlobal(drop);

  QStringList script = moveTo(from);
  script << QStringLiteral("mousedown") << QStringLiteral("1");
  for (int i = 1; i <= 8; ++i) script << moveTo(from + (to - from) * i / 8);
  script << moveTo(to + QPoint(1, 0)) << moveTo(to) << QStringLiteral("mouseup")
         << QStringLiteral("1");
  QProcess pointer;
  pointer.start(QStringLiteral("xdotool"), script);
  QTRY_COMPARE_WITH_TIMEOUT(document.undoStack().count(), 1, 20'000);
  QTRY_COMPARE(pointer.state(), QProcess::NotRunning);  // it may have ended long ago
  QCOMPARE(pointer.exitCode(), 0);

  const auto place = document.project().layout.find(selection.current());
  QVERIFY(place);
  QCOMPARE(document.project().pipeline.find(selection.current())->type, std::string("filter"));
  const QPointF scene = canvas->state().view.toScene(QPointF(drop));
  QVERIFY(std::abs(place->x + canvas::metrics::kCardWidth / 2 - scene.x()) <= 12);
  QVERIFY(std::abs(place->y + canvas::metrics::kCardHeight / 2 - scene.y()) <= 12);
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::CanvasDragTest)
#include "canvas_drag_test.moc"
