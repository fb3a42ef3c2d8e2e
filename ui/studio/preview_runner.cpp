// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/preview_runner.h"

#include <algorithm>

#include "ui/studio/step_renderer.h"

namespace freshet::studio {
namespace {

PreviewRunner::Preview render(const PreviewRunner::Request& request) {
  PreviewRunner::Preview preview;
  preview.email = request.person;
  const pipeline::Node* node = request.project.pipeline.find(request.node);
  if (!node) return preview;
  StepRenderer renderer(request.project, *node);
  preview.email = renderer.render(request.person);
  preview.findings = renderer.findings();
  preview.files = renderer.files();
  return preview;
}

}  // namespace

bool hasErrors(const std::vector<liquid::Diagnostic>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const liquid::Diagnostic& found) {
    return found.severity == liquid::Severity::Error;
  });
}

PreviewRunner::PreviewRunner(QObject* parent) : QObject(parent) {
  m_thread.setMaxThreadCount(1);
}

PreviewRunner::~PreviewRunner() {
  m_thread.waitForDone();  // what runs posts to this object
}

void PreviewRunner::request(Request request) {
  if (m_isRunning)
    m_waiting = std::move(request);
  else
    start(std::move(request));
}

void PreviewRunner::start(Request request) {
  m_isRunning = true;
  m_thread.start([this, request = std::move(request)] {
    QMetaObject::invokeMethod(
        this, [this, preview = render(request)] { done(preview); }, Qt::QueuedConnection);
  });
}

void PreviewRunner::done(const Preview& preview) {
  m_isRunning = false;
  if (m_waiting) {
    start(std::move(*m_waiting));
    m_waiting.reset();
  }
  Q_EMIT finished(preview);
}

}  // namespace freshet::studio
