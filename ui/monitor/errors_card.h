// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "ui/monitor/bursts.h"
#include "ui/monitor/chart_card.h"

namespace freshet::monitor {

class BurstNote;
class Reasons;

// Which share of the events failed, and what the newest burst was about. `reasons` outlives it.
class ErrorsCard final : public ChartCard {
  Q_OBJECT

 public:
  ErrorsCard(theme::Theme& theme, const Reasons& reasons, QWidget* parent = nullptr);
  void setView(const LiveView& view) override;

 Q_SIGNALS:
  void problemsRequested();

 protected:
  void arrange() override;

 private:
  struct Span {
    double fromMs, toMs;
  };
  const Reasons& m_reasons;
  std::optional<Span> m_burst;
  BurstNote* m_note;
};

}  // namespace freshet::monitor
