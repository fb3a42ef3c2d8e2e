// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QMessageBox>
#include <QVBoxLayout>

#include "ui/shell/bottom_dock.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/environment_line.h"
#include "ui/shell/hints.h"
#include "ui/shell/project_files.h"
#include "ui/shell/right_dock.h"
#include "ui/shell/run_control.h"
#include "ui/shell/status_line.h"
#include "ui/shell/tool_bar.h"
#include "ui/shell/undo_filter.h"
#include "ui/shell/window_actions.h"
#include "ui/shell/window_body.h"
#include "ui/theme/icons.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/ground.h"

namespace freshet::shell {
namespace {

constexpr QSize kDefault{1440, 900};
constexpr QSize kLeast{1024, 680};
constexpr int kPaletteFrom = 1440;

Panel* makeFirst(const PanelRegistry& panels, PanelPlace place, PanelContext& context,
                 QWidget* parent) {
  const std::vector<const PanelSpec*> specs = panels.at(place);
  if (specs.empty()) return nullptr;
  Panel* panel = specs.front()->make(context, parent);
  panel->setObjectName(specs.front()->id);
  return panel;
}

}  // namespace

MainWindow::MainWindow(const Parts& parts, QWidget* parent)
    : QMainWindow(parent),
      m_panels(parts.panels),
      m_document(parts.catalog),
      m_selection(m_document),
      m_host(parts.host),
      m_context(parts.theme, m_document, m_selection, m_host),
      m_run(std::make_unique<RunControl>(m_document, m_host)),
      m_files(std::make_unique<ProjectFiles>(m_document, *this, parts.examplesFolder)) {
  setWindowIcon(theme::applicationIcon());
  setMinimumSize(kLeast);
  resize(kDefault);
  build();
  connectParts();
  new widgets::FocusRing(parts.theme, this);
  qApp->installEventFilter(new UndoFilter(this));
  m_files->startEmpty();
}

MainWindow::~MainWindow() = default;

void MainWindow::build() {
  auto* all = new QWidget(this);
  auto* column = new QVBoxLayout(all);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  theme::Theme& theme = m_context.theme();
  m_line = new EnvironmentLine(theme, all);
  m_toolBar = new ToolBar(theme, m_document, *m_run, makeMenu(*this), all);
  m_body = new WindowBody(theme, all);
  m_status = new StatusLine(m_context, *m_run, all);
  m_left = makeFirst(m_panels, PanelPlace::Left, m_context, m_body);
  m_centre = makeFirst(m_panels, PanelPlace::Centre, m_context, m_body);
  if (!m_centre) m_centre = new QWidget(m_body);
  m_bottom = new BottomDock(m_panels, m_context, m_body);
  m_right = new RightDock(m_panels, m_context, m_body);
  m_cover = makeFirst(m_panels, PanelPlace::Cover, m_context, m_body);
  m_body->fill({m_left, m_centre, m_bottom, m_right, m_cover});
  column->addWidget(m_line);
  column->addWidget(m_toolBar);
  column->addWidget(m_body, 1);
  column->addWidget(widgets::makeDivider(Qt::Horizontal, all));
  column->addWidget(m_status);
  setCentralWidget(all);
  m_hints = std::make_unique<Hints>(m_context, *m_centre, [this]() -> Qt::Alignment {
    if (m_body->isCanvasCovered()) return Qt::AlignBottom;
    return Qt::AlignBottom | Qt::AlignRight;
  });
  m_palette = new CommandPalette(
      theme, *m_toolBar->search(), [this] { return commandsOf(*this); }, all);
}

void MainWindow::connectParts() {
  connect(&m_document, &bridge::DocumentModel::changed, this,
          [this](bridge::DocumentModel::Change change) {
            if (change == bridge::DocumentModel::Change::Reset) {
              m_host.reset();
              setCovered(false);
            }
            refreshTitle();
          });
  connect(&m_document, &bridge::DocumentModel::savedStateChanged, this, &MainWindow::refreshTitle);
  connect(m_run.get(), &RunControl::changed, this, &MainWindow::refreshRun);
  connect(m_run.get(), &RunControl::refused, this, &MainWindow::tellRefused);
  connect(&m_selection, &bridge::SelectionModel::changed, this, [this] {
    m_body->setRightWanted(!m_selection.current().empty());
    m_hints->place();
  });
  connect(m_bottom, &BottomDock::badgeChanged, this,
          [this](const QString& id, const QString& text) {
            if (id == QStringLiteral("problems")) m_status->setProblems(text.toInt());
          });
  connect(&m_context, &PanelContext::runRequested, m_run.get(), &RunControl::run);
  connect(&m_context, &PanelContext::openExampleRequested, m_files.get(),
          &ProjectFiles::openExample);
  connect(&m_context, &PanelContext::panelRequested, this, &MainWindow::showPanel);
  connect(&m_context, &PanelContext::stepOpened, this, &MainWindow::openStep);
  connect(&m_context, &PanelContext::coverLeft, this, [this] { setCovered(false); });
  connect(&m_context, &PanelContext::revealRequested, this, [this] { setCovered(false); });
  connect(&m_context, &PanelContext::crumbChanged, m_toolBar, &ToolBar::setCrumb);
  connect(&m_context, &PanelContext::caretMoved, m_status, &StatusLine::setCaret);
  connect(&m_context, &PanelContext::zoomChanged, m_status, &StatusLine::setZoom);
  refreshRun();
  m_body->setRightWanted(false);
}

void MainWindow::setDemo(bool isDemo) {
  m_isDemo = isDemo;
  m_hints->setGuiding(isDemo);
  m_body->setBeside(isDemo);
  refreshRail();
}

void MainWindow::showPanel(const QString& id) {
  if (m_bottom->show(id)) return m_body->setBottomShown(true);
  if (m_cover && m_cover->objectName() == id) return openCover();
  if (m_right->show(id)) m_body->setRightWanted(true);
}

void MainWindow::setCovered(bool isCovered) {
  if (m_body->isCovered() == isCovered) return;
  m_body->setCovered(isCovered);
  if (!isCovered) focusPlace(PanelPlace::Centre);
}

// Of the selected step, else of the first that has one.
void MainWindow::openCover() {
  const auto& nodes = m_document.project().pipeline.nodes;
  if (!hasCover(m_selection.current())) {
    const auto first = std::find_if(nodes.begin(), nodes.end(),
                                    [this](const auto& node) { return hasCover(node.id); });
    if (first == nodes.end()) return;
    m_selection.selectNode(first->id);
  }
  setCovered(true);
}

bool MainWindow::hasCover(const std::string& node) const {
  const pipeline::Node* found = m_document.project().pipeline.find(node);
  const spec::NodeSpec* spec = found ? m_document.catalog().find(found->type) : nullptr;
  const auto covers = m_panels.at(PanelPlace::Cover);
  return spec && !covers.empty() && covers.front()->fits(*spec);
}

void MainWindow::openStep(const std::string& node) {
  m_selection.selectNode(node);
  if (hasCover(node)) return setCovered(true);
  Q_EMIT m_context.fieldRequested(node, {});
}

void MainWindow::focusPlace(PanelPlace place) {
  QWidget* const target = place == PanelPlace::Left                            ? m_left
                          : m_body->isCovered() && place != PanelPlace::Bottom ? m_cover
                          : place == PanelPlace::Centre                        ? m_centre
                          : place == PanelPlace::Right ? static_cast<QWidget*>(m_right)
                                                       : m_bottom;
  if (place == PanelPlace::Bottom) m_body->setBottomShown(true);
  if (!target) return;
  for (QWidget* child : target->findChildren<QWidget*>()) {
    if (!(child->focusPolicy() & Qt::TabFocus) || !child->isVisible()) continue;
    return child->setFocus(Qt::ShortcutFocusReason);
  }
}

void MainWindow::openSearch() {
  m_palette->open();
}

void MainWindow::toggleBottom() {
  m_body->setBottomShown(!m_body->isBottomShown());
}

void MainWindow::tellAbout() {
  QMessageBox::about(this, QApplication::applicationName(),
                     tr("Freshet %1\nReal-time personalisation pipelines. GPL-3.0-or-later.")
                         .arg(QApplication::applicationVersion()));
}

QList<QAction*> MainWindow::canvasActions() const {
  QList<QAction*> found;
  for (const QWidget* child : m_centre->findChildren<QWidget*>()) found += child->actions();
  return found;
}

void MainWindow::refreshTitle() {
  const pipeline::Pipeline& shown = m_document.project().pipeline;
  setWindowTitle(QString::fromStdString(shown.title.empty() ? shown.name : shown.title) +
                 QStringLiteral("[*]"));
  setWindowModified(m_document.isEdited());
}

void MainWindow::refreshRun() {
  m_line->setVisible(m_run->isDryRun());
}

void MainWindow::refreshRail() {
  const bool isRail = width() < kPaletteFrom || (m_isDemo && width() < WindowBody::kOverlayBelow);
  Q_EMIT m_context.railWanted(isRail);
  m_body->arrange();
}

void MainWindow::tellRefused(const std::vector<pipeline::Diagnostic>& findings) {
  const auto errors = std::count_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.severity == pipeline::Severity::Error;
  });
  const auto first = std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.severity == pipeline::Severity::Error;
  });
  const QString what = errors == 1 ? QString::fromStdString(first->message)
                                   : tr("%1 problems keep this pipeline from running.").arg(errors);
  m_hints->show({what, tr("Show"), QStringLiteral("problems")});
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!m_files->mayLeave()) return event->ignore();
  m_run->stop();
  event->accept();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  refreshRail();
}

}  // namespace freshet::shell
