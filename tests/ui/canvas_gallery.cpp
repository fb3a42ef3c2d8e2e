// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the example as the design's pictures show it and writes what a person should look at into
// FRESHET_GALLERY (or the working folder). Holds what can be counted.
#include <QTest>

#include "tests/ui/canvas_fixture.h"

namespace freshet::uitest {

class CanvasGallery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void firstView_data();
  void firstView();
};

void CanvasGallery::firstView_data() {
  QTest::addColumn<bool>("isDark");
  QTest::newRow("light") << false;
  QTest::newRow("dark") << true;
}

void CanvasGallery::firstView() {
  QFETCH(bool, isDark);
  const QString folder = qEnvironmentVariable("FRESHET_GALLERY", QStringLiteral("."));
  const QString scheme = isDark ? QStringLiteral("dark") : QStringLiteral("light");
  CanvasFixture fixture(exampleProject(),
                        isDark ? theme::Theme::Mode::Dark : theme::Theme::Mode::Light);
  QTRY_VERIFY(fixture.document.isLintCurrent());
  for (const pipeline::Diagnostic& found : fixture.document.diagnostics())
    QVERIFY2(found.severity != pipeline::Severity::Error, found.text().c_str());
  fixture.canvas.setLive(runningNumbers(fixture.document.project()));
  fixture.selection.selectNode("basket-reminder");
  const auto write = [&](const QString& name) {
    const QImage image = fixture.canvas.grab().toImage();
    QVERIFY(image.save(QStringLiteral("%1/canvas_%2_%3.png").arg(folder, name, scheme)));
  };
  write(QStringLiteral("fit"));
  QCOMPARE(std::lround(fixture.canvas.zoom() * 100), 46l);
  QVERIFY(!fixture.canvas.state().isMinimapShown());

  fixture.selection.selectNode("who-gets-a-reminder");
  fixture.canvas.resize(1332, 722);
  fixture.canvas.zoomToFull();
  fixture.canvas.reveal("outbox");
  fixture.canvas.reveal("customer-profile");
  write(QStringLiteral("full"));
  QVERIFY(fixture.canvas.state().isMinimapShown());

  fixture.canvas.zoomTo(0.32, QPointF(600, 300));
  write(QStringLiteral("icons"));
  fixture.canvas.zoomTo(0.16, QPointF(600, 300));
  write(QStringLiteral("blocks"));
  fixture.canvas.zoomTo(0.72, QPointF(600, 300));
  write(QStringLiteral("small"));
  fixture.canvas.setLive({});
  write(QStringLiteral("stopped"));
  fixture.document.open(emptyProject());
  write(QStringLiteral("empty"));
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::CanvasGallery)
#include "canvas_gallery.moc"
