// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector_panel.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>

#include "ui/bridge/node_words.h"
#include "ui/inspector/newest_record.h"
#include "ui/inspector/settings_form.h"
#include "ui/shell/panel_context.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/label.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/tile.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using bridge::DocumentModel;

namespace {

QString stateWord(const bridge::LiveSnapshot& live, const std::string& node) {
  const auto found = live.nodes.find(node);
  switch (live.status.state) {
    case host::RunState::Starting:
      return InspectorPanel::tr("starting");
    case host::RunState::Running:
      return found != live.nodes.end() && found->second.errorShare > 0
                 ? InspectorPanel::tr("running, some failed")
                 : InspectorPanel::tr("running");
    case host::RunState::Draining:
      return InspectorPanel::tr("stopping");
    case host::RunState::Failed:
      return InspectorPanel::tr("stopped by a fault");
    default:
      return InspectorPanel::tr("not running");
  }
}

}  // namespace

InspectorPanel::InspectorPanel(shell::PanelContext& context, QWidget* parent)
    : Panel(parent),
      m_context(context),
      m_pages(new QStackedWidget(this)),
      m_tabs(new widgets::TabStrip(context.theme(), widgets::TabStrip::Height::Regular, this)),
      m_views(new QStackedWidget(this)),
      m_form(new SettingsForm(context, this)),
      m_newest(new NewestRecord(context, this)) {
  auto* step = new QWidget(this);
  auto* column = new QVBoxLayout(step);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHeader());
  m_tabs->setLeading(m::kMargin);
  m_tabs->addTab(tr("Settings"));
  m_tabs->addTab(tr("Data"));
  column->addWidget(m_tabs);
  column->addWidget(widgets::makeDivider(Qt::Horizontal, this));
  m_views->addWidget(m_form);
  m_views->addWidget(m_newest);
  column->addWidget(m_views, 1);
  connect(m_tabs, &QTabBar::currentChanged, m_views, &QStackedWidget::setCurrentIndex);

  m_pages->addWidget(
      new widgets::EmptyState(context.theme(), tr("Select a step to see its settings."), {}, this));
  m_pages->addWidget(step);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_pages);

  connect(&context.selection(), &bridge::SelectionModel::changed, this, &InspectorPanel::follow);
  connect(&context.document(), &DocumentModel::changed, this, &InspectorPanel::follow);
  connect(&context.host(), &bridge::HostBridge::stateChanged, this, &InspectorPanel::refreshHeader);
  connect(&context, &shell::PanelContext::renameRequested, this, [this](const std::string& node) {
    m_context.selection().selectNode(node);
    Q_EMIT m_context.panelRequested(objectName());
    m_title->setFocus(Qt::ShortcutFocusReason);
    m_title->selectAll();
  });
  connect(&context, &shell::PanelContext::fieldRequested, this,
          [this](const std::string&, const QString& field) {
            Q_EMIT m_context.panelRequested(objectName());
            m_tabs->setCurrentIndex(0);
            m_form->focusField(field);
          });
  follow();
}

QWidget* InspectorPanel::makeHeader() {
  auto* header = new QWidget(this);
  header->setObjectName(QStringLiteral("inspectorHeader"));
  header->setFixedHeight(m::kHeader);
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(m::kMargin, 0, m::kGapCard, 0);
  row->setSpacing(m::kGapCard);
  m_tile = new widgets::Tile(m_context.theme(), {}, theme::Family::Route, m::kTile, header);
  m_title = new QLineEdit(header);
  m_title->setObjectName(QStringLiteral("stepTitle"));
  m_title->setProperty("frameless", true);
  m_title->setFrame(false);
  m_title->setTextMargins(-2, 0, 0, 0);  // under it stands the type, flush
  m_title->setFont(theme::font(theme::TextRole::Heading));
  m_title->setAccessibleName(tr("Name of the step"));
  m_type = new widgets::Label({}, theme::TextRole::Meta, widgets::Ink::Meta, header);
  m_type->setObjectName(QStringLiteral("stepType"));
  auto* words = new QVBoxLayout;
  words->setContentsMargins(0, 0, 0, 0);
  words->setSpacing(0);
  words->addStretch();
  words->addWidget(m_title);
  words->addWidget(m_type);
  words->addStretch();
  m_more = widgets::Button::iconOnly(m_context.theme(), widgets::Button::Kind::Ghost,
                                     QStringLiteral("ellipsis"), tr("More"), header);
  row->addWidget(m_tile);
  row->addLayout(words, 1);
  row->addWidget(m_more);
  connect(m_title, &QLineEdit::textEdited, this, &InspectorPanel::rename);
  connect(m_title, &QLineEdit::editingFinished, this, [this] {
    m_isNewStep = true;
    refreshHeader();
  });
  connect(m_more, &QPushButton::clicked, this, &InspectorPanel::openMenu);
  return header;
}

void InspectorPanel::follow() {
  const std::string& current = m_context.selection().current();
  const pipeline::Node* node = m_context.document().project().pipeline.find(current);
  m_pages->setCurrentIndex(node ? 1 : 0);
  if (!node) return;
  if (current != m_node) m_isNewStep = true;
  m_node = current;
  m_form->setNode(m_node);
  m_newest->setNode(m_node);
  refreshHeader();
}

void InspectorPanel::refreshHeader() {
  const DocumentModel& document = m_context.document();
  const pipeline::Node* node = document.project().pipeline.find(m_node);
  if (!node) return;
  const spec::NodeSpec* spec = document.catalog().find(node->type);
  m_tile->setContent(bridge::iconOf(spec), bridge::familyOf(spec));
  const QString title = bridge::titleOf(*node, spec);
  // An empty name shows the type's, but not to who is about to write another.
  const bool isTyped = m_title->hasFocus() && m_title->text().toStdString() == node->title;
  if (!isTyped && m_title->text() != title) m_title->setText(title);
  const QString type = spec ? QString::fromStdString(spec->title)
                            : tr("%1, not installed").arg(QString::fromStdString(node->type));
  m_type->setText(type + QStringLiteral(" · ") + stateWord(m_context.host().current(), m_node));
}

void InspectorPanel::rename(const QString& title) {
  DocumentModel& document = m_context.document();
  const auto merge = m_isNewStep ? DocumentModel::Merge::Never : DocumentModel::Merge::WithPrevious;
  m_isNewStep = false;
  document.apply(pipeline::GraphEdit::setTitle(document.project(), m_node, title.toStdString()),
                 merge);
}

void InspectorPanel::openMenu() {
  QMenu menu(this);
  connect(menu.addAction(tr("Rename")), &QAction::triggered, this,
          [this] { Q_EMIT m_context.renameRequested(m_node); });
  connect(menu.addAction(tr("Show on the canvas")), &QAction::triggered, this,
          [this] { Q_EMIT m_context.revealRequested(m_node); });
  menu.addSeparator();
  connect(menu.addAction(tr("Delete")), &QAction::triggered, this, [this] {
    DocumentModel& document = m_context.document();
    document.apply(pipeline::GraphEdit::removeNodes(document.project(), {m_node}));
  });
  menu.exec(m_more->mapToGlobal(QPoint(0, m_more->height())));
}

}  // namespace freshet::inspector
