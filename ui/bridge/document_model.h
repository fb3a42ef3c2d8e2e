// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDateTime>
#include <QObject>
#include <QUndoStack>
#include <vector>

#include "core/pipeline/graph_edit.h"
#include "core/pipeline/project.h"
#include "ui/bridge/lint_runner.h"

namespace freshet::bridge {

// The open project and its one undo stack: every edit is a pipeline::GraphEdit given to `apply`.
// Findings follow the edits from another thread. GUI thread; the catalog outlives it.
class DocumentModel final : public QObject {
  Q_OBJECT

 public:
  enum class Change { Reset, Logic, Layout };  // Reset: another project, keep nothing
  enum class Merge { Never, WithPrevious };
  enum class Direction { Apply, Revert };

  explicit DocumentModel(const spec::SpecCatalog& catalog, QObject* parent = nullptr);

  const pipeline::Project& project() const { return m_project; }
  const spec::SpecCatalog& catalog() const { return m_catalog; }
  QUndoStack& undoStack() { return m_undo; }

  void open(pipeline::Project project);
  Status save();
  void apply(pipeline::GraphEdit edit, Merge merge = Merge::Never);

  bool isEdited() const { return !m_undo.isClean(); }
  // When it was last read or written.
  QDateTime savedAt() const { return m_savedAt; }
  const std::vector<pipeline::Diagnostic>& diagnostics() const { return m_diagnostics; }
  // Whether `diagnostics` tells of the project as it is now.
  bool isLintCurrent() const { return !m_lint.isBusy(); }

  // For EditCommand only: changes the project and says so.
  void enact(const pipeline::GraphEdit& edit, Direction direction);

 Q_SIGNALS:
  void changed(freshet::bridge::DocumentModel::Change change);
  void savedStateChanged();
  void diagnosticsChanged();

 private:
  const spec::SpecCatalog& m_catalog;
  pipeline::Project m_project;
  std::vector<pipeline::Diagnostic> m_diagnostics;
  QDateTime m_savedAt;
  QUndoStack m_undo;
  LintRunner m_lint;
};

}  // namespace freshet::bridge
