// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QLineEdit>
#include <QPainter>
#include <QTabBar>
#include <QTest>
#include <algorithm>

#include "tests/ui/shell_fixture.h"
#include "ui/canvas/canvas_widget.h"
#include "ui/shell/run_control.h"
#include "ui/widgets/hint_bar.h"

using namespace freshet;
using namespace freshet::uitest;
using theme::Family;
using theme::Tokens;

namespace {

// Four pixels a logical one: thin strokes and letters reach their full colour somewhere.
constexpr int kScale = 4;

QImage pictureOf(QWidget& widget) {
  QImage image(widget.size() * kScale, QImage::Format_RGB32);
  image.setDevicePixelRatio(kScale);
  // With what lies below it: labels have no ground of their own.
  QWidget* window = widget.window();
  window->render(&image, {}, QRect(widget.mapTo(window, QPoint()), widget.size()));
  return image;
}

qsizetype count(const QImage& image, const QColor& color) {
  qsizetype found = 0;
  for (int y = 0; y < image.height(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
    found += std::count(line, line + image.width(), color.rgb());
  }
  return found;
}

QColor at(const QImage& image, QPoint logical) {
  return image.pixelColor(logical * kScale + QPoint(1, 1));
}

}  // namespace

// What C 4.3 of the design says of colours, read from the window's pixels in both themes.
class ShellColorsTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bars_data() { themes(); }
  void bars();
  void docks_data() { themes(); }
  void docks();
  void buttonsChipsAndFields_data() { themes(); }
  void buttonsChipsAndFields();
  void paletteAndCards_data() { themes(); }
  void paletteAndCards();
  void emailDock_data() { themes(); }
  void emailDock();

 private:
  static void themes() {
    QTest::addColumn<int>("mode");
    QTest::newRow("light") << static_cast<int>(theme::Theme::Mode::Light);
    QTest::newRow("dark") << static_cast<int>(theme::Theme::Mode::Dark);
  }
  // `ground` fills at least a third, `inks` are there.
  static void paints(QWidget* widget, const QColor& ground, const std::vector<QColor>& inks) {
    QVERIFY(widget && widget->isVisible());
    const QImage image = pictureOf(*widget);
    const double share = double(count(image, ground)) / (double(image.width()) * image.height());
    QVERIFY2(share > 0.33, qPrintable(QStringLiteral("%1: %2 covers %3 %")
                                          .arg(widget->objectName(), ground.name())
                                          .arg(qRound(share * 100))));
    for (const QColor& ink : inks)
      QVERIFY2(count(image, ink) >= 8,
               qPrintable(widget->objectName() + QStringLiteral(" has no ") + ink.name()));
  }
};

void ShellColorsTest::bars() {
  QFETCH(int, mode);
  WindowFixture f({1920, 1080}, static_cast<theme::Theme::Mode>(mode));
  const Tokens& t = f.theme.tokens();
  paints(f.child<QWidget>("toolBar"), t.surface, {t.border, t.accent});
  const QImage bar = pictureOf(*f.child<QWidget>("toolBar"));
  QCOMPARE(at(bar, {400, 47}), t.border);
  QCOMPARE(at(bar, {400, 2}), t.surface);
  paints(f.child<QWidget>("projectName"), t.surface, {t.text});
  paints(f.child<QWidget>("savedState"), t.surface, {t.text3});
  paints(f.child<QWidget>("statusLine"), t.surface, {});
  paints(f.child<QWidget>("runSentence"), t.surface, {t.text2});
  paints(f.child<QWidget>("zoom"), t.surface, {t.text2});
  QCOMPARE(at(pictureOf(f.window), {900, 1080 - 27}), t.border);
}

void ShellColorsTest::docks() {
  QFETCH(int, mode);
  WindowFixture f({1920, 1080}, static_cast<theme::Theme::Mode>(mode));
  const Tokens& t = f.theme.tokens();
  f.window.context().selection().selectNode("basket-left");
  paints(f.child<QWidget>("inspector"), t.surface, {t.text, t.text2, t.text3, t.borderStrong});
  paints(f.child<QWidget>("stepTitle"), t.surface, {t.text});
  paints(f.child<QWidget>("stepType"), t.surface, {t.text3});
  const QImage right = pictureOf(*f.child<QWidget>("rightDock"));
  QCOMPARE(at(right, {0, 300}), t.border);
  f.window.showPanel(QStringLiteral("live"));
  const QImage bottom = pictureOf(*f.child<QWidget>("bottomDock"));
  QCOMPARE(at(bottom, {700, 0}), t.border);
  QCOMPARE(at(bottom, {700, 20}), t.surface);  // the bar of the tabs
  QCOMPARE(at(bottom, {4, 60}), t.window);     // what the cards lie on
  auto* tabs = f.child<QWidget>("bottomDock")->findChild<QTabBar*>();
  paints(tabs, t.surface, {t.accent, t.text2});
  f.host.now.state = host::RunState::Running;
  for (int second = 1; second < 4; ++second) {
    f.host.seen.atMs = second * 1'000;
    f.host.seen.in = f.host.seen.out = static_cast<std::uint64_t>(second) * 40;
    f.window.host().poll();
  }
  for (const char* card : {"latencyCard", "errorsCard", "slowestCard"})
    paints(f.child<QWidget>(card), t.surface, {t.text, t.border});
}

