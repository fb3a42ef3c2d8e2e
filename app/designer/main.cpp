// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTimer>
#include <cstdio>
#include <memory>

#include "app/common/registry.h"
#include "app/designer/options.h"
#include "app/designer/screenshot.h"
#include "core/host/local_host.h"
#include "ui/shell/main_window.h"
#include "ui/shell/project_files.h"
#include "ui/shell/run_control.h"

namespace {

using namespace freshet;

constexpr int kSettleMs = 600;  // what a window without a run takes to lint and lay out

QString examplesFolder() {
  const QDir installed(QCoreApplication::applicationDirPath() +
                       QStringLiteral("/../share/freshet/examples"));
  return installed.exists() ? installed.absolutePath() : QStringLiteral(FRESHET_EXAMPLES);
}

theme::Theme::Mode chosenTheme(const designer::Options& options) {
  if (options.theme) return *options.theme;
  return static_cast<theme::Theme::Mode>(QSettings().value(QStringLiteral("theme"), 0).toInt());
}

bool begin(shell::MainWindow& window, const designer::Options& options, const QString& project,
           const QString& stateFolder) {
  if (!project.isEmpty() && !window.files().open(project)) return false;
  host::RunOptions run;
  run.isDryRun = options.isDryRun;
  run.stateFolder = stateFolder.toStdString();
  window.run().setOptions(run);
  if (!options.select.isEmpty())
    window.context().selection().selectNode(options.select.toStdString());
  if (!options.panel.isEmpty()) window.showPanel(options.panel);
  if (options.isRunning) window.run().run();
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  QApplication application(count, arguments);
  QApplication::setApplicationName(QStringLiteral("Freshet"));
  QApplication::setOrganizationName(QStringLiteral("freshet"));
  QApplication::setApplicationVersion(QStringLiteral(FRESHET_VERSION));
  QApplication::setDesktopFileName(QStringLiteral("freshet-designer"));
  const designer::Options options = designer::readOptions(application);
  const bool isPicture = !options.screenshot.isEmpty();
  const auto picture = isPicture ? std::make_unique<designer::Screenshot>() : nullptr;

  const common::Installation installation = common::loadInstallation();
  for (const plugin::PluginReport& report : installation.plugins)
    if (!report.problem.empty())
      std::fprintf(stderr, "plug-in %s was skipped: %s\n", report.id.c_str(),
                   report.problem.c_str());
  const plugin::Registry& registry = installation.registry;
  host::LocalHost host(
      registry, [&registry](std::string_view type) { return registry.profileStore(type); }, true);
  theme::Theme theme(chosenTheme(options));
  shell::PanelRegistry panels;
  shell::registerPanels(panels);
  shell::MainWindow window({registry.catalog(), host, theme, panels, examplesFolder()});
  if (options.size) window.resize(*options.size);
  if (isPicture) theme.setMotionOn(false);
  window.setDemo(options.isRunning);

  const QString project =
      isPicture && !options.project.isEmpty() ? picture->copyOf(options.project) : options.project;
  window.show();
  if (!begin(window, options, project, isPicture ? picture->stateFolder() : QString())) return 1;
  if (isPicture)
    QTimer::singleShot(std::max(options.runForMs, kSettleMs), &window, [&] {
      const bool isWritten = designer::Screenshot::write(window, options.screenshot);
      if (!isWritten)
        std::fprintf(stderr, "freshet-designer: cannot write %s\n",
                     options.screenshot.toLocal8Bit().constData());
      host.stop(true);
      QApplication::exit(isWritten ? 0 : 1);
    });
  return QApplication::exec();
}
