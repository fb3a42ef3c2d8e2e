// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QThreadPool>
#include <optional>
#include <vector>

#include "core/liquid/diagnostic.h"
#include "core/pipeline/project.h"
#include "ui/studio/email.h"

namespace freshet::studio {

bool hasErrors(const std::vector<liquid::Diagnostic>& findings);

// Renders one person's e-mail by the templates as they are edited, on a thread of its own: at once,
// and while one is rendered only the newest request waits. `finished` comes on the GUI thread.
class PreviewRunner final : public QObject {
  Q_OBJECT

 public:
  struct Request {
    pipeline::Project project;
    std::string node;
    Email person;  // whose sections are rendered; the rest of it is kept
  };
  struct Preview {
    Email email;
    std::vector<liquid::Diagnostic> findings;  // of the templates, then of this render
    std::vector<std::string> files;            // see StepRenderer::files
  };

  explicit PreviewRunner(QObject* parent = nullptr);
  ~PreviewRunner() override;

  void request(Request request);
  // What was asked for is not all there yet.
  bool isBusy() const { return m_isRunning; }

 Q_SIGNALS:
  void finished(const freshet::studio::PreviewRunner::Preview& preview);

 private:
  void start(Request request);
  void done(const Preview& preview);

  QThreadPool m_thread;
  std::optional<Request> m_waiting;
  bool m_isRunning = false;
};

}  // namespace freshet::studio
