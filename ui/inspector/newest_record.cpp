// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/newest_record.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedWidget>
#include <QTreeView>

#include "ui/bridge/record_words.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/label.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using widgets::Ink;
using widgets::Label;

NewestRecord::NewestRecord(shell::PanelContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_pages(new QStackedWidget(this)),
      m_view(new QTreeView(this)) {
  auto* page = new QWidget(this);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, m::kGapCard, 0, 0);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(m::kMargin, 0, m::kMargin, 0);
  m_who = new Label({}, theme::TextRole::BodyStrong, Ink::Primary, page);
  m_when = new Label({}, theme::TextRole::Mono, Ink::Meta, page);
  head->addWidget(m_who);
  head->addWidget(m_when);
  head->addStretch();
  column->addLayout(head);
  m_view->setModel(&m_tree);
  m_view->setHeaderHidden(true);
  m_view->setUniformRowHeights(true);
  m_view->setAccessibleName(tr("Newest event"));
  column->addWidget(m_view, 1);
  m_pages->addWidget(new widgets::EmptyState(
      context.theme(), tr("No records yet. They show up as they pass."), {}, this));
  m_pages->addWidget(page);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_pages);
  connect(&context.host(), &bridge::HostBridge::snapshot, this, [this] {
    if (isVisible()) poll();
  });
}

void NewestRecord::setNode(const std::string& node) {
  if (node == m_node) return;
  m_node = node;
  m_sequence = 0;
  m_pages->setCurrentIndex(0);
  if (isVisible()) poll();
}

void NewestRecord::showEvent(QShowEvent*) {
  poll();
}

// One record stays until another step is chosen: what changes while one reads it helps nobody.
void NewestRecord::poll() {
  if (m_sequence != 0) return;
  host::PipelineHost& host = m_context.host().host();
  std::vector<host::TappedRecord> found;
  for (const bool isOutgoing : {true, false})
    for (const pipeline::Edge& edge : m_context.document().project().pipeline.edges)
      if (found.empty() && (isOutgoing ? edge.from : edge.to) == m_node)
        found = host.records(edge.text(), 1);
  if (found.empty()) return;
  const host::TappedRecord& newest = found.back();
  m_sequence = newest.sequence;
  m_tree.setValue(newest.sections);
  m_who->setText(bridge::personOf(newest));
  m_when->setText(bridge::clockTime(newest.timeMs));
  m_view->expandToDepth(1);
  m_view->resizeColumnToContents(0);
  m_pages->setCurrentIndex(1);
}

}  // namespace freshet::inspector
