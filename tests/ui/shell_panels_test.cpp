// SPDX-License-Identifier: GPL-3.0-or-later
// What the panels show and change: a form for every type, edits and their undo, records, problems.
#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QTreeView>

#include "tests/ui/shell_fixture.h"
#include "ui/bridge/json_tree.h"
#include "ui/data/data_panel.h"
#include "ui/inspector/cases_editor.h"
#include "ui/inspector/code_edit.h"
#include "ui/inspector/field_row.h"
#include "ui/inspector/field_words.h"
#include "ui/inspector/inspector_panel.h"
#include "ui/inspector/settings_form.h"
#include "ui/problems/problems_panel.h"
#include "ui/shell/bottom_dock.h"

namespace freshet::uitest {
namespace {

using inspector::FieldRow;
using spec::FieldType;

inspector::SettingsForm& formOf(WindowFixture& f) {
  return f.child<inspector::InspectorPanel>("inspector")->form();
}

FieldRow* rowOf(WindowFixture& f, const std::string& field) {
  for (FieldRow* row : formOf(f).rows())
    if (row->field() == field) return row;
  return nullptr;
}

void waitForLint(WindowFixture& f) {
  QTRY_VERIFY(f.window.document().isLintCurrent());
}

}  // namespace

class ShellPanelsTest final : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyTypeHasItsForm();
  void everyKindOfFieldHasAnEditor();
  void editsOfAFieldUndoByteForByte();
  void typingIsOneStep();
  void aFindingStandsUnderItsField();
  void aChangedFieldGoesBackToItsDefault();
  void numbersTakeHumanUnits();
  void secretsStayReferences();
  void casesAreEditedInOrder();
  void dataFollowsTheSelection();
  void recordsFilterAndOpen();
  void aStepShowsBeforeAndAfter();
  void problemsGroupAndLead();
  void modelsKeepTheirPromises();
};

void ShellPanelsTest::everyTypeHasItsForm() {
  WindowFixture f;
  bridge::DocumentModel& document = f.window.document();
  for (const spec::NodeSpec* spec : document.catalog().all()) {
    pipeline::Node node;
    node.id = "probe";
    node.type = spec->id;
    document.apply(pipeline::GraphEdit::addNode(document.project(), node, {0, 0}));
    f.window.context().selection().selectNode("probe");
    // An email step shows its email first; its settings are a press away.
    Q_EMIT f.window.context().panelRequested(QStringLiteral("inspector"));
    QCOMPARE(formOf(f).rows().size(), spec->fields.size());
    for (FieldRow* row : formOf(f).rows()) {
      QVERIFY2(!row->spec().title.empty() && !row->spec().help.empty(), row->field().c_str());
      QVERIFY2(row->message().size() > 0, row->field().c_str());
    }
    QVERIFY(!formOf(f).grab().isNull());
    document.undoStack().undo();
  }
}

void ShellPanelsTest::everyKindOfFieldHasAnEditor() {
  WindowFixture f;
  for (int type = 0; type <= static_cast<int>(FieldType::List); ++type) {
    const spec::FieldSpec field =
        spec::field("probe", static_cast<FieldType>(type), "Probe", "What it is for.");
    const std::unique_ptr<inspector::FieldEditor> editor(
        inspector::makeEditor({f.window.context(), "outbox", field}, nullptr));
    QVERIFY(editor);
    editor->show({});
    QVERIFY(editor->sizeHint().isValid());
  }
}

void ShellPanelsTest::editsOfAFieldUndoByteForByte() {
  WindowFixture f;
  const std::string before = f.text();
  f.window.context().selection().selectNode("basket-left");
  auto* field = rowOf(f, "for")->editor().findChild<QLineEdit*>();
  field->setFocus();
  field->selectAll();
  QTest::keyClicks(field, QStringLiteral("45 min"));
  auto* until = rowOf(f, "until")->editor().findChild<QPlainTextEdit*>();
  until->selectAll();
  until->insertPlainText(QStringLiteral("event.event == 'search'"));
  QVERIFY(f.text().find("\"for\": \"45 min\"") != std::string::npos);
  QVERIFY(f.text().find("'search'") != std::string::npos);
  while (f.window.document().undoStack().canUndo()) f.window.document().undoStack().undo();
  QCOMPARE(f.text(), before);
  QCOMPARE(field->text(), QStringLiteral("30 min"));
}

