// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/monitor/chart_card.h"

namespace freshet::monitor {

// How long events take from poll to acknowledgement: p50, p95, p99 and the objective.
class LatencyCard final : public ChartCard {
  Q_OBJECT

 public:
  static constexpr double kObjectiveMs = 100;

  explicit LatencyCard(theme::Theme& theme, QWidget* parent = nullptr);
  void setView(const LiveView& view) override;
};

}  // namespace freshet::monitor
