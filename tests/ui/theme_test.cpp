// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServer>
#include <QDBusVariant>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/theme_gallery.h"
#include "ui/theme/desktop_scheme.h"
#include "ui/theme/icons.h"
#include "ui/theme/paint.h"
#include "ui/theme/style_sheet.h"

namespace theme = freshet::theme;

namespace {

// A hash in quotes, a colour built from digits or a name, one of Qt's named ones.
const QStringList kColourLiterals{
    QStringLiteral("[\"'(: ]#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})\\b"),
    QStringLiteral("QColor[({]\\s*(0x|\\d|\"|QStringLiteral|QLatin1)"),
    QStringLiteral("(qRgba?|rgba?)\\(\\s*\\d"),
    QStringLiteral(
        "Qt::(dark|light)?(black|white|red|green|blue|cyan|magenta|yellow|gray|Gray)\\b")};

bool hasInk(const QImage& image) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (qAlpha(image.pixel(x, y)) > 100) return true;
  return false;
}

// The settings portal as a desktop offers it.
class Portal final : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

 public:
  uint scheme = 1;

 public Q_SLOTS:
  QDBusVariant Read(const QString&, const QString&) {
    return QDBusVariant(QVariant::fromValue(QDBusVariant(scheme)));
  }

 Q_SIGNALS:
  void SettingChanged(const QString& space, const QString& key, const QDBusVariant& value);
};

}  // namespace

class ThemeTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    QTest::failOnWarning(QRegularExpression(
        QStringLiteral("parse|Unknown property|[Ss]tyle ?sheet|QPainter|QFont|svg|Svg")));
  }

  void styleSheetHasNoPlaceholderLeft() {
    for (const auto* tokens : {&theme::lightTokens(), &theme::darkTokens()}) {
      const QString sheet = theme::styleSheet(*tokens);
      QVERIFY(sheet.contains(tokens->accent.name()));
      QVERIFY2(!sheet.contains(u'@'), qPrintable(sheet.mid(sheet.indexOf(u'@'), 40)));
    }
  }

  void sheetsRenderInBothSchemes_data() {
    QTest::addColumn<theme::Theme::Mode>("mode");
    QTest::addRow("light") << theme::Theme::Mode::Light;
    QTest::addRow("dark") << theme::Theme::Mode::Dark;
  }
  void sheetsRenderInBothSchemes() {
    QFETCH(theme::Theme::Mode, mode);
    theme::Theme look(mode);
    const auto widgets = freshet::uitest::makeWidgetSheet(look);
    const auto icons = freshet::uitest::makeIconSheet(look);
    for (QWidget* sheet : {widgets.get(), icons.get()}) {
      sheet->show();
      const QImage image = sheet->grab().toImage();
      QCOMPARE(image.pixelColor(image.width() - 2, image.height() - 2), look->window);
      const QString directory = qEnvironmentVariable("FRESHET_PICTURES");
      if (!directory.isEmpty())
        QVERIFY(image.save(directory + u'/' + sheet->objectName() + u'-' +
                           QLatin1String(QTest::currentDataTag()) + QStringLiteral(".png")));
    }
  }

  void modeSwitchesEverythingLive() {
    theme::Theme look(theme::Theme::Mode::Light);
    QSignalSpy changed(&look, &theme::Theme::changed);
    look.setMode(theme::Theme::Mode::Dark);
    QCOMPARE(changed.count(), 1);
    QVERIFY(look->isDark());
    QCOMPARE(QApplication::palette().color(QPalette::Window), theme::darkTokens().window);
    QVERIFY(qApp->styleSheet().contains(theme::darkTokens().accent.name()));
    look.setMode(theme::Theme::Mode::Dark);
    QCOMPARE(changed.count(), 1);
  }

  void desktopSchemeFollowsThePortal() {
    QApplication::setPalette(QPalette(Qt::white));
    Portal portal;
    QDBusServer server(QStringLiteral("unix:tmpdir=/tmp"));
    QDBusConnection desktop{QString()};
    connect(&server, &QDBusServer::newConnection, this, [&](const QDBusConnection& peer) {
      desktop = peer;
      desktop.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), &portal,
                             QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals);
    });
    const auto bus = QDBusConnection::connectToPeer(server.address(), QStringLiteral("desktop"));
    QTRY_VERIFY(desktop.isConnected());

    theme::DesktopScheme scheme(bus, {});
    QVERIFY(!scheme.isDark());
    QSignalSpy changed(&scheme, &theme::DesktopScheme::changed);
    QTRY_COMPARE(changed.count(), 1);
    QVERIFY(scheme.isDark());

    const auto space = QStringLiteral("org.freedesktop.appearance");
    const auto key = QStringLiteral("color-scheme");
    Q_EMIT portal.SettingChanged(space, QStringLiteral("contrast"), QDBusVariant(1u));
    Q_EMIT portal.SettingChanged(space, key, QDBusVariant(2u));
    QTRY_COMPARE(changed.count(), 2);
    QVERIFY(!scheme.isDark());
    QDBusConnection::disconnectFromPeer(QStringLiteral("desktop"));
  }

  void withoutABusThePaletteDecides() {
    QPalette dark;
    dark.setColor(QPalette::Window, Qt::black);
    dark.setColor(QPalette::WindowText, Qt::white);
    const QPalette before = QApplication::palette();
    QApplication::setPalette(dark);
    theme::DesktopScheme scheme(QDBusConnection(QStringLiteral("none")));
    QApplication::setPalette(before);
    QVERIFY(scheme.isDark());
  }

  void iconIsDrawn_data() {
    QTest::addColumn<QString>("name");
    for (const QString& name : theme::iconNames()) QTest::addRow("%s", qPrintable(name)) << name;
  }
  void iconIsDrawn() {
    QFETCH(QString, name);
    const QColor ink = theme::lightTokens().accent;
    for (const qreal ratio : {1.0, 2.0}) {
      const QPixmap pixmap = theme::iconPixmap(name, ink, 16, ratio);
      QCOMPARE(pixmap.size(), QSize(16, 16) * ratio);
      const QImage image = pixmap.toImage();
      QVERIFY(hasInk(image));
      for (int x = 0; x < image.width(); ++x)
        if (qAlpha(image.pixel(x, x)) == 255) QCOMPARE(image.pixelColor(x, x), ink);
    }
    QVERIFY(!theme::icon(name, ink, 16).isNull());
  }

  void unknownIconDrawsNothing() {
    QVERIFY(theme::icon(u"no-such-icon", Qt::black, 16).isNull());
    QVERIFY(theme::iconPixmap(u"no-such-icon", Qt::black, 16, 1).isNull());
  }

  void everyFamilyHasItsIcon() {
    for (const auto family : theme::kFamilies) QVERIFY(theme::hasIcon(theme::familyIcon(family)));
  }

  void everyIconThatASpecNamesExists() {
    const QRegularExpression naming(QStringLiteral("\\bicon( = |\\()\"([^\"]+)\""));
    int named = 0;
    for (const auto* room : {"/core/nodes", "/plugins"}) {
      QDirIterator files(QStringLiteral(FRESHET_SOURCE_DIR) + QLatin1String(room),
                         {QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
      while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString source = QString::fromUtf8(file.readAll());
        for (const auto& found : naming.globalMatch(source)) {
          const QString icon = found.captured(2);
          QVERIFY2(theme::hasIcon(icon), qPrintable(file.fileName() + u' ' + icon));
          ++named;
        }
      }
    }
    QVERIFY(named > 0);
  }

  void everyStateHasItsShape() {
    QList<QImage> seen;
    for (const auto state : {theme::State::Stopped, theme::State::Starting, theme::State::Running,
                             theme::State::Warning, theme::State::Error, theme::State::Paused}) {
      QImage image(16, 16, QImage::Format_ARGB32);
      image.fill(Qt::transparent);
      QPainter painter(&image);
      theme::drawStateMark(painter, state, image.rect(), theme::lightTokens());
      painter.end();
      QVERIFY(hasInk(image));
      // Shape alone tells them apart.
      const QImage shape = image.convertToFormat(QImage::Format_Alpha8);
      QVERIFY(!seen.contains(shape));
      seen.append(shape);
    }
  }

  void onlyTheThemeNamesColours() {
    const QRegularExpression literal(kColourLiterals.join(u'|'));
    QDirIterator files(QStringLiteral(FRESHET_SOURCE_DIR "/ui"),
                       {QStringLiteral("*.cpp"), QStringLiteral("*.h"), QStringLiteral("*.qss")},
                       QDir::Files, QDirIterator::Subdirectories);
    int scanned = 0;
    while (files.hasNext()) {
      const QString path = files.next();
      if (path.contains(QStringLiteral("/ui/theme/"))) continue;
      QFile file(path);
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QString source = QString::fromUtf8(file.readAll());
      const auto found = literal.match(source);
      QVERIFY2(!found.hasMatch(), qPrintable(path + QStringLiteral(": ") + found.captured()));
      ++scanned;
    }
    QVERIFY(scanned > 10);
  }
};

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
