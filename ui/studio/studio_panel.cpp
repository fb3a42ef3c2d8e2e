// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/studio_panel.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QStackedWidget>

#include "ui/bridge/node_words.h"
#include "ui/studio/email_list.h"
#include "ui/studio/file_tabs.h"
#include "ui/studio/preview_pane.h"
#include "ui/studio/step_renderer.h"
#include "ui/studio/template_editor.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"

namespace freshet::studio {

namespace m = theme::metrics;
using bridge::DocumentModel;
using widgets::Button;

StudioPanel::StudioPanel(shell::PanelContext& context, QWidget* parent)
    : Panel(parent), m_context(context), m_people(EmailList::of(context)) {
  setAccessibleName(tr("Template studio"));
  widgets::setGround(this, widgets::Ground::Surface);
  m_left = makeEditorSide();
  m_preview = new PreviewPane(context.theme(), m_people, this);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(m_left);
  row->addWidget(widgets::makeDivider(Qt::Vertical, this));
  row->addWidget(m_preview, 1);
  addKeys();
  connect(m_tabs, &QTabBar::currentChanged, this, &StudioPanel::openFile);
  connect(m_preview, &PreviewPane::placeChosen, this, &StudioPanel::goTo);
  connect(&context, &shell::PanelContext::placeRequested, this, &StudioPanel::goTo);
  connect(&m_people, &EmailList::nodeChanged, this, &StudioPanel::openStep);
  connect(&m_people, &EmailList::currentChanged, this, &StudioPanel::requestPreview);
  connect(&m_runner, &PreviewRunner::finished, this, &StudioPanel::take);
  connect(&context.document(), &DocumentModel::changed, this, &StudioPanel::followDocument);
  connect(&context.document(), &DocumentModel::savedStateChanged, this,
          &StudioPanel::refreshUnsaved);
  connect(&context.document(), &DocumentModel::textChanged, this,
          [this](const bridge::TextChange& change) {
            if (isVisible()) m_tabs->show(change.file);
          });
}

QWidget* StudioPanel::makeEditorSide() {
  auto* side = new QWidget(this);
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* bar = new QWidget(side);
  bar->setFixedHeight(m::kTabTall);
  widgets::setGround(bar, widgets::Ground::Window);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(m::kGapControl, 0, 0, 0);
  row->setSpacing(m::kGapTight);
  auto* back = new Button(m_context.theme(), Button::Kind::Ghost, tr("Canvas"), bar);
  back->setObjectName(QStringLiteral("backToCanvas"));
  back->setIconName(QStringLiteral("arrow-left"));
  back->setSize(Button::Size::Compact);
  back->setToolTip(tr("Back to the canvas (Esc)"));
  connect(back, &QPushButton::clicked, &m_context, &shell::PanelContext::coverLeft);
  row->addWidget(back);
  QWidget* divider = widgets::makeDivider(Qt::Vertical, bar);
  divider->setFixedHeight(20);
  row->addWidget(divider);
  m_tabs = new FileTabs(m_context.theme(), bar);
  row->addWidget(m_tabs, 1);
  column->addWidget(bar);
  m_editors = new QStackedWidget(side);
  m_editors->addWidget(new widgets::EmptyState(
      m_context.theme(), tr("This step has no template file. Its text stands in its settings."), {},
      m_editors));
  column->addWidget(m_editors, 1);
  return side;
}

void StudioPanel::addKeys() {
  const auto add = [this](const QKeySequence& key, auto call) {
    auto* shortcut = new QShortcut(key, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, call);
  };
  add(Qt::Key_Escape, [this] { Q_EMIT m_context.coverLeft(); });
  const auto turn = [this](int by) {
    const int count = m_tabs->count();
    if (count > 0) m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + count) % count);
  };
  add(QKeySequence(Qt::CTRL | Qt::Key_PageDown), [turn] { turn(1); });
  add(QKeySequence(Qt::CTRL | Qt::Key_PageUp), [turn] { turn(-1); });
}