void ShellColorsTest::buttonsChipsAndFields() {
  QFETCH(int, mode);
  WindowFixture f({1920, 1080}, static_cast<theme::Theme::Mode>(mode));
  const Tokens& t = f.theme.tokens();
  paints(f.child<QWidget>("runButton"), t.accent, {t.onAccent});
  paints(f.child<QWidget>("runMode"), t.surface, {t.text, t.border});
  paints(f.child<QWidget>("environmentChip"), t.ok.soft, {t.ok.foreground});
  paints(f.child<QWidget>("search"), t.window, {t.border, t.text3});
  f.window.run().setDryRun(true);
  paints(f.child<QWidget>("environmentChip"), t.accentSoft, {t.accent});
  const QImage line = pictureOf(*f.child<QWidget>("environmentLine"));
  QVERIFY(count(line, t.accent) > 100 && count(line, t.accentSoft) > 100);
  f.window.context().selection().selectNode("basket-left");
  QLineEdit* field = nullptr;
  for (auto* each : f.child<QWidget>("inspector")->findChildren<QLineEdit*>())
    if (!field && each->isVisible() && each->isEnabled() && !each->text().isEmpty() &&
        !each->property("frameless").toBool())
      field = each;
  QVERIFY(field);
  paints(field, t.surface, {t.borderStrong, t.text});
  field->setFocus();
  paints(field, t.surface, {t.accent});
  f.window.context().noticed({QStringLiteral("A notice."), QStringLiteral("Show"), {}, {}});
  paints(f.child<QWidget>("hint"), t.raised, {t.text, t.accent});
}

void ShellColorsTest::paletteAndCards() {
  QFETCH(int, mode);
  WindowFixture f({1920, 1080}, static_cast<theme::Theme::Mode>(mode));
  const Tokens& t = f.theme.tokens();
  std::vector<QColor> inks{t.text, t.text2};
  for (const Family family : {Family::Source, Family::Enrich, Family::Score, Family::Template,
                              Family::Route, Family::Sink}) {
    inks.push_back(t.family(family).foreground);
    inks.push_back(t.family(family).soft);
  }
  paints(f.child<QWidget>("palette"), t.surface, inks);
  auto* canvas = f.window.findChild<canvas::CanvasWidget*>();
  paints(canvas, t.canvas,
         {t.raised, t.border, t.borderStrong, t.text, t.window, t.family(Family::Test).soft,
          t.family(Family::Test).foreground});
  QAccessibleInterface* graph = QAccessible::queryAccessibleInterface(canvas);
  QVERIFY(graph && graph->childCount() >= 11);
  const QImage drawn = pictureOf(*canvas);
  for (int i = 0; i < 11; ++i) {
    const QRect card(canvas->mapFromGlobal(graph->child(i)->rect().topLeft()),
                     graph->child(i)->rect().size());
    const QImage one = drawn.copy(QRect(card.topLeft() * kScale, card.size() * kScale));
    const QString name = graph->child(i)->text(QAccessible::Name);
    QVERIFY2(count(one, t.raised) > one.width() * one.height() / 4, qPrintable(name));
    QVERIFY2(count(one, t.text) > 8, qPrintable(name));
  }
  canvas->zoomToFull();
  QTRY_COMPARE(canvas->zoom(), 1.0);
  QCOMPARE(graph->child(0)->rect().size(), QSize(232, 104));
  paints(canvas, t.canvas, {t.raised, t.border, t.text, t.text3});
}

void ShellColorsTest::emailDock() {
  QFETCH(int, mode);
  WindowFixture f({1440, 900}, static_cast<theme::Theme::Mode>(mode));
  const Tokens& t = f.theme.tokens();
  f.window.setDemo(true);
  f.window.context().selection().selectNode("basket-reminder");
  QCOMPARE(f.child<QWidget>("rightDock")->width(), 408);
  QCOMPARE(f.child<QWidget>("palette")->width(), 48);
  QCOMPARE(f.child<QWidget>("emailHeader")->height(), 56);
  QCOMPARE(f.child<QWidget>("personRow")->height(), 44);
  QCOMPARE(f.child<QWidget>("inboxRow")->height(), 80);
  // The studio has a phone of its own.
  auto* phone = f.child<QWidget>("rightDock")->findChild<QWidget*>(QStringLiteral("phone"));
  QCOMPARE(phone->width(), 377);
  paints(f.child<QWidget>("emailHeader"), t.surface,
         {t.text, t.text3, t.border, t.family(Family::Template).soft,
          t.family(Family::Template).foreground});
  paints(f.child<QWidget>("editText"), t.surface, {t.text, t.border});
  paints(f.child<QWidget>("inboxRow"), t.surface, {t.border});
  QTRY_VERIFY(count(pictureOf(*f.child<QWidget>("inboxRow")), t.text) > 8);
  // An email stays light in both themes.
  QTRY_VERIFY(count(pictureOf(*phone), QColor(0xF3F1EC)) > 100);
}

QTEST_MAIN(ShellColorsTest)
#include "shell_colors_test.moc"
