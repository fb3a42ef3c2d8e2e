// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/slowest_card.h"

#include <algorithm>

#include "ui/bridge/node_words.h"
#include "ui/monitor/chart_title.h"

namespace freshet::monitor {

std::vector<SlowStep> slowestSteps(const bridge::LiveSnapshot& live,
                                   const bridge::DocumentModel& document, std::size_t most) {
  std::vector<SlowStep> steps;
  double sum = 0;
  for (const pipeline::Node& node : document.project().pipeline.nodes) {
    const auto found = live.nodes.find(node.id);
    if (found == live.nodes.end() || !found->second.p99Ms) continue;
    const spec::NodeSpec* spec = document.catalog().find(node.type);
    steps.push_back({node.id, bridge::titleOf(node, spec), bridge::iconOf(spec),
                     bridge::familyOf(spec), *found->second.p99Ms, 0});
    sum += *found->second.p99Ms;
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const SlowStep& a, const SlowStep& b) { return a.p99Ms > b.p99Ms; });
  if (steps.size() > most) steps.resize(most);
  for (SlowStep& step : steps) step.share = sum > 0 ? step.p99Ms / sum : 0;
  return steps;
}

SlowestCard::SlowestCard(theme::Theme& theme, const bridge::DocumentModel& document,
                         QWidget* parent)
    : Card(theme, parent), m_document(document), m_title(new ChartTitle(theme, this)) {
  setObjectName(QStringLiteral("slowestCard"));
  for (SlowestRow*& row : m_rows) {
    row = new SlowestRow(theme, this);
    row->hide();
    connect(row, &QAbstractButton::clicked, this, [this, row] { Q_EMIT chosen(row->step().node); });
  }
}

void SlowestCard::setLive(const bridge::LiveSnapshot& live) {
  TitleContent heading;
  heading.title = tr("Slowest steps");
  heading.parts.push_back({tr("p99 and share of all steps"), theme()->text3, false});
  m_title->setContent(std::move(heading));
  std::vector<SlowStep> steps = slowestSteps(live, m_document, kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    m_rows[i]->setVisible(i < steps.size());
    if (i < steps.size()) m_rows[i]->setStep(std::move(steps[i]));
  }
}

void SlowestCard::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  m_title->setGeometry(0, 0, width(), ChartTitle::kHeight);
  int top = ChartTitle::kHeight;
  for (SlowestRow* row : m_rows) {
    row->setGeometry(0, top, width(), SlowestRow::kHeight);
    top += SlowestRow::kHeight;
  }
}

}  // namespace freshet::monitor
