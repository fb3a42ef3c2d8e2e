// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/run_control.h"

#include <algorithm>
#include <array>

namespace freshet::shell {

using host::RunState;

RunAction nextAction(RunState state, bool hasRun) {
  switch (state) {
    case RunState::Stopped:
      return hasRun ? RunAction::RunAgain : RunAction::Run;
    case RunState::Starting:
      return RunAction::CancelStart;
    case RunState::Running:
      return RunAction::Stop;
    case RunState::Draining:
      return RunAction::StopNow;
    case RunState::Finished:
    case RunState::Failed:
      return RunAction::RunAgain;
  }
  return RunAction::Run;
}

QString titleOf(RunAction action) {
  switch (action) {
    case RunAction::Run:
      return RunControl::tr("Run");
    case RunAction::CancelStart:
      return RunControl::tr("Cancel start");
    case RunAction::Stop:
      return RunControl::tr("Stop");
    case RunAction::StopNow:
      return RunControl::tr("Stop now");
    case RunAction::RunAgain:
      return RunControl::tr("Run again");
  }
  return {};
}

QString iconOf(RunAction action) {
  const bool starts = action == RunAction::Run || action == RunAction::RunAgain;
  return starts ? QStringLiteral("play") : QStringLiteral("stop");
}

namespace {

// What profiles are written to; a connection that says no type is the one in this computer.
bool isEmbedded(const pipeline::Project& project, const pipeline::Node& node) {
  const record::Value name = node.settings->get("connection");
  if (!name.isString()) return true;
  const record::Value type = project.pipeline.connections->get(name.asString()).get("type");
  return !type.isString() || type.asString() == "embedded";
}

}  // namespace

// Asked of what steps reach, not of their family. A source only takes in.
bool leavesThisComputer(const pipeline::Project& project, const spec::SpecCatalog& catalog) {
  static constexpr std::array<std::string_view, 6> kLocal{"files", "profiles", "clock",
                                                          "state", "random",   "people"};
  for (const pipeline::Node& node : project.pipeline.nodes) {
    const spec::NodeSpec* spec = catalog.find(node.type);
    if (!spec || !spec->hasInput) continue;
    for (const std::string& reached : spec->capabilities) {
      if (std::find(kLocal.begin(), kLocal.end(), reached) != kLocal.end()) continue;
      if (reached != "profiles.write" || !isEmbedded(project, node)) return true;
    }
  }
  return false;
}

bool writesEmails(const pipeline::Project& project, const spec::SpecCatalog& catalog) {
  return std::any_of(project.pipeline.nodes.begin(), project.pipeline.nodes.end(),
                     [&](const pipeline::Node& node) {
                       const spec::NodeSpec* spec = catalog.find(node.type);
                       return spec && spec->family == spec::Family::Template;
                     });
}

RunControl::RunControl(bridge::DocumentModel& document, bridge::HostBridge& host)
    : m_document(document), m_host(host) {
  connect(&host, &bridge::HostBridge::stateChanged, this, &RunControl::follow);
  connect(&document, &bridge::DocumentModel::changed, this,
          [this](bridge::DocumentModel::Change change) {
            if (change == bridge::DocumentModel::Change::Layout) return;
            if (change == bridge::DocumentModel::Change::Reset) m_hasRun = false;
            m_isBehind =
                change != bridge::DocumentModel::Change::Reset && action() == RunAction::Stop;
            Q_EMIT changed();
          });
}

RunAction RunControl::action() const {
  return nextAction(m_host.state(), m_hasRun);
}

void RunControl::act() {
  const RunAction next = action();
  if (next == RunAction::Run || next == RunAction::RunAgain)
    run();
  else
    stop();
}

void RunControl::run() {
  std::vector<pipeline::Diagnostic> findings = m_host.run(m_document.project(), m_options);
  if (pipeline::hasErrors(findings)) {
    Q_EMIT refused(findings);
  } else {
    m_hasRun = true;
    m_isBehind = false;
  }
  Q_EMIT changed();
}

void RunControl::stop() {
  const RunAction now = action();
  if (now == RunAction::Run || now == RunAction::RunAgain) return;
  m_runsAfterStop = false;
  m_host.stop(now == RunAction::StopNow || now == RunAction::CancelStart);
  Q_EMIT changed();
}

void RunControl::setDryRun(bool isDry) {
  if (m_options.isDryRun == isDry) return;
  const bool wasRunning = action() == RunAction::Stop;
  if (wasRunning) stop();
  m_options.isDryRun = isDry;
  m_runsAfterStop = wasRunning;
  Q_EMIT changed();
  follow(m_host.state());
}

void RunControl::follow(RunState state) {
  const bool hasEnded = state == RunState::Stopped || state == RunState::Finished;
  if (m_runsAfterStop && hasEnded) {
    m_runsAfterStop = false;
    return run();
  }
  Q_EMIT changed();
}

}  // namespace freshet::shell
