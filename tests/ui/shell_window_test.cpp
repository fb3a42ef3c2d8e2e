// SPDX-License-Identifier: GPL-3.0-or-later
// The main window: sizes and type of the design, panels, the run button, files, the search.
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/shell_fixture.h"
#include "ui/shell/bottom_dock.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/grip.h"
#include "ui/shell/project_files.h"
#include "ui/shell/right_dock.h"
#include "ui/shell/run_control.h"
#include "ui/shell/status_line.h"
#include "ui/shell/tool_bar.h"
#include "ui/shell/window_actions.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/hint_bar.h"
#include "ui/widgets/label.h"
#include "ui/widgets/search_field.h"

namespace freshet::uitest {
namespace {

namespace m = theme::metrics;
using host::RunState;
using shell::nextAction;
using shell::RunAction;
using shell::runSentence;

pipeline::Diagnostic errorAt(const char* node, const char* field, const char* message) {
  pipeline::Diagnostic finding;
  finding.code = "E-1203";
  finding.node = node;
  finding.field = field;
  finding.message = message;
  return finding;
}

}  // namespace

class ShellWindowTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sizesAreTheDesigns();
  void typeIsTheDesigns();
  void everyPanelOpens();
  void bottomDockLiesBetweenTheSides();
  void inspectorLiesOverANarrowCanvas();
  void paletteIsARailWhereThereIsLittleRoom();
  void runButtonSaysTheNextAction();
  void runButtonDrivesTheHost();
  void refusedRunSaysWhy();
  void dryRunIsObvious();
  void dryRunTakesHoldOfWhatRuns();
  void savedStateIsHonest();
  void savingAndOpeningRoundTrips();
  void docksKeepTheirSizes();
  void theChipAsksWhatStepsReach();
  void statusSaysOneSentence();
  void searchFindsStepsSettingsAndActions();
  void undoKeyReachesTheProjectFromAField();
};

void ShellWindowTest::sizesAreTheDesigns() {
  WindowFixture f;
  QCOMPARE(f.window.size(), QSize(1440, 900));
  QCOMPARE(f.window.minimumSize(), QSize(1024, 680));
  QCOMPARE(f.child<QWidget>("toolBar")->height(), 48);
  QCOMPARE(f.child<QWidget>("statusLine")->height(), 26);
  QCOMPARE(f.child<QWidget>("bottomDock")->height(), 236);
  QCOMPARE(f.child<QWidget>("environmentLine")->height(), 4);
  QCOMPARE(f.child<QWidget>("search")->size(), QSize(278, 32));
  QCOMPARE(f.child<QWidget>("runButton")->height(), 32);
  QCOMPARE(f.child<QWidget>("inspectorHeader")->height(), 56);
  QCOMPARE(f.child<QWidget>("palette")->width(), 248);
}

void ShellWindowTest::typeIsTheDesigns() {
  WindowFixture f;
  const auto font = [&](const char* name) { return f.child<QWidget>(name)->font(); };
  QCOMPARE(font("projectName").pixelSize(), 14);
  QCOMPARE(font("projectName").weight(), QFont::DemiBold);
  QCOMPARE(font("savedState").pixelSize(), 12);
  QCOMPARE(font("stepTitle").pixelSize(), 15);
  QCOMPARE(font("stepType").pixelSize(), 11);
  QCOMPARE(font("runSentence").pixelSize(), 12);
  QCOMPARE(font("search").pixelSize(), 13);
}

void ShellWindowTest::everyPanelOpens() {
  WindowFixture f;
  f.window.context().selection().selectNode("who-gets-a-reminder");
  for (const auto place : {shell::PanelPlace::Bottom, shell::PanelPlace::Right})
    for (const shell::PanelSpec* panel : f.panels.at(place)) {
      f.window.showPanel(panel->id);
      auto* shown = f.window.findChild<shell::Panel*>(panel->id);
      QVERIFY2(shown && shown->isVisible(), qPrintable(panel->id));
      QVERIFY(!shown->grab().isNull());
    }
  for (const char* absent : {"step", "deploy", "health", "notes"})
    QVERIFY(!f.child<QWidget>(absent));
}

void ShellWindowTest::bottomDockLiesBetweenTheSides() {
  WindowFixture f({1920, 1080});
  const QWidget* body = f.child<QWidget>("bottomDock")->parentWidget();
  QCOMPARE(f.child<QWidget>("palette")->height(), body->height());
  QCOMPARE(f.child<QWidget>("rightDock")->height(), body->height());
  QCOMPARE(f.child<QWidget>("rightDock")->width(), 340);
  QCOMPARE(f.child<QWidget>("bottomDock")->geometry(),
           QRect(248, body->height() - 236, 1920 - 248 - 340, 236));
}

