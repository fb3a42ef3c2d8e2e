// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/live_panel.h"

#include <QHBoxLayout>
#include <QStackedLayout>

#include "ui/monitor/errors_card.h"
#include "ui/monitor/latency_card.h"
#include "ui/monitor/slowest_card.h"
#include "ui/monitor/time_chart.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"

namespace freshet::monitor {

namespace m = theme::metrics;

LivePanel::LivePanel(shell::PanelContext& context, QWidget* parent)
    : Panel(parent),
      m_context(context),
      m_corner(new LiveCorner(context.theme(), this)),
      m_pages(new QStackedLayout) {
  setObjectName(QStringLiteral("livePanel"));
  widgets::setGround(this, widgets::Ground::Window);
  auto* empty = new widgets::EmptyState(
      context.theme(), tr("Numbers appear here when the pipeline runs."), tr("Run"), this);
  connect(empty, &widgets::EmptyState::activated, &context, &shell::PanelContext::runRequested);
  m_pages->addWidget(empty);
  m_pages->addWidget(makeCards());
  setLayout(m_pages);

  connect(m_corner, &LiveCorner::rangeChanged, this, [this] {
    m_zoom.reset();
    refresh();
  });
  connect(m_corner, &LiveCorner::pausedChanged, this, [this] {
    if (m_corner->isPaused()) return;
    m_zoom.reset();
    take(m_context.host().current());
    refresh();
  });
  connect(&context.theme(), &theme::Theme::changed, this, &LivePanel::refresh);
  connect(&context.host(), &bridge::HostBridge::snapshot, this, &LivePanel::take);
  take(context.host().current());
}

LivePanel::~LivePanel() = default;

QWidget* LivePanel::corner() {
  return m_corner;
}

QWidget* LivePanel::makeCards() {
  auto* cards = new QWidget(this);
  cards->setObjectName(QStringLiteral("liveCards"));
  auto* row = new QHBoxLayout(cards);
  // A pixel less below: the dock's two lines leave 198 of its 236.
  row->setContentsMargins(m::kGapCard, m::kGapCard, m::kGapCard, m::kGapCard - 1);
  row->setSpacing(m::kGapCard);
  m_latency = new LatencyCard(m_context.theme(), cards);
  m_errors = new ErrorsCard(m_context.theme(), m_reasons, cards);
  m_slowest = new SlowestCard(m_context.theme(), m_context.document(), cards);
  for (QWidget* card : {static_cast<QWidget*>(m_latency), static_cast<QWidget*>(m_errors),
                        static_cast<QWidget*>(m_slowest)})
    row->addWidget(card, 1);
  connect(m_errors, &ErrorsCard::problemsRequested, this,
          [this] { Q_EMIT m_context.panelRequested(QStringLiteral("problems")); });
  connect(m_slowest, &SlowestCard::chosen, this, [this](const std::string& node) {
    m_context.selection().selectNode(node);
    Q_EMIT m_context.revealRequested(node);
  });
  share(m_latency->chart());
  share(m_errors->chart());
  return cards;
}

void LivePanel::share(TimeChart& chart) {
  connect(&chart, &TimeChart::hovered, this, [this, &chart](TimeMs atMs) {
    for (TimeChart* one : {&m_latency->chart(), &m_errors->chart()})
      one->setCrosshair(atMs, one == &chart);
  });
  connect(&chart, &TimeChart::left, this, [this] {
    for (TimeChart* one : {&m_latency->chart(), &m_errors->chart()})
      one->setCrosshair(std::nullopt, false);
  });
  connect(&chart, &TimeChart::zoomed, this, [this](TimeMs fromMs, TimeMs toMs) {
    zoom({fromMs, toMs});
  });
  connect(&chart, &TimeChart::zoomReset, this, [this] {
    if (m_zoom) m_corner->setPaused(false);
  });
}

void LivePanel::zoom(TimeSpan span) {
  m_corner->setPaused(true);
  m_zoom = span;
  refresh();
}

void LivePanel::take(const bridge::LiveSnapshot& live) {
  const TimeMs startMs = m_history.startMs();
  m_history.add(live);
  if (m_history.isEmpty() || m_history.startMs() != startMs) {
    m_reasons.clear();
    m_corner->reset();
  }
  if (live.hasRun) m_reasons.update(m_context.host().host(), live.dead);
  m_pages->setCurrentIndex(m_history.isEmpty() ? 0 : 1);
  m_corner->setEnabled(!m_history.isEmpty());
  if (m_corner->isPaused()) return;
  m_shown = live;
  m_corner->follow(m_history);
  if (isVisible()) refresh();
}

void LivePanel::refresh() {
  if (m_history.isEmpty()) return;
  const TimeMs endMs =
      m_corner->isPaused() ? m_shown.atMs : std::max(m_history.startMs(), m_history.endMs());
  const TimeSpan span = m_zoom ? *m_zoom : spanOf(m_corner->range(), m_history, endMs);
  const LiveView view{m_history, m_shown, span.fromMs, span.toMs};
  m_latency->setView(view);
  m_errors->setView(view);
  m_slowest->setLive(m_shown);
}

void LivePanel::showEvent(QShowEvent* event) {
  Panel::showEvent(event);
  refresh();
}

void registerPanel(shell::PanelRegistry& registry) {
  shell::PanelSpec spec;
  spec.id = QStringLiteral("live");
  spec.title = LivePanel::tr("Live");
  spec.place = shell::PanelPlace::Bottom;
  spec.order = 0;
  spec.make = [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
    return new LivePanel(context, parent);
  };
  registry.add(std::move(spec));
}

}  // namespace freshet::monitor
