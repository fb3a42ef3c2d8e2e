// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/data_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QTreeView>
#include <algorithm>

#include "core/record/json.h"
#include "ui/bridge/node_words.h"
#include "ui/shell/panel_context.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/label.h"
#include "ui/widgets/search_field.h"

namespace freshet::data {

namespace m = theme::metrics;
using widgets::Button;
using widgets::Ink;
using widgets::Label;

namespace {

constexpr int kBar = 44;
constexpr int kDetail = 460;
constexpr int kChangeRow = 21;
constexpr int kSign = 20;
constexpr int kFieldColumn = 170;
constexpr int kBeforeColumn = 130;
constexpr int kFilter = 180;
constexpr int kTimeColumn = 90;
constexpr int kPersonColumn = 190;
constexpr int kColumn = 120;

}  // namespace

DataPanel::DataPanel(shell::PanelContext& context, QWidget* parent)
    : Panel(parent), m_context(context), m_changes(context.theme()) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeBar());
  column->addWidget(widgets::makeDivider(Qt::Horizontal, this));
  m_pages = new QStackedWidget(this);
  m_empty = new widgets::EmptyState(context.theme(), {}, {}, this);
  m_pages->addWidget(m_empty);
  m_pages->addWidget(makeViews());
  column->addWidget(m_pages, 1);
  connect(&context.selection(), &bridge::SelectionModel::changed, this, &DataPanel::follow);
  connect(&context.document(), &bridge::DocumentModel::changed, this, &DataPanel::follow);
  connect(&context.host(), &bridge::HostBridge::snapshot, this, [this] {
    if (isVisible()) poll();
  });
  follow();
}

QWidget* DataPanel::makeBar() {
  auto* bar = new QWidget(this);
  setGround(bar, widgets::Ground::Surface);
  bar->setFixedHeight(kBar);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(m::kGapCard, 0, m::kGapCard, 0);
  row->setSpacing(m::kGapCard);
  m_which = new Button(m_context.theme(), Button::Kind::Secondary, {}, bar);
  m_which->setObjectName(QStringLiteral("dataWire"));
  m_which->setSize(Button::Size::Compact);
  m_which->setChevron(true);
  m_filter = new widgets::SearchField(m_context.theme(), tr("Filter by field or text"), bar);
  m_filter->setIconName(QStringLiteral("filter"));
  m_filter->setFixedWidth(kFilter);
  m_count = new Label({}, theme::TextRole::Label, Ink::Secondary, bar);
  m_count->setObjectName(QStringLiteral("dataCount"));
  m_copy = Button::iconOnly(m_context.theme(), Button::Kind::Secondary, QStringLiteral("copy"),
                            tr("Copy as JSON"), bar);
  m_copy->setSize(Button::Size::Compact);
  row->addWidget(m_which);
  row->addWidget(m_filter);
  row->addWidget(m_count);
  row->addStretch();
  row->addWidget(m_copy);
  connect(m_which, &QPushButton::clicked, this, &DataPanel::chooseEdge);
  connect(m_copy, &QPushButton::clicked, this, &DataPanel::copy);
  connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
    m_table.setFilter(words);
    refreshCount();
  });
  return bar;
}