void ShellWindowTest::inspectorLiesOverANarrowCanvas() {
  WindowFixture f;
  QVERIFY(!f.child<QWidget>("rightDock")->isVisible());
  const int before = f.child<QWidget>("canvas")->width();
  f.window.context().selection().selectNode("check-events");
  QVERIFY(f.child<QWidget>("rightDock")->isVisible());
  QCOMPARE(f.child<QWidget>("canvas")->width(), before);
  QCOMPARE(f.child<QWidget>("bottomDock")->geometry().right() + 1, 1440 - 340);
  f.window.context().selection().clear();
  QVERIFY(!f.child<QWidget>("rightDock")->isVisible());
}

void ShellWindowTest::paletteIsARailWhereThereIsLittleRoom() {
  WindowFixture f;
  f.window.setDemo(true);
  QCOMPARE(f.child<QWidget>("palette")->width(), 48);
  f.window.setDemo(false);
  QCOMPARE(f.child<QWidget>("palette")->width(), 248);
  f.window.resize(1200, 800);
  QCOMPARE(f.child<QWidget>("palette")->width(), 48);
}

void ShellWindowTest::runButtonSaysTheNextAction() {
  QCOMPARE(nextAction(RunState::Stopped, false), RunAction::Run);
  QCOMPARE(nextAction(RunState::Starting, true), RunAction::CancelStart);
  QCOMPARE(nextAction(RunState::Running, true), RunAction::Stop);
  QCOMPARE(nextAction(RunState::Draining, true), RunAction::StopNow);
  for (const RunState ended : {RunState::Stopped, RunState::Finished, RunState::Failed})
    QCOMPARE(nextAction(ended, true), RunAction::RunAgain);
}

void ShellWindowTest::runButtonDrivesTheHost() {
  WindowFixture f;
  auto* button = f.child<QPushButton>("runButton");
  const auto reach = [&](RunState state) {
    f.host.now.state = state;
    f.window.host().poll();
  };
  QCOMPARE(button->text(), QStringLiteral("Run"));
  button->click();
  QCOMPARE(button->text(), QStringLiteral("Cancel start"));
  reach(RunState::Running);
  QCOMPARE(button->text(), QStringLiteral("Stop"));
  button->click();
  QCOMPARE(f.host.stops, 1);
  QVERIFY(!f.host.wasStoppedNow);
  QCOMPARE(button->text(), QStringLiteral("Stop now"));
  button->click();
  QVERIFY(f.host.wasStoppedNow);
  QCOMPARE(button->text(), QStringLiteral("Run again"));
  button->click();
  button->click();
  QVERIFY(f.host.wasStoppedNow);
  QCOMPARE(f.host.stops, 3);
}

void ShellWindowTest::refusedRunSaysWhy() {
  WindowFixture f;
  f.host.findings = {errorAt("outbox", "folder", "Folder is empty")};
  f.child<QPushButton>("runButton")->click();
  QCOMPARE(f.child<QPushButton>("runButton")->text(), QStringLiteral("Run"));
  auto* hint = f.child<widgets::HintBar>("hint");
  QVERIFY(hint);
  Q_EMIT hint->actionTriggered();
  QCOMPARE(f.child<shell::BottomDock>("bottomDock")->current(), QStringLiteral("problems"));
}

void ShellWindowTest::dryRunIsObvious() {
  WindowFixture f;
  QVERIFY(!f.child<QWidget>("environmentLine")->isVisible());
  QVERIFY(f.child<QWidget>("environmentChip")->isVisible());
  f.window.run().setDryRun(true);
  QVERIFY(f.child<QWidget>("environmentLine")->isVisible());
  QVERIFY(f.child<QWidget>("environmentChip")->isVisible());
  QCOMPARE(f.child<QPushButton>("runMode")->text(), QStringLiteral("This computer · dry run"));
  f.window.run().run();
  QVERIFY(f.host.options.isDryRun);
}

void ShellWindowTest::dryRunTakesHoldOfWhatRuns() {
  WindowFixture f;
  f.window.run().run();
  f.host.now.state = RunState::Running;
  f.window.host().poll();
  f.window.run().setDryRun(true);
  QCOMPARE(f.host.stops, 1);
  f.host.now.state = RunState::Stopped;
  f.window.host().poll();
  QVERIFY(f.host.options.isDryRun);
  QCOMPARE(f.host.now.state, RunState::Starting);
}

void ShellWindowTest::savedStateIsHonest() {
  WindowFixture f;
  bridge::DocumentModel& document = f.window.document();
  const auto* saved = f.child<QLabel>("savedState");
  QVERIFY(saved->text().startsWith(QStringLiteral("Saved ")));
  document.apply(pipeline::GraphEdit::setTitle(document.project(), "outbox", "Post"));
  QVERIFY(f.window.isWindowModified());
  QVERIFY(saved->text().startsWith(QStringLiteral("Edited · last saved ")));
  document.undoStack().undo();
  QVERIFY(!f.window.isWindowModified());
  QVERIFY(saved->text().startsWith(QStringLiteral("Saved ")));
}

