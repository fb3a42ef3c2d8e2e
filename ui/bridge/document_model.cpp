// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/document_model.h"

#include "ui/bridge/edit_command.h"

namespace freshet::bridge {

DocumentModel::DocumentModel(const spec::SpecCatalog& catalog, QObject* parent)
    : QObject(parent), m_catalog(catalog), m_lint(catalog) {
  connect(&m_undo, &QUndoStack::cleanChanged, this, &DocumentModel::savedStateChanged);
  connect(&m_lint, &LintRunner::finished, this, [this] {
    m_diagnostics = m_lint.takeDiagnostics();
    Q_EMIT diagnosticsChanged();
  });
}

void DocumentModel::open(pipeline::Project project) {
  m_undo.clear();
  m_project = std::move(project);
  m_savedAt = QDateTime::currentDateTime();
  m_diagnostics.clear();
  Q_EMIT changed(Change::Reset);
  Q_EMIT diagnosticsChanged();
  Q_EMIT savedStateChanged();
  m_lint.request(m_project);
}

Status DocumentModel::save() {
  Status status = pipeline::saveProject(m_project, m_catalog);
  if (!status) return status;
  m_savedAt = QDateTime::currentDateTime();
  m_undo.setClean();
  Q_EMIT savedStateChanged();
  return status;
}

void DocumentModel::apply(pipeline::GraphEdit edit, Merge merge) {
  m_undo.push(new EditCommand(*this, std::move(edit), merge == Merge::WithPrevious));
}

void DocumentModel::enact(const pipeline::GraphEdit& edit, Direction direction) {
  if (direction == Direction::Apply)
    edit.apply(m_project);
  else
    edit.revert(m_project);
  Q_EMIT changed(edit.isLayoutOnly() ? Change::Layout : Change::Logic);
  if (!edit.isLayoutOnly()) m_lint.request(m_project);
}

}  // namespace freshet::bridge
