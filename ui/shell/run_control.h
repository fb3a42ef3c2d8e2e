// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QString>

#include "ui/bridge/document_model.h"
#include "ui/bridge/host_bridge.h"

namespace freshet::shell {

enum class RunAction { Run, CancelStart, Stop, StopNow, RunAgain };

// What the one run button does next. Stopped → Run, Starting → Cancel start, Running → Stop,
// Draining → Stop now, and after a run → Run again.
RunAction nextAction(host::RunState state, bool hasRun);
QString titleOf(RunAction action);
QString iconOf(RunAction action);

// Whether a step of this pipeline can send to anything but files and profiles of this computer.
bool leavesThisComputer(const pipeline::Project& project, const spec::SpecCatalog& catalog);
bool writesEmails(const pipeline::Project& project, const spec::SpecCatalog& catalog);

// Starts and stops the project on the host, live or dry. GUI thread; document and host outlive it.
class RunControl final : public QObject {
  Q_OBJECT

 public:
  RunControl(bridge::DocumentModel& document, bridge::HostBridge& host);

  RunAction action() const;
  void act();  // what the button says
  void run();
  void stop();

  // While something runs, the new mode takes hold at once: drained, then started again.
  void setDryRun(bool isDry);
  bool isDryRun() const { return m_options.isDryRun; }
  // State folder, limits and the like of every run from here.
  void setOptions(host::RunOptions options) { m_options = std::move(options); }
  // The logic was edited since the run began.
  bool isBehind() const { return m_isBehind; }

 Q_SIGNALS:
  void changed();
  void refused(const std::vector<freshet::pipeline::Diagnostic>& findings);

 private:
  void follow(host::RunState state);

  bridge::DocumentModel& m_document;
  bridge::HostBridge& m_host;
  host::RunOptions m_options;
  bool m_hasRun = false;
  bool m_isBehind = false;
  bool m_runsAfterStop = false;
};

}  // namespace freshet::shell
