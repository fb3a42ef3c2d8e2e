// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/lint_runner.h"

namespace freshet::bridge {

LintRunner::LintRunner(const spec::SpecCatalog& catalog, QObject* parent)
    : QObject(parent), m_catalog(catalog) {
  m_thread.setMaxThreadCount(1);
  m_pause.setSingleShot(true);
  m_pause.setInterval(80);
  connect(&m_pause, &QTimer::timeout, this, &LintRunner::start);
}

LintRunner::~LintRunner() {
  m_thread.waitForDone();  // the running lint posts to this object
}

void LintRunner::request(const pipeline::Project& project) {
  m_waiting = project;
  if (!m_isRunning) m_pause.start();
}

void LintRunner::start() {
  m_isRunning = true;
  m_thread.start([this, project = std::move(*m_waiting)] {
    std::vector<pipeline::Diagnostic> found = pipeline::lint(project, m_catalog);
    QMetaObject::invokeMethod(
        this, [this, found = std::move(found)]() mutable { done(std::move(found)); },
        Qt::QueuedConnection);
  });
  m_waiting.reset();
}

void LintRunner::done(std::vector<pipeline::Diagnostic> diagnostics) {
  m_isRunning = false;
  if (m_waiting) {
    m_pause.start();
    return;
  }
  m_diagnostics = std::move(diagnostics);
  Q_EMIT finished();
}

}  // namespace freshet::bridge
