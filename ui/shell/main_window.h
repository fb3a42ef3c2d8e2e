// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QMainWindow>

#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"

namespace freshet::shell {

class BottomDock;
class CommandPalette;
class EnvironmentLine;
class Hints;
class ProjectFiles;
class RightDock;
class RunControl;
class StatusLine;
class ToolBar;
class WindowBody;

// The one window: joins tool bar, registered panels and status bar round the shared models, and
// knows no panel by name. GUI thread; what it is made of outlives it.
class MainWindow final : public QMainWindow {
  Q_OBJECT

 public:
  struct Parts {
    const spec::SpecCatalog& catalog;
    host::PipelineHost& host;
    theme::Theme& theme;
    const PanelRegistry& panels;
    QString examplesFolder;
  };

  explicit MainWindow(const Parts& parts, QWidget* parent = nullptr);
  ~MainWindow() override;

  bridge::DocumentModel& document() { return m_document; }
  bridge::HostBridge& host() { return m_host; }
  PanelContext& context() { return m_context; }
  RunControl& run() { return *m_run; }
  ProjectFiles& files() { return *m_files; }
  const PanelRegistry& panels() const { return m_panels; }

  // The palette as a rail, and a hand in the first minute.
  void setDemo(bool isDemo);
  void showPanel(const QString& id);
  // Over canvas and docks, until the panel is left.
  void setCovered(bool isCovered);
  void focusPlace(PanelPlace place);
  void openSearch();
  void toggleBottom();
  void tellAbout();
  QList<QAction*> canvasActions() const;

 protected:
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void connectParts();
  void refreshTitle();
  void refreshRun();
  void refreshRail();
  void openCover();
  bool hasCover(const std::string& node) const;
  void openStep(const std::string& node);
  void tellRefused(const std::vector<pipeline::Diagnostic>& findings);

  const PanelRegistry& m_panels;
  bridge::DocumentModel m_document;
  bridge::SelectionModel m_selection;
  bridge::HostBridge m_host;
  PanelContext m_context;
  std::unique_ptr<RunControl> m_run;
  std::unique_ptr<ProjectFiles> m_files;
  EnvironmentLine* m_line = nullptr;
  ToolBar* m_toolBar = nullptr;
  WindowBody* m_body = nullptr;
  QWidget* m_left = nullptr;
  QWidget* m_centre = nullptr;
  QWidget* m_cover = nullptr;
  BottomDock* m_bottom = nullptr;
  RightDock* m_right = nullptr;
  StatusLine* m_status = nullptr;
  CommandPalette* m_palette = nullptr;
  std::unique_ptr<Hints> m_hints;
  bool m_isDemo = false;
};

}  // namespace freshet::shell
