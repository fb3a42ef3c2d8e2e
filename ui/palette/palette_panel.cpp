// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/palette_panel.h"

#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/node_search.h"
#include "ui/bridge/node_words.h"
#include "ui/palette/step_list.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/step_row.h"

namespace freshet::palette {
namespace {

constexpr int kTop = 12;

}  // namespace

PalettePanel::PalettePanel(const spec::SpecCatalog& catalog, theme::Theme& theme, QWidget* parent,
                           Ground ground)
    : QWidget(parent),
      m_catalog(catalog),
      m_theme(theme),
      m_ground(ground),
      m_field(new widgets::SearchField(theme, tr("Search steps"), this)) {
  auto* list = new StepList(theme, this);
  m_list = list;
  setObjectName(QStringLiteral("palette"));
  setAccessibleName(tr("Steps"));
  m_list->setAccessibleName(tr("Steps"));
  m_list->setModel(&m_rows);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, kTop, 0, 0);
  column->setSpacing(theme::metrics::kGapTight);
  auto* search = new QHBoxLayout;
  search->setContentsMargins(kTop, 0, kTop, 0);
  search->addWidget(m_field);
  column->addLayout(search);
  column->addWidget(m_list, 1);
  m_field->installEventFilter(this);
  m_list->installEventFilter(this);
  connect(m_field, &QLineEdit::textChanged, this, &PalettePanel::refresh);
  connect(m_list, &QListView::clicked, this, &PalettePanel::click);
  connect(m_list, &QListView::doubleClicked, this, &PalettePanel::choose);
  connect(list, &StepList::dragBegun, this, &PalettePanel::dragBegun);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  refresh();
}

void PalettePanel::setCollapsed(std::set<theme::Family> families) {
  m_collapsed = std::move(families);
  refresh();
}

void PalettePanel::setFamily(std::optional<theme::Family> family) {
  m_family = family;
  m_field->setVisible(!family);
  m_field->clear();
  refresh();
}

void PalettePanel::focusSearch() {
  m_field->setFocus(Qt::ShortcutFocusReason);
  m_field->selectAll();
}

void PalettePanel::refresh() {
  const QString query = m_field->text().trimmed();
  std::vector<bridge::StepRow> rows;
  if (!query.isEmpty() && !m_family) {
    for (const spec::NodeSpec* spec : bridge::searchNodes(m_catalog, query)) {
      rows.push_back(bridge::rowOf(*spec));
      rows.back().detail = bridge::familyTitle(rows.back().family);
    }
  } else {
    const std::vector<const spec::NodeSpec*> all = m_catalog.all();
    for (const theme::Family family : theme::kFamilies) {
      if (m_family && *m_family != family) continue;
      bridge::StepRow header;
      header.isHeader = true;
      header.title = bridge::familyTitle(family);
      header.family = family;
      header.isCollapsed = !m_family && m_collapsed.contains(family);
      header.count = static_cast<int>(std::count_if(all.begin(), all.end(), [&](const auto* spec) {
        return bridge::familyOf(spec) == family;
      }));
      if (header.count == 0 && !m_family) continue;
      rows.push_back(header);
      if (header.isCollapsed) continue;
      for (const spec::NodeSpec* spec : all)
        if (bridge::familyOf(spec) == family) rows.push_back(bridge::rowOf(*spec));
    }
  }
  m_rows.setRows(std::move(rows));
  if (!query.isEmpty()) m_list->setCurrentIndex(m_rows.index(m_rows.nextStep(0, 1)));
}

int PalettePanel::contentHeight() const {
  int height = kTop;
  for (int at = 0; at < m_rows.rowCount(); ++at)
    height += m_rows.row(at).isHeader ? widgets::kStepHeader : theme::metrics::kRow;
  return height + (m_field->isHidden() ? 0 : theme::metrics::kControl + theme::metrics::kGapTight);
}

QSize PalettePanel::sizeHint() const {
  return {theme::metrics::kPalette, contentHeight()};
}

void PalettePanel::click(const QModelIndex& index) {
  const bridge::StepRow row = m_rows.row(index);
  if (!row.isHeader || m_family) return;
  if (!m_collapsed.erase(row.family)) m_collapsed.insert(row.family);
  refresh();
  Q_EMIT collapsedChanged();
}

void PalettePanel::choose(const QModelIndex& index) {
  if (index.isValid() && !m_rows.row(index).isHeader) Q_EMIT chosen(m_rows.row(index).key);
}

void PalettePanel::paintEvent(QPaintEvent*) {
  if (m_ground == Ground::None) return;
  QPainter painter(this);
  painter.fillRect(rect(), m_theme->surface);
  painter.fillRect(QRect(width() - 1, 0, 1, height()), m_theme->border);
}

bool PalettePanel::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Return || key == Qt::Key_Enter) {
    choose(m_list->currentIndex());
    return true;
  }
  const bool isWalk = key == Qt::Key_Down || key == Qt::Key_Up;
  if (!isWalk) return QWidget::eventFilter(watched, event);
  const int step = key == Qt::Key_Down ? 1 : -1;
  const int from = m_list->currentIndex().isValid() ? m_list->currentIndex().row() + step : 0;
  if (const int row = m_rows.nextStep(from, step); row >= 0)
    m_list->setCurrentIndex(m_rows.index(row));
  return true;
}

}  // namespace freshet::palette
