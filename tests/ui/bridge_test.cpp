// SPDX-License-Identifier: GPL-3.0-or-later
// The Qt faces of the engine: document with undo and findings, selection, numbers of a run, search.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/canvas_fixture.h"
#include "ui/bridge/host_bridge.h"
#include "ui/bridge/node_search.h"
#include "ui/bridge/node_words.h"

namespace freshet::uitest {
namespace {

// A host that is told what it saw.
class ToldHost final : public host::PipelineHost {
 public:
  std::vector<pipeline::Diagnostic> apply(const pipeline::Project&,
                                          const host::RunOptions&) override {
    now.state = host::RunState::Running;
    return {};
  }
  void stop(bool) override { now.state = host::RunState::Stopped; }
  host::HostStatus status() const override { return now; }
  metrics::MetricsSnapshot snapshot() const override { return seen; }
  std::vector<host::TappedRecord> records(std::string_view, std::size_t,
                                          std::uint64_t) const override {
    return {};
  }
  std::vector<host::DeadLetter> deadLetters(std::size_t, std::int64_t) const override { return {}; }
  Result<record::OwnedValue> profile(std::string_view, std::string_view) const override {
    return record::OwnedValue();
  }

  host::HostStatus now;
  metrics::MetricsSnapshot seen;
};

metrics::MetricsSnapshot snapshotAt(TimeMs ms, std::uint64_t in, std::uint64_t errors = 0) {
  metrics::MetricsSnapshot snapshot;
  snapshot.atMs = ms;
  snapshot.seconds = static_cast<double>(ms) / 1000;
  snapshot.in = in;
  metrics::NodeMetrics node;
  node.node = "b";
  node.in = in;
  node.errors = errors;
  node.busyNs = in * 10'000'000;
  snapshot.nodes.push_back(node);
  snapshot.edges.push_back({"a -> b", in});
  return snapshot;
}

}  // namespace

class BridgeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void savingAndUndoingKeepTheStateHonest();
  void findingsFollowEdits();
  void selectionForgetsWhatIsGone();
  void ratesComeFromTheLastTwoSeconds();
  void quantilesComeFromTheLastTenSeconds();
  void aNewRunBeginsAnew();
  void theBridgeAsksTwiceASecond();
  void searchKnowsSynonymsAndLetters();
  void secondLinesTellStepsApart();
};

void BridgeTest::savingAndUndoingKeepTheStateHonest() {
  QTemporaryDir folder;
  const spec::SpecCatalog catalog = catalogOfTheExample();
  bridge::DocumentModel document(catalog);
  pipeline::Project project = exampleProject();
  project.folder = folder.path().toStdString();
  document.open(std::move(project));
  QSignalSpy saved(&document, &bridge::DocumentModel::savedStateChanged);
  QVERIFY(!document.isEdited());
  document.apply(pipeline::GraphEdit::setTitle(document.project(), "outbox", "Mails"));
  QVERIFY(document.isEdited());
  document.undoStack().undo();
  QVERIFY(!document.isEdited());
  document.undoStack().redo();
  const Status status = document.save();
  QVERIFY2(status.ok(), status.ok() ? "" : status.error().text().c_str());
  QVERIFY(!document.isEdited());
  QVERIFY(saved.count() >= 4);
  document.undoStack().undo();
  QVERIFY(document.isEdited());
}

void BridgeTest::findingsFollowEdits() {
  const spec::SpecCatalog catalog = catalogOfTheExample();
  bridge::DocumentModel document(catalog);
  QSignalSpy found(&document, &bridge::DocumentModel::diagnosticsChanged);
  document.open(exampleProject());
  QTRY_VERIFY(document.isLintCurrent());
  const std::size_t before = document.diagnostics().size();
  document.apply(pipeline::GraphEdit::addNode(
      document.project(), pipeline::Node{"strange", "no.such.type", "", {}, {}}, {0, 900}));
  QVERIFY(!document.isLintCurrent());
  QTRY_VERIFY(document.isLintCurrent());
  QVERIFY(document.diagnostics().size() > before);
  document.undoStack().undo();
  QTRY_COMPARE(document.diagnostics().size(), before);
}

void BridgeTest::selectionForgetsWhatIsGone() {
  const spec::SpecCatalog catalog = catalogOfTheExample();
  bridge::DocumentModel document(catalog);
  bridge::SelectionModel selection(document);
  document.open(exampleProject());
  selection.set({"outbox", "basket-left"}, {"basket-reminder -> outbox"}, "outbox");
  QSignalSpy changed(&selection, &bridge::SelectionModel::changed);
  document.apply(pipeline::GraphEdit::removeNodes(document.project(), {"outbox"}));
  QCOMPARE(selection.nodes(), bridge::SelectionModel::Ids{"basket-left"});
  QVERIFY(selection.edges().empty());
  QCOMPARE(selection.current(), std::string("basket-left"));
  QCOMPARE(changed.count(), 1);
}

