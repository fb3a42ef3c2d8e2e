// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <optional>
#include <vector>

#include "core/pipeline/project.h"

namespace freshet::bridge {

// Lints copies of a project on one thread of its own, 80 ms after the last request, so that typing
// never waits. `finished` comes on the GUI thread and only for the newest request.
class LintRunner final : public QObject {
  Q_OBJECT

 public:
  explicit LintRunner(const spec::SpecCatalog& catalog, QObject* parent = nullptr);
  ~LintRunner() override;

  void request(const pipeline::Project& project);
  bool isBusy() const { return m_isRunning || m_waiting.has_value(); }
  std::vector<pipeline::Diagnostic> takeDiagnostics() { return std::move(m_diagnostics); }

 Q_SIGNALS:
  void finished();

 private:
  void start();
  void done(std::vector<pipeline::Diagnostic> diagnostics);

  const spec::SpecCatalog& m_catalog;
  QThreadPool m_thread;
  QTimer m_pause;
  std::optional<pipeline::Project> m_waiting;
  bool m_isRunning = false;
  std::vector<pipeline::Diagnostic> m_diagnostics;
};

}  // namespace freshet::bridge
