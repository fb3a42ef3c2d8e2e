// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/canvas_fixture.h"
#include "ui/palette/palette_panel.h"
#include "ui/palette/palette_rail.h"

namespace freshet::uitest {

class PaletteTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void familiesStandInOrderWithCounts();
  void searchNarrowsAndEnterChooses();
  void aHeaderFoldsItsFamily();
  void aStepCarriesItsTypeAway();
  void sizesAreTheDesigns();
  void theRailOpensOneFamilyOverTheWindow();
  void draw();
};

void PaletteTest::familiesStandInOrderWithCounts() {
  theme::Theme theme(theme::Theme::Mode::Light);
  const spec::SpecCatalog catalog = catalogOfTheExample();
  palette::PalettePanel panel(catalog, theme);
  QAbstractItemModelTester tester(panel.list()->model());
  QStringList headers;
  int steps = 0;
  for (int i = 0; i < panel.rows().rowCount(); ++i) {
    const bridge::StepRow& row = panel.rows().row(i);
    if (row.isHeader)
      headers << QStringLiteral("%1 %2").arg(row.title).arg(row.count);
    else
      ++steps;
  }
  QCOMPARE(headers.join(u','),
           QStringLiteral("Source 2,Enrich 1,Score 1,Template 1,Route 5,Sink 2"));
  QCOMPARE(steps, static_cast<int>(catalog.all().size()));
}

void PaletteTest::searchNarrowsAndEnterChooses() {
  theme::Theme theme(theme::Theme::Mode::Light);
  const spec::SpecCatalog catalog = catalogOfTheExample();
  palette::PalettePanel panel(catalog, theme);
  QAbstractItemModelTester tester(panel.list()->model());
  QSignalSpy chosen(&panel, &palette::PalettePanel::chosen);
  auto* field = panel.findChild<QLineEdit*>();
  QTest::keyClicks(field, QStringLiteral("mail"));
  QCOMPARE(panel.rows().row(0).key, std::string("email.render"));
  QTest::keyClick(field, Qt::Key_Return);
  QCOMPARE(chosen.count(), 1);
  field->clear();
  QCOMPARE(panel.rows().rowCount(), static_cast<int>(catalog.all().size()) + 6);
}

void PaletteTest::aHeaderFoldsItsFamily() {
  theme::Theme theme(theme::Theme::Mode::Light);
  const spec::SpecCatalog catalog = catalogOfTheExample();
  palette::PalettePanel panel(catalog, theme);
  panel.resize(248, 700);
  panel.show();
  const int before = panel.rows().rowCount();
  const QRect header = panel.list()->visualRect(panel.list()->model()->index(0, 0));
  QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {}, header.center());
  QCOMPARE(panel.rows().rowCount(), before - 2);
  QCOMPARE(panel.collapsed(), std::set<theme::Family>{theme::Family::Source});
}

void PaletteTest::aStepCarriesItsTypeAway() {
  theme::Theme theme(theme::Theme::Mode::Light);
  const spec::SpecCatalog catalog = catalogOfTheExample();
  palette::PalettePanel panel(catalog, theme);
  const QModelIndex step = panel.list()->model()->index(1, 0);
  const std::unique_ptr<QMimeData> data(panel.list()->model()->mimeData({step}));
  QCOMPARE(data->data(QString::fromLatin1(bridge::kNodeMime)).toStdString(),
           panel.rows().row(1).key);
}

void PaletteTest::sizesAreTheDesigns() {
  theme::Theme theme(theme::Theme::Mode::Light);
  const spec::SpecCatalog catalog = catalogOfTheExample();
  palette::PalettePanel panel(catalog, theme);
  QCOMPARE(panel.sizeHint().width(), 248);
  panel.resize(248, 700);
  panel.show();
  const QAbstractItemModel* rows = panel.list()->model();
  QCOMPARE(panel.list()->visualRect(rows->index(0, 0)).height(), 28);
  QCOMPARE(panel.list()->visualRect(rows->index(1, 0)).height(), 32);
  palette::PaletteRail rail(catalog, theme);
  rail.resize(rail.sizeHint());
  rail.show();
  QCOMPARE(rail.width(), 48);
  const QList<palette::RailButton*> tiles = rail.findChildren<palette::RailButton*>();
  QCOMPARE(tiles.size(), 7);  // search and the six families there are types of
  for (const palette::RailButton* tile : tiles) QCOMPARE(tile->size(), QSize(32, 32));
  QCOMPARE(tiles[2]->y() - tiles[1]->geometry().bottom() - 1, 8);
}

void PaletteTest::theRailOpensOneFamilyOverTheWindow() {
  theme::Theme theme(theme::Theme::Mode::Light);
  const spec::SpecCatalog catalog = catalogOfTheExample();
  QWidget window;
  window.resize(800, 600);
  palette::PaletteRail rail(catalog, theme, &window);
  rail.setGeometry(0, 0, 48, 600);
  window.show();
  QSignalSpy chosen(&rail, &palette::PaletteRail::chosen);
  rail.open(theme::Family::Sink);
  QVERIFY(rail.list());
  QCOMPARE(rail.list()->rows().rowCount(), 3);
  QVERIFY(window.rect().contains(rail.list()->parentWidget()->geometry()));
  QListView* list = rail.list()->list();
  list->setCurrentIndex(list->model()->index(1, 0));
  QTest::keyClick(list, Qt::Key_Return);
  QCOMPARE(chosen.count(), 1);
  QVERIFY(!rail.list());
  rail.open(std::nullopt);
  QTest::mouseClick(&window, Qt::LeftButton, {}, QPoint(700, 500));
  QVERIFY(!rail.list());
}

void PaletteTest::draw() {
  const QString folder = qEnvironmentVariable("FRESHET_GALLERY", QStringLiteral("."));
  for (const bool isDark : {false, true}) {
    theme::Theme theme(isDark ? theme::Theme::Mode::Dark : theme::Theme::Mode::Light);
    const spec::SpecCatalog catalog = catalogOfTheExample();
    QWidget window;
    window.resize(720, 640);
    palette::PaletteRail rail(catalog, theme, &window);
    rail.setGeometry(0, 0, 48, 640);
    palette::PalettePanel panel(catalog, theme, &window);
    panel.setGeometry(440, 0, 248, 640);
    window.show();
    rail.open(theme::Family::Route);
    const QString scheme = isDark ? QStringLiteral("dark") : QStringLiteral("light");
    QVERIFY(window.grab().save(QStringLiteral("%1/palette_%2.png").arg(folder, scheme)));
  }
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::PaletteTest)
#include "palette_test.moc"
