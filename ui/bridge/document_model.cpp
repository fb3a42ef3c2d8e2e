// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/document_model.h"

#include "core/pipeline/files.h"
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
  m_saved = m_project.texts;
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
  m_saved = m_project.texts;
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

std::string DocumentModel::text(const std::string& file) const {
  auto read = pipeline::readProjectFile(m_project, file);
  return read ? std::move(*read) : std::string();
}

bool DocumentModel::isTextEdited(const std::string& file) const {
  const auto now = m_project.texts.find(file);
  const auto saved = m_saved.find(file);
  return now != m_project.texts.end() && saved != m_saved.end() && now->second != saved->second;
}

void DocumentModel::applyText(TextChange change, Merge merge) {
  m_undo.push(new TextCommand(*this, std::move(change), merge == Merge::WithPrevious));
}

void DocumentModel::enactText(const TextChange& change) {
  auto held = m_project.texts.find(change.file);
  if (held == m_project.texts.end()) {
    held = m_project.texts.emplace(change.file, text(change.file)).first;
    m_saved.emplace(change.file, held->second);
  }
  held->second.replace(change.at, change.removed.size(), change.inserted);
  Q_EMIT textChanged(change);
  Q_EMIT changed(Change::Text);
  m_lint.request(m_project);
}

}  // namespace freshet::bridge
