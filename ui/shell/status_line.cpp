// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_line.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <cmath>

#include "ui/shell/icon_label.h"
#include "ui/shell/panel_context.h"
#include "ui/shell/run_control.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/label.h"
#include "ui/widgets/state_mark.h"

namespace freshet::shell {

namespace m = theme::metrics;
using host::RunState;
using widgets::Ink;
using widgets::Label;

namespace {

constexpr TimeMs kEmailsMs = 15'000;
constexpr int kDivider = 14;

QWidget* makeShortDivider(QWidget* parent) {
  QWidget* divider = widgets::makeDivider(Qt::Vertical, parent);
  divider->setFixedHeight(kDivider);
  return divider;
}

// "40", "0.9": what a person says of a rate.
QString spokenRate(double rate) {
  return rate >= 9.95 ? theme::groupedNumber(std::llround(rate)) : QString::number(rate, 'f', 1);
}

theme::State markOf(RunState state, bool hasTrouble) {
  switch (state) {
    case RunState::Starting:
    case RunState::Draining:
      return theme::State::Starting;
    case RunState::Running:
      return hasTrouble ? theme::State::Warning : theme::State::Running;
    case RunState::Failed:
      return theme::State::Error;
    default:
      return theme::State::Stopped;
  }
}

}  // namespace

QString runSentence(const bridge::LiveSnapshot& live, const pipeline::Project& project,
                    const spec::SpecCatalog& catalog, bool isDryRun, double emailsASecond) {
  const QString dot = QStringLiteral(" · ");
  const auto trouble = [&] {
    return live.status.error ? QString::fromStdString(live.status.error->message) : QString();
  };
  switch (live.status.state) {
    case RunState::Starting:
      return StatusLine::tr("Starting on this computer");
    case RunState::Draining: {
      std::uint64_t held = 0;
      for (const auto& [id, node] : live.nodes) held += node.held;
      return held == 0 ? StatusLine::tr("Stopping: the last events are on their way")
                       : StatusLine::tr("Stopping: %1 events are held back and kept")
                             .arg(theme::groupedNumber(static_cast<qint64>(held)));
    }
    case RunState::Failed:
      return StatusLine::tr("Stopped by a fault") + dot + trouble();
    case RunState::Finished:
      return StatusLine::tr("Finished") + dot +
             StatusLine::tr("%1 events").arg(theme::groupedNumber(static_cast<qint64>(live.in)));
    case RunState::Stopped:
      return live.hasRun ? StatusLine::tr("Stopped") + dot +
                               StatusLine::tr("%1 events")
                                   .arg(theme::groupedNumber(static_cast<qint64>(live.in)))
                         : StatusLine::tr("Ready to run on this computer");
    case RunState::Running:
      break;
  }
  const bool isEmail = writesEmails(project, catalog);
  QString words = isDryRun ? StatusLine::tr("Dry run on this computer")
                           : StatusLine::tr("Running on this computer");
  if (live.status.error) return words + dot + StatusLine::tr("trying again: ") + trouble();
  words += dot + StatusLine::tr("%1 events a second").arg(spokenRate(live.inRate));
  if (isEmail) {
    const QString rate = spokenRate(emailsASecond);
    words += dot + (isDryRun ? StatusLine::tr("%1 emails a second recorded").arg(rate)
                             : StatusLine::tr("%1 emails a second").arg(rate));
  }
  if (isDryRun) return words + dot + StatusLine::tr("nothing is sent");
  if (isEmail && !leavesThisComputer(project, catalog))
    words += dot + StatusLine::tr("local outbox");
  return words;
}

StatusLine::StatusLine(PanelContext& context, RunControl& run, QWidget* parent)
    : QWidget(parent), m_context(context), m_run(run) {
  setObjectName(QStringLiteral("statusLine"));
  setAccessibleName(tr("Status"));
  setGround(this, widgets::Ground::Surface);
  setFixedHeight(m::kStatusBar);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(m::kGapCard, 0, m::kGapCard, 0);
  row->setSpacing(m::kGapControl);
  m_mark = new widgets::StateMark(context.theme(), this);
  m_sentence = new Label({}, theme::TextRole::Label, Ink::Secondary, this);
  m_sentence->setObjectName(QStringLiteral("runSentence"));
  row->addWidget(m_mark);
  row->addWidget(m_sentence, 1);

  m_clock = new QWidget(this);
  auto* clock = new QHBoxLayout(m_clock);
  clock->setContentsMargins(0, 0, 0, 0);
  clock->setSpacing(m::kGapTight + 2);
  clock->addWidget(new IconLabel(context.theme(), QStringLiteral("hourglass"), 14, m_clock));
  m_clockWords = new Label({}, theme::TextRole::Label, Ink::Secondary, m_clock);
  m_clockWords->setObjectName(QStringLiteral("shopClock"));
  clock->addWidget(m_clockWords);
  clock->addSpacing(m::kGapTight);
  clock->addWidget(makeShortDivider(m_clock));
  row->addWidget(m_clock);

  m_problemBox = new QWidget(this);
  auto* problems = new QHBoxLayout(m_problemBox);
  problems->setContentsMargins(0, 0, 0, 0);
  problems->setSpacing(m::kGapTight + 2);
  auto* mark = new widgets::StateMark(context.theme(), m_problemBox);
  mark->setState(theme::State::Warning);
  m_problems = new QPushButton(m_problemBox);
  m_problems->setObjectName(QStringLiteral("problemCount"));
  m_problems->setFlat(true);
  m_problems->setFont(theme::font(theme::TextRole::LabelStrong));
  m_problems->setProperty("status", true);
  connect(m_problems, &QPushButton::clicked, this,
          [this] { Q_EMIT m_context.panelRequested(QStringLiteral("problems")); });
  problems->addWidget(mark);
  problems->addWidget(m_problems);
  problems->addSpacing(m::kGapTight);
  problems->addWidget(makeShortDivider(m_problemBox));
  row->addWidget(m_problemBox);

  m_zoom = new Label({}, theme::TextRole::Label, Ink::Secondary, this);
  m_zoom->setObjectName(QStringLiteral("zoom"));
  row->addWidget(m_zoom);
  m_caret = new Label({}, theme::TextRole::Label, Ink::Secondary, this);
  m_caret->setObjectName(QStringLiteral("caret"));
  row->addWidget(m_caret);
  m_caret->hide();

  connect(&context.host(), &bridge::HostBridge::snapshot, this, [this](const auto& live) {
    followClock(live);
    refresh();
  });
  connect(&run, &RunControl::changed, this, &StatusLine::refresh);
  m_clock->hide();
  setProblems(0);
  setZoom(1);
  refresh();
}

void StatusLine::refresh() {
  const bridge::LiveSnapshot& live = m_context.host().current();
  m_mark->setState(markOf(live.status.state, live.status.error.has_value()));
  QString words = runSentence(live, m_context.document().project(), m_context.document().catalog(),
                              m_run.isDryRun(), emailRate(live));
  if (m_run.isBehind()) words += tr(" · F5 runs your changes");
  m_sentence->setText(words);
}

double StatusLine::emailRate(const bridge::LiveSnapshot& live) {
  Emails now{live.atMs, 0};
  for (const pipeline::Node& node : m_context.document().project().pipeline.nodes) {
    const spec::NodeSpec* spec = m_context.document().catalog().find(node.type);
    const auto found = live.nodes.find(node.id);
    if (spec && spec->family == spec::Family::Template && found != live.nodes.end())
      now.count += found->second.out;
  }
  if (!m_emails.empty() && now.count < m_emails.back().count) m_emails.clear();
  if (m_emails.empty() || m_emails.back().atMs != now.atMs) m_emails.push_back(now);
  while (now.atMs - m_emails.front().atMs > kEmailsMs) m_emails.pop_front();
  const auto passed = static_cast<double>(now.atMs - m_emails.front().atMs);
  const auto count = static_cast<double>(now.count - m_emails.front().count);
  return passed > 0 ? count * 1'000 / passed : 0;
}

// Measured, not read from a setting: how far the run's clock got while ours went on.
void StatusLine::followClock(const bridge::LiveSnapshot& live) {
  if (live.status.state != RunState::Running || live.runNowMs == 0) {
    m_clockFromWallMs = 0;
    return m_clock->hide();
  }
  if (m_clockFromWallMs == 0) {
    m_clockFromWallMs = live.atMs;
    m_clockFromRunMs = live.runNowMs;
    return;
  }
  const double wall = static_cast<double>(live.atMs - m_clockFromWallMs);
  if (wall < 900) return;
  const double speed = static_cast<double>(live.runNowMs - m_clockFromRunMs) / wall;
  m_clock->setVisible(speed >= 1.5 && speed < 100'000);
  m_clockWords->setText(
      tr("Shop clock %1 × as fast").arg(theme::groupedNumber(std::llround(speed))));
}

void StatusLine::setZoom(double zoom) {
  m_zoom->setText(tr("%1 %").arg(std::lround(zoom * 100)));
}

void StatusLine::setCaret(const QString& words) {
  m_caret->setText(words);
  m_caret->setVisible(!words.isEmpty());
  m_zoom->setVisible(words.isEmpty());
}

void StatusLine::setProblems(int count) {
  m_problemBox->setVisible(count > 0);
  m_problems->setText(count == 1 ? tr("1 problem") : tr("%1 problems").arg(count));
}

}  // namespace freshet::shell
