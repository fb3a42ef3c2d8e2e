// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QTimer>

#include "core/host/pipeline_host.h"
#include "ui/bridge/live_window.h"

namespace freshet::bridge {

// The one place of the interface that talks to the running pipeline: a UI timer asks the host for
// its counters twice a second and hands values on; nothing of the runtime reaches a widget. GUI
// thread; the host outlives it.
class HostBridge final : public QObject {
  Q_OBJECT

 public:
  explicit HostBridge(host::PipelineHost& host, QObject* parent = nullptr);

  host::PipelineHost& host() { return m_host; }
  const LiveSnapshot& current() const { return m_current; }
  host::RunState state() const { return m_current.status.state; }

  // Findings with errors: nothing was started.
  std::vector<pipeline::Diagnostic> run(const pipeline::Project& project,
                                        const host::RunOptions& options);
  void stop(bool isNow = false);
  void poll();
  // Another project: numbers of the old one are forgotten.
  void reset();

 Q_SIGNALS:
  void snapshot(const freshet::bridge::LiveSnapshot& live);
  void stateChanged(freshet::host::RunState state);

 private:
  host::PipelineHost& m_host;
  QTimer m_timer;
  LiveWindow m_window;
  LiveSnapshot m_current;
};

}  // namespace freshet::bridge
