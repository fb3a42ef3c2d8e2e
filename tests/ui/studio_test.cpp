// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QUndoStack>
#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "tests/ui/shell_fixture.h"
#include "ui/canvas/canvas_widget.h"
#include "ui/shell/run_control.h"
#include "ui/studio/email_list.h"
#include "ui/studio/error_strip.h"
#include "ui/studio/file_tabs.h"
#include "ui/studio/mail_view.h"
#include "ui/studio/studio_panel.h"
#include "ui/studio/template_colors.h"
#include "ui/studio/template_editor.h"
#include "ui/widgets/label.h"

using namespace freshet;
using namespace freshet::uitest;
using studio::TemplateEditor;

namespace {

const std::string kHtml = "templates/basket_reminder.liquid";
constexpr const char* kGreeting = "your basket is still here";

// The window with the studio open on the example's reminder, and its first e-mail drawn.
struct Studio : WindowFixture {
  explicit Studio(theme::Theme::Mode mode = theme::Theme::Mode::Light)
      : WindowFixture({1440, 900}, mode) {
    window.context().selection().selectNode("basket-reminder");
    auto& people = studio::EmailList::of(window.context());
    people.choose(people.size() - 1);
    QTest::mouseClick(child<QWidget>("editText"), Qt::LeftButton);
    panel = window.findChild<studio::StudioPanel*>(QStringLiteral("studio"));
    if (!panel || !QTest::qWaitFor([this] { return isDrawn(); })) qFatal("no preview comes up");
  }
  bool isDrawn() { return panel->isPreviewCurrent() && !desktop().isEmpty(); }
  bool settles() {
    return QTest::qWaitFor([this] { return isDrawn(); });
  }
  TemplateEditor& editor() { return *panel->editor(); }
  studio::MailView& desktop() { return *child<studio::MailView>("desktop"); }
  studio::FileTabs& tabs() { return *child<studio::FileTabs>("fileTabs"); }
  QString label(const char* name) { return child<QLabel>(name)->text(); }
  std::string text() { return window.document().text(kHtml); }
  std::string onDisk() {
    std::ifstream in(folder.path().toStdString() + "/abandoned-basket/" + kHtml);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  // Puts the caret behind the first `words`.
  void goBehind(const char* words) {
    const std::size_t at = text().find(words);
    if (at == std::string::npos) qFatal("not in the template: %s", words);
    editor().SendScintilla(QsciScintillaBase::SCI_GOTOPOS,
                           static_cast<unsigned long>(at + std::strlen(words)));
  }
  // keyClicks knows Latin letters only.
  void type(const char* words) {
    for (const QChar letter : QString::fromUtf8(words))
      QTest::sendKeyEvent(QTest::Click, &editor(), Qt::Key_unknown, QString(letter), {});
  }

  studio::StudioPanel* panel;
};

}  // namespace

class StudioTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void editTextOpensTheFilesOfTheStep();
  void doubleClickAndKeysOpenIt();
  void thePreviewFollowsEachKey();
  void aLongMailIsFollowedToo();
  void undoIsTheProjects();
  void pastingOverASelectionIsOneStep();
  void editsElsewhereReachTheEditor();
  void savingWritesTheFileAndClearsTheStar();
  void anErrorKeepsTheLastGoodEmail();
  void lintAndRunSeeTheEditedText();
  void aPartialRedrawsToo();
  void tabsOfThePreview();
  void leavingGivesTheCanvasBack();
  void coloursAreTheTokens_data();
  void coloursAreTheTokens();
};

void StudioTest::editTextOpensTheFilesOfTheStep() {
  Studio f;
  QVERIFY(f.panel->isVisible());
  QVERIFY(!f.child<QWidget>("canvas")->isVisible());
  QVERIFY(!f.child<QWidget>("rightDock")->isVisible());
  QCOMPARE(f.panel->width(), f.window.width());
  QCOMPARE(f.tabs().files().at(0), kHtml);
  QCOMPARE(f.tabs().files().at(1), std::string("templates/basket_reminder.txt.liquid"));
  for (const char* partial : {"band", "button", "footer_en", "money", "preheader", "subject"}) {
    const std::string file = std::string("templates/partials/") + partial + ".liquid";
    QVERIFY2(std::ranges::count(f.tabs().files(), file) == 1, partial);
  }
  QCOMPARE(f.editor().text(), f.onDisk());
  QVERIFY(f.editor().hasFocus());
  QCOMPARE(f.label("crumb"), QStringLiteral("Basket reminder"));
  QCOMPARE(f.label("caret"), QStringLiteral("Line 1, column 1"));
  QVERIFY(!f.child<QWidget>("zoom")->isVisible());
  QCOMPARE(f.tabs().height(), 40);
  for (const char* absent : {"sendTest", "completion"}) QVERIFY(!f.child<QWidget>(absent));
}

