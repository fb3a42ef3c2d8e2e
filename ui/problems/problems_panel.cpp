// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/problems/problems_panel.h"

#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/problems/problem_delegate.h"
#include "ui/shell/panel_context.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"

namespace freshet::problems {
namespace {

constexpr std::size_t kPage = 200;
constexpr int kPagesATick = 5;

}  // namespace

ProblemsPanel::ProblemsPanel(shell::PanelContext& context, QWidget* parent)
    : Panel(parent),
      m_context(context),
      m_pages(new QStackedWidget(this)),
      m_list(new QListView(this)) {
  setGround(this, widgets::Ground::Surface);
  m_list->setObjectName(QStringLiteral("problemList"));
  m_list->setAccessibleName(tr("Problems"));
  m_list->setModel(&m_rows);
  m_list->setMouseTracking(true);
  m_list->setItemDelegate(new ProblemDelegate(context, m_list));
  m_pages->addWidget(new widgets::EmptyState(context.theme(), tr("Nothing to fix."), {}, this));
  m_pages->addWidget(m_list);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_pages);
  bridge::DocumentModel* document = &context.document();
  connect(document, &bridge::DocumentModel::diagnosticsChanged, this,
          [this, document] { m_rows.setFindings(document->diagnostics()); });
  connect(document, &bridge::DocumentModel::changed, this,
          [this](bridge::DocumentModel::Change change) {
            if (change == bridge::DocumentModel::Change::Reset) m_rows.forgetRun();
          });
  connect(&context.host(), &bridge::HostBridge::stateChanged, this, [this](host::RunState state) {
    if (state == host::RunState::Starting) m_rows.forgetRun();
  });
  connect(&context.host(), &bridge::HostBridge::snapshot, this, &ProblemsPanel::poll);
  connect(&m_rows, &QAbstractItemModel::modelReset, this, &ProblemsPanel::refreshBadge);
  connect(m_list, &QListView::clicked, this, &ProblemsPanel::goTo);
  connect(m_list, &QListView::activated, this, &ProblemsPanel::goTo);
  connect(&context, &shell::PanelContext::lettersRequested, this, &ProblemsPanel::showLetters);
  m_rows.setFindings(document->diagnostics());
}

// The newest group of kept events whose reason names these words.
void ProblemsPanel::showLetters(const QString& words) {
  poll(m_context.host().current());
  int found = -1;
  for (int row = 0; row < m_rows.rowCount(); ++row) {
    const Problem& each = m_rows.problem(row);
    if (each.count == 0 || !each.message.contains(words)) continue;
    if (found < 0 || each.newestMs > m_rows.problem(found).newestMs) found = row;
  }
  if (found < 0) return;
  m_list->setCurrentIndex(m_rows.index(found));
  m_list->scrollTo(m_rows.index(found));
  m_list->setFocus(Qt::OtherFocusReason);
}

void ProblemsPanel::poll(const bridge::LiveSnapshot& live) {
  m_rows.setFailure(live.status.error);
  if (live.dead == 0 && live.errors == 0) return;
  for (int page = 0; page < kPagesATick; ++page) {
    const auto letters = m_context.host().host().deadLetters(kPage, m_rows.lastLetter());
    m_rows.addLetters(letters);
    if (letters.size() < kPage) return;
  }
}

void ProblemsPanel::refreshBadge() {
  const int count = m_rows.rowCount();
  m_pages->setCurrentIndex(count == 0 ? 0 : 1);
  Q_EMIT badgeChanged(count == 0 ? QString() : QString::number(count));
}

void ProblemsPanel::goTo(const QModelIndex& index) {
  const Problem problem = m_rows.problem(index.row());
  if (!m_context.document().project().pipeline.find(problem.node)) return;
  m_context.selection().selectNode(problem.node);
  if (problem.file.ends_with(".liquid")) {
    Q_EMIT m_context.panelRequested(QStringLiteral("studio"));
    Q_EMIT m_context.placeRequested(problem.file, problem.line, problem.column);
    return;
  }
  Q_EMIT m_context.revealRequested(problem.node);
  if (!problem.field.empty())
    Q_EMIT m_context.fieldRequested(
        problem.node, QString::fromStdString(problem.field.substr(0, problem.field.find('/'))));
}

}  // namespace freshet::problems