QWidget* DataPanel::makeViews() {
  auto* views = new QWidget(this);
  auto* row = new QHBoxLayout(views);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  m_rows = new QTableView(views);
  m_rows->setObjectName(QStringLiteral("dataRows"));
  m_rows->setAccessibleName(tr("Newest events"));
  m_rows->setModel(&m_table);
  m_rows->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
  m_rows->setShowGrid(false);
  m_rows->setWordWrap(false);
  m_rows->verticalHeader()->hide();
  m_rows->verticalHeader()->setDefaultSectionSize(m::kTableRow);
  m_rows->horizontalHeader()->setFont(theme::font(theme::TextRole::Mono));
  m_rows->horizontalHeader()->setHighlightSections(false);
  m_rows->horizontalHeader()->setDefaultSectionSize(kColumn);
  m_rows->horizontalHeader()->setStretchLastSection(true);
  row->addWidget(m_rows, 1);

  m_detail = new QWidget(views);
  setGround(m_detail, widgets::Ground::Surface);
  m_detail->setFixedWidth(kDetail);
  auto* detail = new QHBoxLayout(m_detail);
  detail->setContentsMargins(0, 0, 0, 0);
  detail->setSpacing(0);
  detail->addWidget(widgets::makeDivider(Qt::Vertical, m_detail));
  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, m::kGapControl, 0, 0);
  column->setSpacing(m::kGapTight);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(m::kGapCard, 0, m::kGapCard, 0);
  m_who = new Label({}, theme::TextRole::BodyStrong, Ink::Primary, m_detail);
  m_when = new Label({}, theme::TextRole::Mono, Ink::Meta, m_detail);
  head->addWidget(m_who);
  head->addWidget(m_when);
  head->addStretch();
  m_summary = new Label({}, theme::TextRole::Mono, Ink::Secondary, m_detail);
  m_summary->setObjectName(QStringLiteral("dataSummary"));
  head->addWidget(m_summary);
  column->addLayout(head);
  m_fields = new QTreeView(m_detail);
  m_fields->setModel(&m_tree);
  m_fields->setHeaderHidden(true);
  m_fields->setUniformRowHeights(true);
  m_fields->setAccessibleName(tr("Fields of the event"));
  column->addWidget(m_fields, 1);
  m_differences = new QTableView(m_detail);
  m_differences->setObjectName(QStringLiteral("dataChanges"));
  m_differences->setAccessibleName(tr("The event before and after this step"));
  m_differences->setModel(&m_changes);
  m_differences->setShowGrid(false);
  m_differences->setWordWrap(false);
  m_differences->setSelectionMode(QAbstractItemView::NoSelection);
  m_differences->verticalHeader()->hide();
  m_differences->verticalHeader()->setMinimumSectionSize(kChangeRow);
  m_differences->verticalHeader()->setDefaultSectionSize(kChangeRow);
  m_differences->horizontalHeader()->setMinimumSectionSize(kSign);
  m_differences->horizontalHeader()->setFont(theme::font(theme::TextRole::Meta));
  m_differences->horizontalHeader()->setStretchLastSection(true);
  m_differences->setColumnWidth(0, kSign);
  m_differences->setColumnWidth(1, kFieldColumn);
  m_differences->setColumnWidth(2, kBeforeColumn);
  column->addWidget(m_differences, 1);
  detail->addLayout(column, 1);
  row->addWidget(m_detail);
  m_detail->hide();
  connect(m_rows->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& current) {
            if (!current.isValid()) return;
            m_selected = m_table.record(current.row()).sequence;
            refreshDetail();
          });
  return views;
}

QString DataPanel::titleOf(const pipeline::Edge& edge) const {
  const bridge::DocumentModel& document = m_context.document();
  const pipeline::Node* from = document.project().pipeline.find(edge.from);
  if (!from) return {};
  const spec::NodeSpec* spec = document.catalog().find(from->type);
  const QString title = bridge::titleOf(*from, spec);
  for (const bridge::OutputPort& port : bridge::outputsOf(*from, spec))
    if (!edge.port.empty() && port.name == edge.port)
      return title + QStringLiteral(" · ") + port.title;
  return title;
}

// The selected wire; else what leaves the selected step, or what reaches one that lets nothing go.
void DataPanel::follow() {
  const bridge::SelectionModel& selection = m_context.selection();
  const std::vector<pipeline::Edge>& edges = m_context.document().project().pipeline.edges;
  std::string wanted = selection.edges().size() == 1 ? *selection.edges().begin() : std::string();
  for (const bool isOutgoing : {true, false})
    for (const pipeline::Edge& edge : edges)
      if (wanted.empty() && !selection.current().empty() &&
          (isOutgoing ? edge.from : edge.to) == selection.current())
        wanted = edge.text();
  show(wanted);
}

void DataPanel::show(const std::string& edge) {
  const bool isOther = edge != m_edge;
  m_edge = edge;
  if (isOther) {
    m_table.clear();
    m_selected = 0;
    m_detail->hide();
  }
  m_which->setVisible(!edge.empty());
  m_filter->setVisible(!edge.empty());
  m_copy->setVisible(!edge.empty());
  for (const pipeline::Edge& each : m_context.document().project().pipeline.edges)
    if (each.text() == edge) {
      const pipeline::Node* from = m_context.document().project().pipeline.find(each.from);
      m_which->setText(titleOf(each));
      if (from)
        m_which->setIconName(bridge::iconOf(m_context.document().catalog().find(from->type)));
    }
  m_empty->setSentence(edge.empty() ? tr("Select a step or a wire to see what passes.")
                                    : tr("No records yet. They show up as they pass."));
  if (isVisible()) poll();
  refreshCount();
}