void BridgeTest::ratesComeFromTheLastTwoSeconds() {
  bridge::LiveWindow window;
  bridge::LiveSnapshot live;
  for (TimeMs ms = 0; ms <= 4'000; ms += 500)
    live = window.add(snapshotAt(ms, static_cast<std::uint64_t>(ms / 25)), {});
  QVERIFY(std::abs(live.nodes.at("b").rate - 40) < 0.5);
  QVERIFY(std::abs(live.edges.at("a -> b").rate - 40) < 0.5);
  QVERIFY(std::abs(live.edges.at("a -> b").busy - 0.4) < 0.01);
  for (TimeMs ms = 4'500; ms <= 6'500; ms += 500) live = window.add(snapshotAt(ms, 160), {});
  QCOMPARE(live.nodes.at("b").rate, 0.0);
  QCOMPARE(live.nodes.at("b").in, std::uint64_t{160});
  QCOMPARE(live.nodes.at("b").points, std::size_t{13});
}

void BridgeTest::quantilesComeFromTheLastTenSeconds() {
  bridge::LiveWindow window;
  metrics::MetricsSnapshot slow = snapshotAt(0, 1);
  slow.nodes[0].latency.add(900'000'000, 1'000);
  slow.endToEnd = slow.nodes[0].latency;
  bridge::LiveSnapshot live = window.add(slow, {});
  QVERIFY(std::abs(*live.nodes.at("b").p99Ms - 900) < 18);
  for (TimeMs ms = 500; ms <= 12'000; ms += 500) {
    slow.atMs = ms;
    slow.nodes[0].latency.add(2'000'000, 50);
    slow.endToEnd = slow.nodes[0].latency;
    live = window.add(slow, {});
  }
  QVERIFY(std::abs(*live.nodes.at("b").p99Ms - 2) < 0.04);
  QVERIFY(std::abs(live.p99Ms - 2) < 0.04);
}

void BridgeTest::aNewRunBeginsAnew() {
  bridge::LiveWindow window;
  window.add(snapshotAt(0, 100, 5), {});
  window.add(snapshotAt(1'000, 200, 5), {});
  const bridge::LiveSnapshot live = window.add(snapshotAt(2'000, 3), {});
  QCOMPARE(live.nodes.at("b").rate, 0.0);
  QCOMPARE(live.nodes.at("b").errors, std::uint64_t{0});
}

void BridgeTest::theBridgeAsksTwiceASecond() {
  ToldHost host;
  bridge::HostBridge hostBridge(host);
  QSignalSpy snapshots(&hostBridge, &bridge::HostBridge::snapshot);
  QSignalSpy states(&hostBridge, &bridge::HostBridge::stateChanged);
  hostBridge.run(exampleProject(), {});
  QCOMPARE(states.count(), 1);
  QCOMPARE(hostBridge.state(), host::RunState::Running);
  QTRY_VERIFY_WITH_TIMEOUT(snapshots.count() >= 3, 5'000);
  hostBridge.stop();
  QCOMPARE(states.count(), 2);
}

void BridgeTest::searchKnowsSynonymsAndLetters() {
  const spec::SpecCatalog catalog = catalogOfTheExample();
  const auto first = [&](const char* query) {
    const auto found = bridge::searchNodes(catalog, QString::fromUtf8(query));
    return found.empty() ? std::string() : found.front()->id;
  };
  QCOMPARE(first("mail"), std::string("email.render"));
  QCOMPARE(first("out"), std::string("file.outbox"));
  QCOMPARE(first("OUTBÓX"), std::string("file.outbox"));
  QCOMPARE(first("smvs"), std::string("events.generate"));
  QCOMPARE(first("zzzz"), std::string());
  QCOMPARE(bridge::searchNodes(catalog, QString()).size(), catalog.all().size());
}

void BridgeTest::secondLinesTellStepsApart() {
  const spec::SpecCatalog catalog = catalogOfTheExample();
  const pipeline::Project project = exampleProject();
  const auto line = [&](const char* id) {
    const pipeline::Node& node = *project.pipeline.find(id);
    return bridge::typeLine(node, catalog.find(node.type));
  };
  QCOMPARE(line("who-gets-a-reminder"), QStringLiteral("Branch · 2 cases"));
  QCOMPARE(line("customer-profile"), QStringLiteral("Profile"));
  pipeline::Node known = *project.pipeline.find("customer-profile");
  known.settings = *record::OwnedValue::fromJson(R"({"key": "{{ event.email }}"})");
  QCOMPARE(bridge::typeLine(known, catalog.find(known.type)),
           QStringLiteral("Profile · event.email"));
  QCOMPARE(line("basket-left"), QStringLiteral("Wait · 30 min"));
  QCOMPARE(line("your-website"), QStringLiteral("Website events"));
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::BridgeTest)
#include "bridge_test.moc"
