// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QFile>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>

#include "ui/theme/fonts.h"
#include "ui/theme/numbers.h"

namespace theme = freshet::theme;
using theme::TextRole;

class ThemeFontsTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { theme::loadFonts(); }

  void embeddedFilesResolve() {
    QVERIFY(theme::loadFonts().sans.contains(QStringLiteral("Inter")));
    QVERIFY(theme::loadFonts().mono.contains(QStringLiteral("JetBrains Mono")));
  }

  void licencesAreEmbedded_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* file, const char* says) {
      QTest::addRow("%s", file) << QStringLiteral(":/freshet/fonts/") + QLatin1String(file)
                                << QByteArray(says);
    };
    row("Inter-licence.txt", "Open Font License");
    row("JetBrainsMono-licence.txt", "Apache License");
    row("Apache-2.0.txt", "Version 2.0");
  }
  void licencesAreEmbedded() {
    QFETCH(QString, file);
    QFETCH(QByteArray, says);
    QFile licence(file);
    QVERIFY(licence.open(QIODevice::ReadOnly));
    QVERIFY(licence.readAll().contains(says));
  }

  void roleHasItsSize_data() {
    QTest::addColumn<TextRole>("role");
    QTest::addColumn<int>("pixels");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("weight");
    QTest::addColumn<QString>("family");
    const auto sans = QStringLiteral("Inter");
    const auto mono = QStringLiteral("JetBrains Mono");
    QTest::addRow("meta") << TextRole::Meta << 11 << 16 << 400 << sans;
    QTest::addRow("label") << TextRole::Label << 12 << 16 << 400 << sans;
    QTest::addRow("card title") << TextRole::LabelStrong << 12 << 16 << 600 << sans;
    QTest::addRow("body") << TextRole::Body << 13 << 20 << 400 << sans;
    QTest::addRow("button") << TextRole::BodyMedium << 13 << 20 << 500 << sans;
    QTest::addRow("bar title") << TextRole::Title << 14 << 20 << 600 << sans;
    QTest::addRow("inspector title") << TextRole::Heading << 15 << 20 << 600 << sans;
    QTest::addRow("chart value") << TextRole::Figure << 17 << 24 << 600 << sans;
    QTest::addRow("welcome") << TextRole::Display << 22 << 28 << 600 << sans;
    QTest::addRow("small mono") << TextRole::MonoSmall << 11 << 16 << 400 << mono;
    QTest::addRow("code") << TextRole::Mono << 12 << 20 << 400 << mono;
    QTest::addRow("strong code") << TextRole::MonoMedium << 12 << 20 << 500 << mono;
  }
  void roleHasItsSize() {
    QFETCH(TextRole, role);
    QFETCH(int, pixels);
    QFETCH(int, line);
    QFETCH(int, weight);
    QFETCH(QString, family);
    const QFontInfo got(theme::font(role));
    QCOMPARE(got.pixelSize(), pixels);
    QCOMPARE(got.weight(), weight);
    QCOMPARE(got.family(), family);
    QCOMPARE(theme::lineHeight(role), line);
  }

  void weightsAreDrawnDifferently() {
    const QString word = QStringLiteral("Basket reminder");
    const QFontMetricsF body(theme::font(TextRole::Body));
    const QFontMetricsF medium(theme::font(TextRole::BodyMedium));
    const QFontMetricsF strong(theme::font(TextRole::BodyStrong));
    QVERIFY(body.horizontalAdvance(word) < medium.horizontalAdvance(word));
    QVERIFY(medium.horizontalAdvance(word) < strong.horizontalAdvance(word));
  }

  void digitsHaveEqualCells() {
    const QFont font = theme::font(TextRole::Meta);
    QVERIFY(QFontMetricsF(font).horizontalAdvance(u'1') <
            QFontMetricsF(font).horizontalAdvance(u'8'));
    QCOMPARE(theme::numberWidth(QStringLiteral("11.1k/s"), font),
             theme::numberWidth(QStringLiteral("88.8k/s"), font));
  }

  void numberIsDrawnWhereAsked() {
    QImage image(100, 20, QImage::Format_ARGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setFont(theme::font(TextRole::Meta));
    theme::drawNumber(painter, QRectF(0, 0, 100, 20), Qt::AlignRight | Qt::AlignVCenter,
                      QStringLiteral("888"));
    painter.end();
    const qreal left = 100 - theme::numberWidth(QStringLiteral("888"), theme::font(TextRole::Meta));
    bool isInkOnTheRight = false;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) {
        const bool isInk = image.pixelColor(x, y).lightness() < 160;
        QVERIFY(!isInk || x >= qFloor(left));
        isInkOnTheRight |= isInk;
      }
    QVERIFY(isInkOnTheRight);
  }

  void numbersAreShort_data() {
    QTest::addColumn<QString>("got");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const QString& got, const char* wanted) {
      QTest::addRow("%s", wanted) << got << QString::fromUtf8(wanted);
    };
    row(theme::shortNumber(0), "0");
    row(theme::shortNumber(0.93), "0.9");
    row(theme::shortNumber(0.04), "0.04");
    row(theme::shortNumber(39.8), "39.8");
    row(theme::shortNumber(40), "40");
    row(theme::shortNumber(412.6), "413");
    row(theme::shortNumber(999.7), "1k");
    row(theme::shortNumber(12400), "12.4k");
    row(theme::shortNumber(1.24e6), "1.2M");
    row(theme::groupedNumber(412), "412");
    row(theme::groupedNumber(12400), "12\u2009400");
    row(theme::groupedNumber(-1234567), "-1\u2009234\u2009567");
    row(theme::shortMilliseconds(0), "0 ms");
    row(theme::shortMilliseconds(0.04), "<0.1 ms");
    row(theme::shortMilliseconds(3.14), "3.1 ms");
    row(theme::shortMilliseconds(1240), "1.2 s");
    row(theme::shortPercent(0.006), "0.6 %");
    row(theme::shortPercent(0.0004), "<0.1 %");
    row(theme::shortPercent(1), "100 %");
  }
  void numbersAreShort() {
    QFETCH(QString, got);
    QFETCH(QString, wanted);
    QCOMPARE(got, wanted);
  }
};

// Without the machine's own fonts: what resolves here came out of the executable.
int main(int argc, char** argv) {
  QTemporaryDir dir;
  const QString path = dir.filePath(QStringLiteral("fonts.conf"));
  QFile config(path);
  if (!config.open(QIODevice::WriteOnly)) return 1;
  config.write("<fontconfig><cachedir>" + dir.path().toUtf8() + "</cachedir></fontconfig>");
  config.close();
  qputenv("FONTCONFIG_FILE", path.toUtf8());
  QApplication app(argc, argv);
  ThemeFontsTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "theme_fonts_test.moc"
