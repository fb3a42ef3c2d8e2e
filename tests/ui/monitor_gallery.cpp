// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the Live tab as the design's pictures show it and writes what a person should look at into
// FRESHET_GALLERY (or the working folder).
#include <QTest>

#include "tests/ui/monitor_fixture.h"
#include "ui/monitor/latency_card.h"
#include "ui/monitor/time_chart.h"

namespace freshet::uitest {

class MonitorGallery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void liveTab_data();
  void liveTab();
};

void MonitorGallery::liveTab_data() {
  QTest::addColumn<bool>("isDark");
  QTest::newRow("light") << false;
  QTest::newRow("dark") << true;
}

void MonitorGallery::liveTab() {
  QFETCH(bool, isDark);
  const QString folder = qEnvironmentVariable("FRESHET_GALLERY", QStringLiteral("."));
  const QString scheme = isDark ? QStringLiteral("dark") : QStringLiteral("light");
  LiveFixture fixture(isDark ? theme::Theme::Mode::Dark : theme::Theme::Mode::Light);
  const auto write = [&](const QString& name) {
    QCoreApplication::processEvents();
    const QImage image = fixture.panel.grab().toImage();
    QVERIFY(image.save(QStringLiteral("%1/live_%2_%3.png").arg(folder, name, scheme)));
    fixture.tabs.adjustSize();
    const QImage corner = fixture.tabs.grab().toImage();
    QVERIFY(corner.save(QStringLiteral("%1/live_corner_%2_%3.png").arg(folder, name, scheme)));
  };
  write(QStringLiteral("empty"));
  for (int i = 0; i < 8; ++i) fixture.tick(4, 0, 3);
  write(QStringLiteral("young"));
  fixture.playPictures();
  write(QStringLiteral("run"));
  auto& chart = fixture.panel.findChild<monitor::LatencyCard*>()->chart();
  Q_EMIT chart.hovered(fixture.host.numbers.atMs - 90'000);
  write(QStringLiteral("crosshair"));
  Q_EMIT chart.left();
  for (int i = 0; i < 50; ++i) fixture.tick(1, 0, 0);
  write(QStringLiteral("silent"));
  fixture.panel.resize(1332, 198);
  write(QStringLiteral("wide"));
  fixture.panel.resize(568, 198);
  write(QStringLiteral("narrow"));
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::MonitorGallery)
#include "monitor_gallery.moc"