TemplateEditor* StudioPanel::editor() const {
  const auto found = m_byFile.find(m_tabs->current());
  return found == m_byFile.end() ? nullptr : found->second;
}

bool StudioPanel::isPreviewCurrent() const {
  return !m_runner.isBusy() && !m_preview->isDrawing();
}

void StudioPanel::openStep() {
  const pipeline::Project& project = m_context.document().project();
  const pipeline::Node* node = project.pipeline.find(m_people.node());
  if (!isVisible() || !node) return;
  if (m_node != node->id) m_preview->clear();
  m_node = node->id;
  m_tabs->setFiles(StepRenderer(project, *node).files());
  openFile();
  refreshUnsaved();
  requestPreview();
  Q_EMIT m_context.crumbChanged(
      bridge::titleOf(*node, m_context.document().catalog().find(node->type)));
}

void StudioPanel::followDocument(DocumentModel::Change change) {
  if (change == DocumentModel::Change::Reset) {
    m_node.clear();
    m_tabs->setFiles({});
    for (const auto& [file, editor] : m_byFile) delete editor;
    m_byFile.clear();
    return;
  }
  if (!isVisible() || change == DocumentModel::Change::Layout) return;
  if (!m_context.document().project().pipeline.find(m_node)) {
    Q_EMIT m_context.coverLeft();
    return;
  }
  refreshUnsaved();
}

void StudioPanel::openFile() {
  const std::string file = m_tabs->current();
  if (file.empty()) return m_editors->setCurrentIndex(0);
  auto found = m_byFile.find(file);
  if (found == m_byFile.end()) {
    auto* made = new TemplateEditor(m_context.theme(), m_context.document(), file, m_editors);
    m_editors->addWidget(made);
    connect(made, &TemplateEditor::caretMoved, this, &StudioPanel::tellCaret);
    found = m_byFile.emplace(file, made).first;
  }
  m_editors->setCurrentWidget(found->second);
  found->second->mark(m_findings);
  if (isVisible() && !m_tabs->hasFocus()) found->second->setFocus(Qt::OtherFocusReason);
  tellCaret();
}

void StudioPanel::requestPreview() {
  if (!isVisible()) return;
  const Email* person = m_people.current();
  if (!person || m_node.empty()) return m_preview->clear();
  m_runner.request({m_context.document().project(), m_node, *person});
}

void StudioPanel::take(const PreviewRunner::Preview& preview) {
  if (m_node.empty()) return;
  m_findings = preview.findings;
  m_preview->show(preview.email, preview.findings,
                  QString::fromStdString(m_context.document().project().folder));
  // Underlines of a text that has changed since would be beside the point.
  if (m_runner.isBusy()) return;
  if (!hasErrors(preview.findings)) m_tabs->setFiles(preview.files);
  refreshUnsaved();
  for (const auto& [file, editor] : m_byFile) editor->mark(preview.findings);
}

void StudioPanel::goTo(const std::string& file, int line, int column) {
  m_tabs->show(file);
  if (TemplateEditor* shown = editor()) shown->goTo(line, column);
}

void StudioPanel::tellCaret() {
  const TemplateEditor* shown = editor();
  if (!isVisible()) return;
  Q_EMIT m_context.caretMoved(
      shown ? tr("Line %1, column %2").arg(shown->line()).arg(shown->column()) : QString());
}

void StudioPanel::refreshUnsaved() {
  for (const std::string& file : m_tabs->files())
    m_tabs->setUnsaved(file, m_context.document().isTextEdited(file));
}

void StudioPanel::showEvent(QShowEvent*) {
  openStep();
  if (TemplateEditor* shown = editor()) shown->setFocus(Qt::OtherFocusReason);
  tellCaret();
}

void StudioPanel::hideEvent(QHideEvent*) {
  Q_EMIT m_context.crumbChanged({});
  Q_EMIT m_context.caretMoved({});
}

void StudioPanel::resizeEvent(QResizeEvent*) {
  m_left->setFixedWidth(width() / 2);
}

}  // namespace freshet::studio