void ShellPanelsTest::typingIsOneStep() {
  WindowFixture f;
  f.window.context().selection().selectNode("not-emailed");
  auto* field = rowOf(f, "reason")->editor().findChild<QLineEdit*>();
  field->setFocus();
  QTest::keyClicks(field, QStringLiteral(" at all"));
  QCOMPARE(f.window.document().undoStack().count(), 1);
  QTest::keyClick(field, Qt::Key_Return);
  QTest::keyClicks(field, QStringLiteral(" now"));
  QCOMPARE(f.window.document().undoStack().count(), 2);
}

void ShellPanelsTest::aFindingStandsUnderItsField() {
  WindowFixture f;
  f.window.context().selection().selectNode("basket-left");
  FieldRow* row = rowOf(f, "for");
  const QString help = row->message();
  auto* field = row->editor().findChild<QLineEdit*>();
  field->selectAll();
  QTest::keyClicks(field, QStringLiteral("soon"));
  QTRY_VERIFY(row->message() != help);
  QCOMPARE(field->property("state").toString(), QStringLiteral("error"));
  field->selectAll();
  QTest::keyClicks(field, QStringLiteral("1 h"));
  QTRY_COMPARE(row->message(), help);
}

void ShellPanelsTest::aChangedFieldGoesBackToItsDefault() {
  WindowFixture f;
  f.window.context().selection().selectNode("shop-visitors");
  FieldRow* row = rowOf(f, "speed");
  QVERIFY(row->isChanged());
  row->findChild<QAbstractButton*>(QStringLiteral("changedDot"))->click();
  QVERIFY(!row->isChanged());
  QVERIFY(
      f.window.document().project().pipeline.find("shop-visitors")->settings->get("speed").isNil());
}

