// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "tests/ui/monitor_fixture.h"
#include "ui/monitor/burst_note.h"
#include "ui/monitor/bursts.h"
#include "ui/monitor/chart_title.h"
#include "ui/monitor/errors_card.h"
#include "ui/monitor/latency_card.h"
#include "ui/monitor/live_corner.h"
#include "ui/monitor/slowest_card.h"
#include "ui/monitor/time_chart.h"
#include "ui/widgets/empty_state.h"

namespace freshet::uitest {

using namespace monitor;

class MonitorTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void historyKeepsAnHour();
  void anotherRunBeginsAnew();
  void aRunThatStandsStillAddsNothing();
  void percentilesNeverCross();
  void missingDataIsAGap();
  void thinningKeepsSpikes();
  void axesAreRound();
  void rangesStayBetweenAMinuteAndTheHistory();
  void cardsHaveTheirSizes();
  void chartsStaySmall();
  void fewSamplesAreDotted();
  void slowestRowSelects();
  void burstSaysWhyAndOpensProblems();
  void crosshairIsShared();
  void pauseGoesOnCollecting();
  void draggingZooms();
  void silenceIsNamed();
  void emptyStateRuns();
};

namespace {

bridge::LiveSnapshot liveAt(TimeMs atMs) {
  bridge::LiveSnapshot live;
  live.hasRun = true;
  live.status.state = host::RunState::Running;
  live.atMs = atMs;
  live.seconds = static_cast<double>(atMs) / 1000;
  live.in = static_cast<std::uint64_t>(atMs);
  live.samples = 1'000;
  return live;
}

}  // namespace

void MonitorTest::historyKeepsAnHour() {
  History history;
  for (TimeMs at = 0; at <= 2 * History::kLengthMs; at += 500) history.add(liveAt(at));
  QCOMPARE(history.points().size(), History::kMost);
  QVERIFY(history.points().front().atMs >= History::kLengthMs);
  QCOMPARE(history.endMs(), 2 * History::kLengthMs);
  QCOMPARE(history.startMs(), TimeMs(0));
}

