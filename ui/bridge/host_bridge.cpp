// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/host_bridge.h"

namespace freshet::bridge {

HostBridge::HostBridge(host::PipelineHost& host, QObject* parent) : QObject(parent), m_host(host) {
  m_timer.setInterval(500);
  connect(&m_timer, &QTimer::timeout, this, &HostBridge::poll);
  m_timer.start();
}

std::vector<pipeline::Diagnostic> HostBridge::run(const pipeline::Project& project,
                                                  const host::RunOptions& options) {
  std::vector<pipeline::Diagnostic> findings = m_host.apply(project, options);
  poll();
  return findings;
}

void HostBridge::stop(bool isNow) {
  m_host.stop(isNow);
  poll();
}

void HostBridge::poll() {
  const host::RunState before = m_current.status.state;
  m_current = m_window.add(m_host.snapshot(), m_host.status());
  if (m_current.status.state != before) Q_EMIT stateChanged(m_current.status.state);
  Q_EMIT snapshot(m_current);
}

void HostBridge::reset() {
  m_window.reset();
  m_current = {};
  Q_EMIT snapshot(m_current);
}

}  // namespace freshet::bridge
