// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/live_corner.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <algorithm>

#include "ui/monitor/history.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"

namespace freshet::monitor {
namespace {

constexpr TimeMs kMinute = 60'000;
constexpr TimeMs kFiveMinutes = 5 * kMinute;

}  // namespace

TimeSpan spanOf(Range range, const History& history, TimeMs nowMs) {
  const TimeMs since = std::clamp(nowMs - history.startMs(), kMinute, History::kLengthMs);
  const TimeMs length = range == Range::OneMinute     ? kMinute
                        : range == Range::FiveMinutes ? kFiveMinutes
                                                      : since;
  // A young run begins at the left edge and grows to the right.
  if (range == Range::SinceStart && since == kMinute)
    return {history.startMs(), history.startMs() + kMinute};
  return {nowMs - length, nowMs};
}

LiveCorner::LiveCorner(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_ranges(new widgets::Button(theme, widgets::Button::Kind::Ghost, {}, this)),
      m_pause(new widgets::Button(theme, widgets::Button::Kind::Ghost, tr("Pause"), this)),
      m_actions(new QActionGroup(this)) {
  setObjectName(QStringLiteral("liveCorner"));
  m_ranges->setObjectName(QStringLiteral("liveRange"));
  m_ranges->setSize(widgets::Button::Size::Compact);
  m_ranges->setChevron(true);
  m_ranges->setText(tr("Since start"));
  m_pause->setObjectName(QStringLiteral("livePause"));
  m_pause->setSize(widgets::Button::Size::Compact);
  m_pause->setIconName(QStringLiteral("pause"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::metrics::kGapTight);
  row->addWidget(m_ranges);
  row->addWidget(m_pause);

  auto* menu = new QMenu(this);
  const auto add = [&](const QString& text, Range range) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setData(static_cast<int>(range));
    m_actions->addAction(action);
    connect(action, &QAction::triggered, this, [this, range] { choose(range); });
  };
  add(tr("Since start"), Range::SinceStart);
  add(tr("5 minutes"), Range::FiveMinutes);
  add(tr("1 minute"), Range::OneMinute);
  m_actions->actions().constFirst()->setChecked(true);
  m_ranges->setMenu(menu);
  connect(m_pause, &QPushButton::clicked, this, [this] { setPaused(!m_isPaused); });
}

void LiveCorner::setPaused(bool paused) {
  if (m_isPaused == paused) return;
  m_isPaused = paused;
  m_pause->setText(paused ? tr("Back to live") : tr("Pause"));
  m_pause->setIconName(paused ? QStringLiteral("play") : QStringLiteral("pause"));
  m_pause->setProminent(paused);
  Q_EMIT pausedChanged();
}

void LiveCorner::choose(Range range) {
  m_isChosen = true;
  setRange(range);
}

void LiveCorner::reset() {
  m_isChosen = false;
  setRange(Range::SinceStart);
  setPaused(false);
}

void LiveCorner::follow(const History& history) {
  if (!m_isChosen && history.endMs() - history.startMs() > kFiveMinutes)
    setRange(Range::FiveMinutes);
}

void LiveCorner::setRange(Range range) {
  if (m_range == range) return;
  m_range = range;
  for (QAction* action : m_actions->actions()) {
    if (action->data().toInt() != static_cast<int>(range)) continue;
    action->setChecked(true);
    m_ranges->setText(action->text());
  }
  Q_EMIT rangeChanged();
}

}  // namespace freshet::monitor