void MonitorTest::anotherRunBeginsAnew() {
  History history;
  history.add(liveAt(10'000));
  history.add(liveAt(10'500));
  bridge::LiveSnapshot again = liveAt(20'000);
  again.in = 3;
  again.seconds = 0.1;
  QVERIFY(history.add(again));
  QCOMPARE(history.points().size(), std::size_t(1));
  QCOMPARE(history.startMs(), TimeMs(20'000));
  history.add({});
  QVERIFY(history.isEmpty());
}

void MonitorTest::aRunThatStandsStillAddsNothing() {
  History history;
  history.add(liveAt(1'000));
  bridge::LiveSnapshot stopped = liveAt(1'500);
  stopped.status.state = host::RunState::Finished;
  QVERIFY(history.add(stopped));  // the last events of a run still count
  stopped.atMs = 2'000;
  QVERIFY(!history.add(stopped));
  QVERIFY(!history.add(liveAt(1'500)));
}

void MonitorTest::percentilesNeverCross() {
  History history;
  bridge::LiveSnapshot live = liveAt(1'000);
  live.p50Ms = 3;
  live.p95Ms = 2.9;
  live.p99Ms = 2.95;
  history.add(live);
  const MetricPoint& point = history.points().back();
  QVERIFY(point.p50Ms <= point.p95Ms && point.p95Ms <= point.p99Ms);
}

void MonitorTest::missingDataIsAGap() {
  std::vector<Sample> samples;
  for (TimeMs at = 0; at < 10'000; at += 500)
    samples.push_back({at, at == 4'000 ? std::nan("") : 1.0, false});
  QCOMPARE(strandsOf(samples, 0, 10'000, 100).size(), std::size_t(2));
  samples.push_back({15'000, 1, false});  // nothing came for 5 s
  samples.push_back({15'500, 1, true});
  const auto strands = strandsOf(samples, 0, 20'000, 100);
  QCOMPARE(strands.size(), std::size_t(4));
  QVERIFY(strands[3].isFew);
  QCOMPARE(strands[3].points.front().x(), 15'000.0);  // joined to the one before

  History history;
  bridge::LiveSnapshot silent = liveAt(1'000);
  silent.samples = 0;
  history.add(silent);
  QVERIFY(std::isnan(history.points().back().p99Ms));
  QVERIFY(std::isnan(history.points().back().errorShare));
}

void MonitorTest::thinningKeepsSpikes() {
  std::vector<Sample> samples;
  for (TimeMs at = 0; at < History::kLengthMs; at += 500)
    samples.push_back({at, at == 1'234'500 ? 90.0 : at == 2'000'000 ? 0.5 : 3.0, false});
  const auto strands = strandsOf(samples, 0, History::kLengthMs, TimeChart::kColumns);
  QCOMPARE(strands.size(), std::size_t(1));
  QVERIFY(strands[0].points.size() <= 600);
  QVERIFY(strands[0].points.contains(QPointF(1'234'500, 90)));
  QVERIFY(strands[0].points.contains(QPointF(2'000'000, 0.5)));
  for (qsizetype i = 1; i < strands[0].points.size(); ++i)
    QVERIFY(strands[0].points[i - 1].x() < strands[0].points[i].x());
}

void MonitorTest::axesAreRound() {
  QCOMPARE(latencyAxis(0).max(), 120.0);
  QCOMPARE(latencyAxis(52).step, 40.0);
  QCOMPARE(latencyAxis(200).step, 80.0);
  QCOMPARE(latencyAxis(1'000).step, 400.0);
  QCOMPARE(percentAxis(8.1).step, 3.0);
  QCOMPARE(percentAxis(0).max(), 3.0);
  QCOMPARE(niceStep(0.021), 0.025);
  for (double high = 0.3; high < 1e5; high *= 1.37) {
    QVERIFY(latencyAxis(high).max() >= high);
    QVERIFY(percentAxis(high).max() >= high);
  }

  const TimeMs start = QDateTime(QDate(2026, 3, 5), QTime(14, 1, 40)).toMSecsSinceEpoch();
  const auto ticks = timeTicks(start, start + 150'000, 3);
  QCOMPARE(ticks.size(), std::size_t(3));
  QCOMPARE(ticks[0].text, QStringLiteral("14:02"));
  QCOMPARE(ticks[2].text, QStringLiteral("14:04"));
  for (TimeMs length = 60'000; length <= History::kLengthMs; length += 77'000) {
    const auto few = timeTicks(start, start + length, 3);
    QVERIFY(!few.empty() && few.size() <= 4);
  }
}

void MonitorTest::rangesStayBetweenAMinuteAndTheHistory() {
  History history;
  history.add(liveAt(1'000'000));
  TimeSpan span = spanOf(Range::SinceStart, history, 1'003'000);
  QCOMPARE(span.toMs - span.fromMs, TimeMs(60'000));
  QCOMPARE(span.fromMs, TimeMs(1'000'000));
  span = spanOf(Range::SinceStart, history, 1'150'000);
  QCOMPARE(span.toMs - span.fromMs, TimeMs(150'000));
  span = spanOf(Range::SinceStart, history, 1'000'000 + 3 * History::kLengthMs);
  QCOMPARE(span.toMs - span.fromMs, History::kLengthMs);
  span = spanOf(Range::OneMinute, history, 1'150'000);
  QCOMPARE(span.fromMs, TimeMs(1'090'000));
}

void MonitorTest::cardsHaveTheirSizes() {
  LiveFixture fixture;
  fixture.tick();
  QCoreApplication::processEvents();
  auto* latency = fixture.panel.findChild<LatencyCard*>();
  auto* errors = fixture.panel.findChild<ErrorsCard*>();
  auto* slowest = fixture.panel.findChild<SlowestCard*>();
  for (const QWidget* card : {static_cast<QWidget*>(latency), static_cast<QWidget*>(errors),
                              static_cast<QWidget*>(slowest)})
    QCOMPARE(card->size(), QSize(312, 175));
  QCOMPARE(latency->title().height(), 40);
  QCOMPARE(errors->x() - latency->geometry().right() - 1, 12);
  QCOMPARE(latency->chart().plot(), QRectF(44, 40, 312 - 44 - 14, 175 - 40 - 26));
  QCOMPARE(latency->chart().content().axis.step, 40.0);
  for (std::size_t i = 0; i < SlowestCard::kRows; ++i) QCOMPARE(slowest->row(i).height(), 42);
}

void MonitorTest::chartsStaySmall() {
  LiveFixture fixture;
  fixture.panel.resize(2'400, 198);
  fixture.playPictures();
  for (TimeChart* chart : fixture.panel.findChildren<TimeChart*>()) {
    QVERIFY(chart->pointCount() > 100);
    QVERIFY(chart->pointCount() <= 600);
  }
  fixture.host.numbers.atMs += 30'000;  // the program slept
  fixture.tick();
  auto& latency = fixture.panel.findChild<LatencyCard*>()->chart();
  // Three lines on both sides of the gap; p99 begins dotted.
  QCOMPARE(latency.strandCount(), 7);
}

void MonitorTest::fewSamplesAreDotted() {
  LiveFixture fixture;
  for (int i = 0; i < 4; ++i) fixture.tick(2, 0, 3);
  const auto& series = fixture.panel.findChild<LatencyCard*>()->chart().content().series;
  QVERIFY(series[2].samples.back().isFew);
  QVERIFY(!series[1].samples.back().isFew);
  for (int i = 0; i < 40; ++i) fixture.tick(2, 0, 20);
  QVERIFY(!series[2].samples.back().isFew);
}

void MonitorTest::slowestRowSelects() {
  LiveFixture fixture;
  for (int i = 0; i < 10; ++i) fixture.tick(4);
  auto* slowest = fixture.panel.findChild<SlowestCard*>();
  QCOMPARE(slowest->row(0).step().node, std::string("outbox"));
  QCOMPARE(slowest->row(1).step().node, std::string("basket-reminder"));
  QVERIFY(slowest->row(0).step().share > slowest->row(1).step().share);
  const auto steps = slowestSteps(fixture.bridge.current(), fixture.document, 100);
  double sum = 0;
  for (const SlowStep& step : steps) sum += step.share;
  QVERIFY(std::abs(sum - 1) < 1e-9);

  QSignalSpy revealed(&fixture.context, &shell::PanelContext::revealRequested);
  QTest::mouseClick(&slowest->row(1), Qt::LeftButton);
  QCOMPARE(fixture.selection.current(), std::string("basket-reminder"));
  QCOMPARE(revealed.count(), 1);
  slowest->row(0).setFocus();
  QTest::keyClick(&slowest->row(0), Qt::Key_Space);
  QCOMPARE(fixture.selection.current(), std::string("outbox"));
}

void MonitorTest::burstSaysWhyAndOpensProblems() {
  LiveFixture fixture;
  for (int i = 0; i < 80; ++i) fixture.tick(2, i % 20 == 0);
  auto* note = fixture.panel.findChild<BurstNote*>();
  QVERIFY(!note->isVisible() || note->keptText().isEmpty());
  for (int i = 0; i < 16; ++i) fixture.tick(2, 2);
  for (int i = 0; i < 60; ++i) fixture.tick(2, 0);
  QVERIFY(note->isVisible());
  QCOMPARE(note->reason(), QStringLiteral("No currency"));
  QCOMPARE(note->keptText(), QStringLiteral("32 events kept"));
  QSignalSpy asked(&fixture.context, &shell::PanelContext::panelRequested);
  QTest::mouseClick(note, Qt::LeftButton);
  QCOMPARE(asked.count(), 1);
  QCOMPARE(asked[0][0].toString(), QStringLiteral("problems"));
}

void MonitorTest::crosshairIsShared() {
  LiveFixture fixture;
  for (int i = 0; i < 150; ++i) fixture.tick(2);
  auto& latency = fixture.panel.findChild<LatencyCard*>()->chart();
  auto& errors = fixture.panel.findChild<ErrorsCard*>()->chart();
  Q_EMIT latency.hovered(fixture.host.numbers.atMs - 20'000);
  QCOMPARE(errors.crosshair(), latency.crosshair());
  QVERIFY(errors.crosshair().has_value());
  Q_EMIT latency.left();
  QVERIFY(!errors.crosshair());
}

void MonitorTest::pauseGoesOnCollecting() {
  LiveFixture fixture;
  for (int i = 0; i < 140; ++i) fixture.tick(2);
  auto* pause = fixture.panel.corner()->findChild<QAbstractButton*>(QStringLiteral("livePause"));
  auto& chart = fixture.panel.findChild<LatencyCard*>()->chart();
  pause->click();
  QCOMPARE(pause->text(), QStringLiteral("Back to live"));
  const TimeMs shownTo = chart.content().toMs;
  const std::size_t known = fixture.panel.history().points().size();
  for (int i = 0; i < 20; ++i) fixture.tick(9);
  QCOMPARE(chart.content().toMs, shownTo);
  QCOMPARE(fixture.panel.history().points().size(), known + 20);
  pause->click();
  QCOMPARE(pause->text(), QStringLiteral("Pause"));
  QCOMPARE(chart.content().toMs, shownTo + 20 * 500);
}

void MonitorTest::draggingZooms() {
  LiveFixture fixture;
  for (int i = 0; i < 240; ++i) fixture.tick(2);
  QCoreApplication::processEvents();
  auto& latency = fixture.panel.findChild<LatencyCard*>()->chart();
  auto& errors = fixture.panel.findChild<ErrorsCard*>()->chart();
  const TimeMs from = latency.content().fromMs;
  const TimeMs length = latency.content().toMs - from;
  QTest::mousePress(errors.viewport(), Qt::LeftButton, {}, QPoint(171, 80));
  QTest::mouseRelease(errors.viewport(), Qt::LeftButton, {}, QPoint(107, 90));
  for (const TimeChart* chart : {&latency, &errors}) {
    QVERIFY(std::abs(chart->content().fromMs - (from + length / 4)) < 1'000);
    QVERIFY(std::abs(chart->content().toMs - (from + length / 2)) < 1'000);
  }
  auto* corner = static_cast<LiveCorner*>(fixture.panel.corner());
  QVERIFY(corner->isPaused());
  QTest::mouseDClick(latency.viewport(), Qt::LeftButton, {}, QPoint(100, 80));
  QVERIFY(!corner->isPaused());
  QCOMPARE(errors.content().fromMs, from);
}

void MonitorTest::silenceIsNamed() {
  LiveFixture fixture;
  for (int i = 0; i < 40; ++i) fixture.tick(2);
  for (int i = 0; i < 40; ++i) fixture.tick(2, 0, 0);
  for (ChartCard* card : fixture.panel.findChildren<ChartCard*>()) {
    QVERIFY(std::isnan(card->chart().content().series.back().samples.back().value));
    QVERIFY(card->title().content().figure.isEmpty());
    QVERIFY(card->title().content().caption.text.startsWith(QStringLiteral("no data since 14:02")));
  }
}

void MonitorTest::emptyStateRuns() {
  LiveFixture fixture;
  auto* empty = fixture.panel.findChild<widgets::EmptyState*>();
  QVERIFY(empty->isVisible());
  QVERIFY(!fixture.panel.corner()->isEnabled());
  QSignalSpy asked(&fixture.context, &shell::PanelContext::runRequested);
  QTest::mouseClick(empty->findChild<QAbstractButton*>(), Qt::LeftButton);
  QCOMPARE(asked.count(), 1);
  fixture.tick();
  QVERIFY(!empty->isVisible());
  fixture.bridge.reset();
  QVERIFY(empty->isVisible());
}

}  // namespace freshet::uitest

QTEST_MAIN(freshet::uitest::MonitorTest)
#include "monitor_test.moc"