void DataPanel::showEvent(QShowEvent*) {
  poll();
}

void DataPanel::poll() {
  if (m_edge.empty()) return refreshCount();
  const bool isFirst = m_table.total() == 0;
  const auto newer =
      m_context.host().host().records(m_edge, bridge::RecordTable::kMost, m_table.lastSequence());
  if (newer.empty()) return;
  // Who has scrolled down is reading: the rows stay where they are.
  if (!isFirst && m_rows->verticalScrollBar()->value() > 0) return;
  m_table.add(newer);
  if (isFirst) {
    m_rows->setColumnWidth(0, kTimeColumn);
    m_rows->setColumnWidth(1, kPersonColumn);
  }
  const int row = m_selected == 0 ? -1 : m_table.rowOf(m_selected);
  if (row >= 0)
    m_rows->selectionModel()->setCurrentIndex(
        m_table.index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  refreshCount();
}

void DataPanel::refreshCount() {
  m_pages->setCurrentIndex(m_table.total() == 0 ? 0 : 1);
  const int shown = m_table.rowCount();
  const auto total = static_cast<int>(m_table.total());
  m_count->setVisible(total > 0);
  m_count->setText(shown == total ? tr("%1 newest").arg(total)
                                  : tr("%1 of %2").arg(shown).arg(total));
}

void DataPanel::refreshDetail() {
  const int row = m_table.rowOf(m_selected);
  if (row < 0) return;
  const host::TappedRecord& record = m_table.record(row);
  if (m_tree.value() == record.sections && m_detail->isVisible()) return;
  m_who->setText(bridge::personOf(record));
  m_when->setText(bridge::clockTime(record.timeMs));
  m_tree.setValue(record.sections);
  const std::optional<record::OwnedValue> before = beforeOf(record);
  m_fields->setVisible(!before);
  m_differences->setVisible(before.has_value());
  if (before)
    m_changes.setRecords(*before, record.sections);
  else
    m_fields->expandToDepth(0);
  m_summary->setText(before ? m_changes.summary() : QString());
  m_fields->resizeColumnToContents(0);
  m_detail->show();
}

// The same event on a wire into the step that this wire leaves; none if nobody has it any more, or
// if the step made it.
std::optional<record::OwnedValue> DataPanel::beforeOf(const host::TappedRecord& record) const {
  const std::vector<pipeline::Edge>& edges = m_context.document().project().pipeline.edges;
  const auto own = std::find_if(edges.begin(), edges.end(),
                                [this](const auto& edge) { return edge.text() == m_edge; });
  if (own == edges.end() || record.offset < 0) return {};
  for (const pipeline::Edge& edge : edges) {
    if (edge.to != own->from) continue;
    for (const host::TappedRecord& other :
         m_context.host().host().records(edge.text(), bridge::RecordTable::kMost))
      if (other.offset == record.offset && other.partition == record.partition &&
          other.key == record.key && other.bytes == record.bytes)
        return other.sections;
  }
  return {};
}

void DataPanel::chooseEdge() {
  QMenu menu(this);
  for (const pipeline::Edge& edge : m_context.document().project().pipeline.edges) {
    const pipeline::Node* to = m_context.document().project().pipeline.find(edge.to);
    if (!to) continue;
    const QString target = bridge::titleOf(*to, m_context.document().catalog().find(to->type));
    QAction* action = menu.addAction(titleOf(edge) + QStringLiteral(" → ") + target);
    connect(action, &QAction::triggered, this, [this, text = edge.text()] { show(text); });
  }
  menu.exec(m_which->mapToGlobal(QPoint(0, m_which->height())));
}

void DataPanel::copy() {
  const int row = m_table.rowOf(m_selected);
  std::string json;
  if (row >= 0)
    json = record::toPrettyJson(*m_table.record(row).sections);
  else
    for (int i = 0; i < m_table.rowCount(); ++i)
      json += record::toJson(*m_table.record(i).sections) + '\n';
  QGuiApplication::clipboard()->setText(QString::fromStdString(json));
  Q_EMIT m_context.noticed({tr("Copied."), {}, {}});
}

}  // namespace freshet::data