void ShellPanelsTest::numbersTakeHumanUnits() {
  const spec::FieldSpec number = spec::field("n", FieldType::Integer, "N", "A number.");
  const spec::FieldSpec time = spec::field("t", FieldType::Duration, "T", "A time.");
  QCOMPARE(inspector::valueOf(QStringLiteral("10k"), number)->asInt(), 10'000);
  QCOMPARE(inspector::valueOf(QStringLiteral("2.5"), number)->asFloat(), 2.5);
  QVERIFY(inspector::valueOf(QStringLiteral("many"), number)->isString());
  QVERIFY(inspector::valueOf(QString(), number)->isNil());
  QCOMPARE(inspector::normalised(QStringLiteral("90s"), time), QStringLiteral("90 s"));
}

void ShellPanelsTest::secretsStayReferences() {
  WindowFixture f;
  const spec::FieldSpec secret = spec::field("p", FieldType::Secret, "Password", "Signs in.");
  const std::unique_ptr<inspector::FieldEditor> editor(
      inspector::makeEditor({f.window.context(), "outbox", secret}, nullptr));
  std::vector<std::string> stored;
  QString refused;
  connect(editor.get(), &inspector::FieldEditor::edited, this,
          [&](const record::OwnedValue& value) {
            if (value->isString()) stored.emplace_back(value->asString());
          });
  connect(editor.get(), &inspector::FieldEditor::refused, this,
          [&](const QString& why) { refused = why; });
  auto* field = editor->findChild<QLineEdit*>();
  QTest::keyClicks(field, QStringLiteral("hunter2"));
  QVERIFY(stored.empty());
  QVERIFY(!refused.isEmpty());
  field->clear();
  QTest::keyClicks(field, QStringLiteral("SMTP_PASSWORD"));
  QCOMPARE(stored.back(), std::string("${secret:SMTP_PASSWORD}"));
  QVERIFY(refused.isEmpty());
}

void ShellPanelsTest::casesAreEditedInOrder() {
  WindowFixture f;
  const std::string before = f.text();
  f.window.context().selection().selectNode("who-gets-a-reminder");
  auto* editor = formOf(f).findChild<inspector::CasesEditor*>();
  QVERIFY(editor);
  QCOMPARE(editor->findChildren<inspector::CaseCard*>().size(), 2);
  formOf(f).findChild<QPushButton*>(QStringLiteral("addCase"))->click();
  QCOMPARE(editor->findChildren<inspector::CaseCard*>().size(), 3);
  auto* last = editor->findChildren<inspector::CaseCard*>().back();
  last->findChild<inspector::CodeEdit*>()->insertPlainText(QStringLiteral("event.total > 50"));
  Q_EMIT last->moveRequested(-1);
  const record::Value cases =
      f.window.document().project().pipeline.find("who-gets-a-reminder")->settings->get("cases");
  QCOMPARE(cases.asArray()[1].get("name").asString(), std::string_view("case-3"));
  QCOMPARE(cases.asArray()[1].get("when").asString(), std::string_view("event.total > 50"));
  while (f.window.document().undoStack().canUndo()) f.window.document().undoStack().undo();
  QCOMPARE(f.text(), before);
}

void ShellPanelsTest::dataFollowsTheSelection() {
  WindowFixture f;
  f.window.showPanel(QStringLiteral("data"));
  auto* data = f.child<data::DataPanel>("data");
  f.window.context().selection().selectNode("customer-profile");
  QCOMPARE(data->edge(), std::string("customer-profile -> who-gets-a-reminder"));
  f.window.context().selection().selectNode("outbox");
  QCOMPARE(data->edge(), std::string("basket-reminder -> outbox"));
  f.window.context().selection().selectEdge("who-gets-a-reminder.agreed -> basket-left");
  QCOMPARE(data->edge(), std::string("who-gets-a-reminder.agreed -> basket-left"));
}

void ShellPanelsTest::recordsFilterAndOpen() {
  WindowFixture f;
  const std::string edge = "basket-reminder -> outbox";
  f.host.passed[edge] = {basketRecord(1, "Amara", 89.5), basketRecord(2, "Zoë", 129)};
  f.window.showPanel(QStringLiteral("data"));
  f.window.context().selection().selectNode("outbox");
  bridge::RecordTable& table = f.child<data::DataPanel>("data")->table();
  QCOMPARE(table.rowCount(), 2);
  QCOMPARE(table.index(0, 1).data().toString(), QStringLiteral("Zoë"));
  QStringList headers;
  for (int i = 0; i < table.columnCount(); ++i)
    headers.append(table.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString());
  QCOMPARE(headers.mid(0, 3), QStringList({QStringLiteral("time"), QStringLiteral("person"),
                                           QStringLiteral("event.event")}));
  QVERIFY(headers.contains(QStringLiteral("price")));
  QVERIFY(headers.contains(QStringLiteral("interest")));
  QVERIFY(!headers.contains(QStringLiteral("messageId")));
  table.setFilter(QStringLiteral("amara"));
  QCOMPARE(table.rowCount(), 1);
  table.setFilter({});
  for (std::uint64_t i = 3; i < 200; ++i) f.host.passed[edge].push_back(basketRecord(i, "Bo", 1));
  f.window.host().poll();
  QCOMPARE(table.rowCount(), 100);
  QCOMPARE(table.lastSequence(), std::uint64_t{199});
}

void ShellPanelsTest::aStepShowsBeforeAndAfter() {
  WindowFixture f;
  const auto record = [](std::int64_t offset, const char* json) {
    host::TappedRecord made = basketRecord(1, "Zoë", 129);
    made.offset = offset;
    made.sections = record::OwnedValue::fromJson(json).value();
    return made;
  };
  f.host.passed["check-events -> customer-profile"] = {
      record(7, R"({"event":{"a":1,"quantity":"1","gone":true},"other":[1]})"),
      record(8, R"({"event":{"b":1}})")};
  f.host.passed["customer-profile -> who-gets-a-reminder"] = {record(
      7, R"({"event":{"a":1,"quantity":1},"other":[1],"profile":{"name":"Zoë","interest":62}})")};
  f.window.showPanel(QStringLiteral("data"));
  f.window.context().selection().selectNode("customer-profile");
  f.child<QTableView>("dataRows")
      ->setCurrentIndex(f.child<data::DataPanel>("data")->table().index(0, 0));
  auto* changes = f.child<QTableView>("dataChanges");
  QVERIFY(changes->isVisible());
  QCOMPARE(f.child<QLabel>("dataSummary")->text(), QStringLiteral("+2 ~1 −1"));
  const auto* model = changes->model();
  QStringList rows;
  for (int row = 0; row < model->rowCount(); ++row)
    rows << model->index(row, 0).data().toString() + model->index(row, 1).data().toString();
  QCOMPARE(rows, QStringList({QStringLiteral("event.a"), QStringLiteral("~event.quantity"),
                              QStringLiteral("other.0"), QStringLiteral("+profile.name"),
                              QStringLiteral("+profile.interest"), QStringLiteral("−event.gone")}));
  QCOMPARE(model->index(1, 0).data(Qt::BackgroundRole).value<QColor>(), f.theme->warning.soft);
  QCOMPARE(model->index(3, 3).data(Qt::ForegroundRole).value<QColor>(), f.theme->ok.foreground);
  // What a step made itself was nothing before.
  f.host.passed["customer-profile -> who-gets-a-reminder"] = {record(-1, R"({"event":{}})")};
  f.window.context().selection().selectNode("outbox");
  f.window.context().selection().selectNode("customer-profile");
  f.child<QTableView>("dataRows")
      ->setCurrentIndex(f.child<data::DataPanel>("data")->table().index(0, 0));
  QVERIFY(!changes->isVisible());
}

void ShellPanelsTest::problemsGroupAndLead() {
  WindowFixture f;
  for (std::int64_t id = 1; id <= 7; ++id) {
    host::DeadLetter letter;
    letter.id = id;
    letter.node = "check-events";
    letter.code = "E-2101";
    letter.message = "has no currency";
    letter.pointer = id < 6 ? "/properties" : "/userId";
    f.host.letters.push_back(letter);
  }
  f.host.now.state = host::RunState::Running;
  f.host.seen.dead = 7;
  f.host.seen.errors = 7;
  f.window.host().poll();
  const problems::ProblemRows& rows = f.child<problems::ProblemsPanel>("problems")->rows();
  waitForLint(f);
  int grouped = -1;
  for (int i = 0; i < rows.rowCount(); ++i)
    if (rows.problem(i).count == 5) grouped = i;
  QVERIFY(grouped >= 0);
  QCOMPARE(rows.problem(grouped).node, std::string("check-events"));
  f.window.host().poll();
  QCOMPARE(rows.problem(grouped).count, std::uint64_t{5});  // none is counted twice
  f.window.showPanel(QStringLiteral("problems"));
  auto* list = f.child<QAbstractItemView>("problemList");
  Q_EMIT list->clicked(rows.index(grouped));
  QCOMPARE(f.window.context().selection().current(), std::string("check-events"));
}

void ShellPanelsTest::modelsKeepTheirPromises() {
  using Tester = QAbstractItemModelTester;
  bridge::RecordTable table;
  const Tester tableTester(&table, Tester::FailureReportingMode::QtTest);
  table.add({basketRecord(1, "Zoë", 129), basketRecord(2, "Bo", 1)});
  table.setFilter(QStringLiteral("bo"));
  table.clear();

  bridge::JsonTree tree;
  const Tester treeTester(&tree, Tester::FailureReportingMode::QtTest);
  tree.setValue(basketRecord(1, "Zoë", 129).sections);
  QCOMPARE(tree.rowCount(), 2);
  const QModelIndex event = tree.index(0, 0);
  QCOMPARE(event.data().toString(), QStringLiteral("event"));
  QCOMPARE(tree.parent(tree.index(0, 1, event)), event);
  tree.setValue({});

  problems::ProblemRows rows;
  const Tester rowsTester(&rows, Tester::FailureReportingMode::QtTest);
  pipeline::Diagnostic finding;
  finding.message = "topic is empty";
  rows.setFindings({finding});
  rows.setFailure(Error{"E-3001", "kafka is away", "source"});
  QCOMPARE(rows.rowCount(), 2);
  rows.forgetRun();
  QCOMPARE(rows.rowCount(), 1);
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::ShellPanelsTest)
#include "shell_panels_test.moc"