void ShellWindowTest::savingAndOpeningRoundTrips() {
  WindowFixture f;
  const std::string before = f.file();
  QVERIFY(f.window.files().save());
  QCOMPARE(f.file(), before);  // saving what is unchanged changes nothing
  bridge::DocumentModel& document = f.window.document();
  document.apply(pipeline::GraphEdit::setTitle(document.project(), "outbox", "Post"));
  QVERIFY(f.window.files().save());
  const std::string edited = f.text();
  QVERIFY(f.window.files().open(f.folder.filePath(QStringLiteral("abandoned-basket"))));
  QCOMPARE(f.text(), edited);

  const QString other = f.folder.filePath(QStringLiteral("spring-basket"));
  QVERIFY(f.window.files().saveTo(other));
  QVERIFY(QFile::exists(other + QStringLiteral("/spring-basket.pipeline.json")));
  QVERIFY(QFile::exists(other + QStringLiteral("/schemas/shop_event.json")));
  QVERIFY(!QFile::exists(other + QStringLiteral("/abandoned-basket.pipeline.json")));
  QVERIFY(f.window.files().open(other));
  QCOMPARE(f.text(), edited);
}

void ShellWindowTest::docksKeepTheirSizes() {
  WindowFixture f({1920, 1080});
  f.window.context().selection().selectNode("check-events");
  for (auto* grip : f.window.findChildren<shell::Grip*>()) Q_EMIT grip->dragged(-64);
  QCOMPARE(f.child<QWidget>("bottomDock")->height(), 300);
  QCOMPARE(f.child<QWidget>("rightDock")->width(), 404);
  f.window.context().selection().selectNode("basket-reminder");
  QCOMPARE(f.child<QWidget>("rightDock")->width(), 408);
  shell::MainWindow next({f.installation.registry.catalog(), f.host, f.theme, f.panels, QString()});
  next.resize(1920, 1080);
  next.show();
  QCOMPARE(next.findChild<QWidget*>(QStringLiteral("bottomDock"))->height(), 300);
  QCOMPARE(next.findChild<QWidget*>(QStringLiteral("rightDock"))->width(), 404);
}

void ShellWindowTest::theChipAsksWhatStepsReach() {
  WindowFixture f;
  const spec::SpecCatalog& catalog = f.installation.registry.catalog();
  pipeline::Project project = f.window.document().project();
  QCOMPARE(catalog.find("profile.write")->family, spec::Family::Sink);
  QVERIFY(!shell::leavesThisComputer(project, catalog));
  pipeline::Project redis = project;
  redis.pipeline.connections =
      record::OwnedValue::fromJson(R"({"people":{"type":"redis","url":"redis://there"}})").value();
  QVERIFY(shell::leavesThisComputer(redis, catalog));
  project.pipeline.nodes.push_back({"in", "kafka.source", {}, {}, {}});
  QVERIFY2(!shell::leavesThisComputer(project, catalog), "a source only takes in");
  project.pipeline.nodes.push_back({"out", "kafka.sink", {}, {}, {}});
  QVERIFY(shell::leavesThisComputer(project, catalog));
}

void ShellWindowTest::statusSaysOneSentence() {
  WindowFixture f;
  bridge::LiveSnapshot live;
  const auto say = [&](bool isDry) {
    return runSentence(live, f.window.document().project(), f.window.document().catalog(), isDry,
                       0.9);
  };
  QCOMPARE(say(false), QStringLiteral("Ready to run on this computer"));
  live.status.state = RunState::Running;
  live.inRate = 40.2;
  QCOMPARE(say(false), QStringLiteral("Running on this computer · 40 events a second · "
                                      "0.9 emails a second · local outbox"));
  QCOMPARE(say(true), QStringLiteral("Dry run on this computer · 40 events a second · "
                                     "0.9 emails a second recorded · nothing is sent"));
}

void ShellWindowTest::searchFindsStepsSettingsAndActions() {
  WindowFixture f;
  f.window.openSearch();
  auto* field = f.child<widgets::SearchField>("search");
  const auto* palette = f.child<shell::CommandPalette>("commandPalette");
  QVERIFY(palette->isVisible());
  const auto first = [&](const char* query) {
    field->clear();
    QTest::keyClicks(field, QString::fromLatin1(query));
    return palette->rows().at(0).title;
  };
  QCOMPARE(first("buying"), QStringLiteral("Buying interest"));
  QCOMPARE(first("save as"), QStringLiteral("Save as…"));
  QCOMPARE(first("half-life"), QStringLiteral("Half-life"));
  QTest::keyClick(field, Qt::Key_Return);
  QCOMPARE(f.window.context().selection().current(), std::string("buying-interest"));
  QVERIFY(!palette->isVisible());
}

void ShellWindowTest::undoKeyReachesTheProjectFromAField() {
  WindowFixture f;
  const std::string before = f.text();
  f.window.context().selection().selectNode("outbox");
  auto* title = f.child<QLineEdit>("stepTitle");
  title->setFocus();
  QTest::keyClicks(title, QStringLiteral("es"));
  QVERIFY(f.text() != before);
  QTest::keyClick(title, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(f.text(), before);
  QCOMPARE(title->text(), QStringLiteral("Outbox"));
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::ShellWindowTest)
#include "shell_window_test.moc"
