// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>

#include "ui/bridge/document_model.h"
#include "ui/bridge/live_window.h"
#include "ui/monitor/slowest_row.h"
#include "ui/widgets/card.h"

namespace freshet::monitor {

class ChartTitle;

// The steps of the document with the highest p99, slowest first, at most `most`.
std::vector<SlowStep> slowestSteps(const bridge::LiveSnapshot& live,
                                   const bridge::DocumentModel& document, std::size_t most);

// Where the time goes: three steps, each with its share of all steps' p99.
class SlowestCard final : public widgets::Card {
  Q_OBJECT

 public:
  static constexpr std::size_t kRows = 3;

  SlowestCard(theme::Theme& theme, const bridge::DocumentModel& document,
              QWidget* parent = nullptr);
  void setLive(const bridge::LiveSnapshot& live);
  SlowestRow& row(std::size_t at) { return *m_rows[at]; }

 Q_SIGNALS:
  void chosen(const std::string& node);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  const bridge::DocumentModel& m_document;
  ChartTitle* m_title;
  std::array<SlowestRow*, kRows> m_rows;
};

}  // namespace freshet::monitor
