// SPDX-License-Identifier: GPL-3.0-or-later
// The first minute, as the script of the demo has it, on a clock of its own.
#include <QDesktopServices>
#include <QListView>
#include <QPushButton>
#include <QTest>
#include <QUrl>

#include "tests/ui/shell_fixture.h"
#include "ui/shell/bottom_dock.h"
#include "ui/widgets/hint_bar.h"

namespace freshet::uitest {
namespace {

constexpr const char* kMails = "basket-reminder -> outbox";

struct Minute : WindowFixture {
  Minute() {
    window.setDemo(true);
    host.now.state = host::RunState::Running;
    host.seen.atMs = 1'000'000;
    tick(0);
  }
  void tick(TimeMs milliseconds) {
    host.seen.atMs += milliseconds;
    window.host().poll();
  }
  void makeEmails(std::uint64_t count) {
    metrics::NodeMetrics node;
    node.node = "basket-reminder";
    node.in = node.out = count;
    host.seen.nodes = {node};
    host::TappedRecord made = basketRecord(1, "Zoë", 129);
    made.sections = record::OwnedValue::fromJson(
                        R"({"profile":{"name":"Zoë de Vries"},"email":{"html":"<p>Zoë</p>"}})")
                        .value();
    host.passed[kMails] = {made};
  }
  void loseCurrency(int count) {
    for (int i = 1; i <= count; ++i) {
      host::DeadLetter letter;
      letter.id = i;
      letter.node = "check-events";
      letter.code = "E-2101";
      letter.message = "properties.currency is missing";
      letter.atMs = host.seen.atMs;
      letter.bytes = R"({"event":"add_to_cart","userId":"u77"})";
      host.letters.push_back(letter);
    }
    host.seen.errors = host.seen.dead = static_cast<std::uint64_t>(count);
  }
  widgets::HintBar* hint() {
    // One that goes is still there until the event loop turns.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    return child<widgets::HintBar>("hint");
  }
  QString words() { return hint() ? hint()->accessibleName() : QString(); }
  void close() { QTest::mouseClick(child<QPushButton>("hintClose"), Qt::LeftButton); }
};

}  // namespace

class ShellHintsTest final : public QObject {
  Q_OBJECT

 public Q_SLOTS:
  void keepUrl(const QUrl& url) { m_url = url; }

 private Q_SLOTS:
  void theScriptInItsOrder();
  void aHintGivesWayToTheNext();
  void eachIsShownOnce();
  void keptEventsAreShown();
  void noScriptWithoutADemo();

 private:
  QUrl m_url;
};

void ShellHintsTest::theScriptInItsOrder() {
  Minute f;
  QVERIFY(!f.hint());
  f.makeEmails(1);
  f.tick(5'000);
  f.tick(500);
  QTRY_VERIFY2(f.words().contains(QStringLiteral("Zoë")), qPrintable(f.words()));
  QCOMPARE(f.window.context().selection().current(), std::string("basket-reminder"));
  f.close();
  f.tick(5'000);
  QVERIFY(!f.hint());
  f.tick(10'000);
  QVERIFY2(f.words().contains(QStringLiteral("follows each key")), qPrintable(f.words()));
  QTest::mouseClick(f.child<QPushButton>("hintAction"), Qt::LeftButton);
  QVERIFY(f.child<QWidget>("studio")->isVisible());
  // Over the studio nothing is shown; what fell due meanwhile comes behind it.
  f.tick(40'000);
  QVERIFY(!f.hint());
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
  f.tick(500);
  QVERIFY2(f.words().contains(QStringLiteral("your shop page")), qPrintable(f.words()));
  QDesktopServices::setUrlHandler(QStringLiteral("http"), this, "keepUrl");
  QTest::mouseClick(f.child<QPushButton>("hintAction"), Qt::LeftButton);
  QDesktopServices::unsetUrlHandler(QStringLiteral("http"));
  QCOMPARE(m_url, QUrl(QStringLiteral("http://127.0.0.1:7410/shop")));
  f.tick(500);
  QVERIFY(!f.hint());
}

void ShellHintsTest::aHintGivesWayToTheNext() {
  Minute f;
  f.makeEmails(1);
  f.tick(15'000);
  f.tick(500);
  QTRY_VERIFY(f.words().contains(QStringLiteral("Zoë")));
  f.tick(5'000);
  QVERIFY2(f.words().contains(QStringLiteral("Zoë")), "it has not been there for long");
  f.tick(4'000);
  QTRY_VERIFY2(f.words().contains(QStringLiteral("follows each key")), qPrintable(f.words()));
}

void ShellHintsTest::eachIsShownOnce() {
  Minute f;
  f.tick(56'000);
  f.tick(500);
  QVERIFY(f.words().contains(QStringLiteral("your shop page")));
  f.close();
  f.tick(60'000);
  QVERIFY(!f.hint());
}

void ShellHintsTest::keptEventsAreShown() {
  Minute f;
  f.loseCurrency(20);
  f.tick(500);
  QTRY_VERIFY2(
      f.words().startsWith(QStringLiteral("Some events lacked a currency. They are kept.")),
      qPrintable(f.words()));
  QTest::mouseClick(f.child<QPushButton>("hintAction"), Qt::LeftButton);
  QCOMPARE(f.child<shell::BottomDock>("bottomDock")->current(), QStringLiteral("problems"));
  auto* list = f.child<QListView>("problemList");
  QVERIFY(list->isVisible());
  QCOMPARE(list->currentIndex().data().toString(),
           QStringLiteral("properties.currency is missing"));
  QVERIFY(list->currentIndex().data(Qt::ToolTipRole).toString().contains(QStringLiteral("u77")));
}

void ShellHintsTest::noScriptWithoutADemo() {
  Minute f;
  f.window.setDemo(false);
  f.makeEmails(1);
  f.tick(60'000);
  f.tick(60'000);
  QVERIFY(!f.hint());
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::ShellHintsTest)
#include "shell_hints_test.moc"