void StudioTest::doubleClickAndKeysOpenIt() {
  WindowFixture f;
  Q_EMIT f.window.context().stepOpened("check-events");
  QVERIFY(!f.child<QWidget>("studio")->isVisible());
  Q_EMIT f.window.context().stepOpened("basket-reminder");
  QVERIFY(f.child<QWidget>("studio")->isVisible());
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
  QVERIFY(!f.child<QWidget>("studio")->isVisible());
  QCOMPARE(QApplication::focusWidget(), f.window.findChild<canvas::CanvasWidget*>());
  QTest::keyClick(&f.window, Qt::Key_E, Qt::ControlModifier);
  QVERIFY(f.child<QWidget>("studio")->isVisible());
}

void StudioTest::thePreviewFollowsEachKey() {
  Studio f;
  f.goBehind("assign headline = '");
  f.goBehind(kGreeting);
  const long top = f.editor().SendScintilla(QsciScintillaBase::SCI_GETFIRSTVISIBLELINE);
  f.desktop().scrollTo(40);
  const int scrolled = f.desktop().top();
  QVERIFY(scrolled > 0);
  for (const char* key : {"!", "?", "."}) {
    const QImage before = f.desktop().grab().toImage();
    const int column = f.editor().column();
    QSignalSpy drawn(&f.desktop(), &studio::MailView::drawn);
    QElapsedTimer since;
    since.start();
    f.type(key);
    QVERIFY(drawn.wait());
    QVERIFY(f.settles());
    qInfo("the preview followed after %lld ms", static_cast<long long>(since.elapsed()));
    QVERIFY2(f.desktop().grab().toImage() != before, key);
    QCOMPARE(f.editor().column(), column + 1);
    QCOMPARE(f.editor().SendScintilla(QsciScintillaBase::SCI_GETFIRSTVISIBLELINE), top);
    QCOMPARE(f.desktop().top(), scrolled);
  }
  QCOMPARE(f.label("caret"),
           QStringLiteral("Line %1, column %2").arg(f.editor().line()).arg(f.editor().column()));
}

void StudioTest::aLongMailIsFollowedToo() {
  Studio f;
  std::string rows;
  while (rows.size() < 100'000)
    rows += "<tr><td class=\"row\">{{ profile.first_name }} looked at this</td></tr>\n";
  const std::size_t at = f.text().find("  <tr><td class=\"sum\">");
  QVERIFY(at != std::string::npos);
  f.window.document().applyText({kHtml, at, "", rows});
  QVERIFY(f.settles());
  f.goBehind(kGreeting);
  QElapsedTimer since;
  since.start();
  f.type("!");
  qInfo("a key in 100 KB took %lld ms", static_cast<long long>(since.elapsed()));
  QVERIFY(f.settles());
  qInfo("and its preview %lld ms", static_cast<long long>(since.elapsed()));
  QVERIFY(f.desktop().contentHeight() > 5'000);
}

void StudioTest::undoIsTheProjects() {
  Studio f;
  const std::string before = f.text();
  f.goBehind(kGreeting);
  f.type(" now");
  QCOMPARE(f.window.document().undoStack().count(), 1);
  QVERIFY(f.window.isWindowModified());
  QVERIFY(f.tabs().isUnsaved(0));
  QVERIFY(f.label("savedState").startsWith(QStringLiteral("Edited")));
  QTest::keyClick(&f.editor(), Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(f.text(), before);
  QCOMPARE(f.editor().text(), before);
  QVERIFY(!f.window.isWindowModified());
  QVERIFY(!f.tabs().isUnsaved(0));
  QTest::keyClick(&f.editor(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  QCOMPARE(f.editor().text(), f.text());
  QVERIFY(f.text() != before);
  // An edit of the graph and one of a text undo in the order they were made.
  f.window.document().apply(
      pipeline::GraphEdit::setTitle(f.window.document().project(), "outbox", "Post"));
  f.goBehind(kGreeting);
  QTest::keyClick(&f.editor(), Qt::Key_Backspace);
  QTest::keyClick(&f.editor(), Qt::Key_Backspace);
  f.window.document().undoStack().undo();
  QCOMPARE(f.window.document().project().pipeline.find("outbox")->title, std::string("Post"));
  f.window.document().undoStack().undo();
  f.window.document().undoStack().undo();
  QCOMPARE(f.editor().text(), before);
}

void StudioTest::pastingOverASelectionIsOneStep() {
  Studio f;
  const std::string before = f.text();
  const std::size_t at = before.find(kGreeting);
  f.editor().SendScintilla(QsciScintillaBase::SCI_SETSEL, static_cast<unsigned long>(at),
                           static_cast<long>(at + 4));
  f.type("h");
  QVERIFY(f.text().find("'h basket is still here") != std::string::npos);
  f.window.document().undoStack().undo();
  QCOMPARE(f.editor().text(), before);
  QCOMPARE(f.window.document().undoStack().index(), 0);
}

void StudioTest::editsElsewhereReachTheEditor() {
  Studio f;
  f.window.document().applyText({kHtml, 0, "", "é\n"});
  QCOMPARE(f.editor().text(), f.text());
  QCOMPARE(f.editor().line(), 2);
  f.window.document().undoStack().undo();
  QCOMPARE(f.editor().text(), f.onDisk());
}

void StudioTest::savingWritesTheFileAndClearsTheStar() {
  Studio f;
  f.goBehind(kGreeting);
  f.type(", Zoë");
  QVERIFY(f.onDisk() != f.text());
  QTest::keyClick(&f.editor(), Qt::Key_S, Qt::ControlModifier);
  QCOMPARE(f.onDisk(), f.text());
  QVERIFY(f.onDisk().find("still here, Zoë") != std::string::npos);
  QVERIFY(!f.window.isWindowModified());
  QVERIFY(!f.tabs().isUnsaved(0));
  f.window.document().undoStack().undo();
  QVERIFY(f.window.isWindowModified());
  QVERIFY(f.tabs().isUnsaved(0));
}

void StudioTest::anErrorKeepsTheLastGoodEmail() {
  Studio f;
  auto* strip = f.child<studio::ErrorStrip>("errorStrip");
  QVERIFY(!strip->isVisible());
  f.goBehind("{{ total_label ");
  const int line = f.editor().line();
  f.type("| ");
  QTRY_VERIFY(strip->isVisible());
  QVERIFY(!f.desktop().isEmpty());
  QVERIFY2(strip->text().startsWith(
               QStringLiteral("basket_reminder.liquid, line %1, column ").arg(line)),
           qPrintable(strip->text()));
  QVERIFY2(strip->text().size() > 50, qPrintable(strip->text()));
  const auto isMarked = [&] {
    const auto from = static_cast<int>(
        f.editor().SendScintilla(QsciScintillaBase::SCI_POSITIONFROMLINE, line - 1));
    const auto to = static_cast<int>(
        f.editor().SendScintilla(QsciScintillaBase::SCI_GETLINEENDPOSITION, line - 1));
    for (int at = from; at < to; ++at)
      if (f.editor().SendScintilla(QsciScintillaBase::SCI_INDICATORVALUEAT, 8UL, long{at}) != 0)
        return true;
    return false;
  };
  QTRY_VERIFY(isMarked());
  // Show leads to the place from wherever the caret is.
  f.editor().SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 0UL);
  QTest::mouseClick(f.child<QWidget>("showError"), Qt::LeftButton);
  QCOMPARE(f.editor().line(), line);
  f.window.document().undoStack().undo();
  QTRY_VERIFY(!strip->isVisible());
  QTRY_VERIFY(!isMarked());
}

void StudioTest::lintAndRunSeeTheEditedText() {
  Studio f;
  f.goBehind("{{ total_label ");
  const int line = f.editor().line();
  f.type("| nowhere ");
  QTRY_VERIFY(f.window.document().isLintCurrent());
  const auto& findings = f.window.document().diagnostics();
  QVERIFY(std::ranges::any_of(findings, [](const pipeline::Diagnostic& each) {
    return each.file == kHtml && each.message.find("nowhere") != std::string::npos;
  }));
  // From the list of problems one comes to the place.
  QTest::keyClick(&f.editor(), Qt::Key_Escape);
  f.window.showPanel(QStringLiteral("problems"));
  auto* list = f.child<QListView>("problemList");
  for (int row = 0; row < list->model()->rowCount(); ++row)
    if (list->model()->index(row, 0).data().toString().contains(QStringLiteral("nowhere")))
      Q_EMIT list->activated(list->model()->index(row, 0));
  QVERIFY(f.panel->isVisible());
  QCOMPARE(f.editor().line(), line);
  f.window.run().run();
  QCOMPARE(f.host.project.texts.at(kHtml), f.text());
  QVERIFY(f.onDisk() != f.text());
}

void StudioTest::aPartialRedrawsToo() {
  Studio f;
  f.tabs().show("templates/partials/button.liquid");
  QCOMPARE(f.editor().file(), std::string("templates/partials/button.liquid"));
  const QImage before = f.desktop().grab().toImage();
  const std::size_t at = f.editor().text().find("{{ text }}");
  QVERIFY(at != std::string::npos);
  f.editor().SendScintilla(QsciScintillaBase::SCI_GOTOPOS, static_cast<unsigned long>(at));
  f.desktop().scrollTo(100000);
  QVERIFY(f.settles());
  const QImage bottom = f.desktop().grab().toImage();
  f.type("Now: ");
  QTRY_VERIFY(f.isDrawn() && f.desktop().grab().toImage() != bottom);
}

void StudioTest::tabsOfThePreview() {
  Studio f;
  auto* tabs = f.child<QTabBar>("previewTabs");
  QStringList words;
  for (int i = 0; i < tabs->count(); ++i) words << tabs->tabText(i);
  QCOMPARE(words, QStringList({QStringLiteral("Both"), QStringLiteral("Desktop 640"),
                               QStringLiteral("Phone 375"), QStringLiteral("Text")}));
  QVERIFY(f.child<QWidget>("desktop")->isVisible() && f.child<QWidget>("phone")->isVisible());
  tabs->setCurrentIndex(1);
  QVERIFY(f.child<QWidget>("desktop")->isVisible() && !f.child<QWidget>("phone")->isVisible());
  QCOMPARE(f.child<QWidget>("desktop")->width(), 642);
  tabs->setCurrentIndex(2);
  QCOMPARE(f.child<QWidget>("phone")->width(), 377);
  QVERIFY(!f.child<QWidget>("desktop")->isVisible());
  tabs->setCurrentIndex(3);
  auto* text = f.child<QPlainTextEdit>("plainText");
  QVERIFY(text->isVisible());
  QVERIFY(
      text->toPlainText().contains(QStringLiteral("Finish your order: https://marram.example")));
}

void StudioTest::leavingGivesTheCanvasBack() {
  Studio f;
  QTest::mouseClick(f.child<QWidget>("backToCanvas"), Qt::LeftButton);
  QVERIFY(f.child<QWidget>("canvas")->isVisible());
  QVERIFY(f.child<QWidget>("rightDock")->isVisible());
  QVERIFY(!f.child<QWidget>("crumb")->isVisible());
  QVERIFY(f.child<QWidget>("zoom")->isVisible());
  // Deleting the step leaves no studio of nothing.
  Q_EMIT f.window.context().stepOpened("basket-reminder");
  f.window.document().apply(
      pipeline::GraphEdit::removeNodes(f.window.document().project(), {"basket-reminder"}));
  QVERIFY(!f.panel->isVisible());
}

void StudioTest::coloursAreTheTokens_data() {
  QTest::addColumn<int>("mode");
  QTest::newRow("light") << static_cast<int>(theme::Theme::Mode::Light);
  QTest::newRow("dark") << static_cast<int>(theme::Theme::Mode::Dark);
}

void StudioTest::coloursAreTheTokens() {
  QFETCH(int, mode);
  Studio f(static_cast<theme::Theme::Mode>(mode));
  const theme::Tokens& t = f.theme.tokens();
  const std::string text = f.text();
  const auto colorOf = [&](const char* words, std::size_t into) {
    const long style = f.editor().SendScintilla(
        QsciScintillaBase::SCI_GETSTYLEAT, static_cast<unsigned long>(text.find(words) + into));
    const long bgr = f.editor().SendScintilla(QsciScintillaBase::SCI_STYLEGETFORE,
                                              static_cast<unsigned long>(style));
    return QColor(bgr & 255, (bgr >> 8) & 255, (bgr >> 16) & 255);
  };
  f.editor().SendScintilla(QsciScintillaBase::SCI_COLOURISE, 0UL, -1L);
  QCOMPARE(colorOf("{%- if profile", 0), t.syntax.tag);
  QCOMPARE(colorOf("{%- if profile", 4), t.syntax.tag);
  QCOMPARE(colorOf("{%- if profile", 8), t.syntax.variable);
  QCOMPARE(colorOf("'je mandje", 1), t.syntax.string);
  QCOMPARE(colorOf("| capitalize", 2), t.syntax.filter);
  QCOMPARE(colorOf("<table class", 1), t.accent);
  QCOMPARE(colorOf("class=\"card\"", 8), t.syntax.string);
  QCOMPARE(colorOf("</h1>", 2), t.accent);
  const QImage shown = f.editor().grab().toImage();
  QCOMPARE(shown.pixelColor(shown.width() - 40, 200), t.surface);
  QCOMPARE(shown.pixelColor(shown.width() - 40, 10), t.accentSoft);  // the line of the caret
}

QTEST_MAIN(StudioTest)
#include "studio_test.moc"
