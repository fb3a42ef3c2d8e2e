// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDateTime>
#include <QObject>
#include <QUndoStack>
#include <vector>

#include "core/pipeline/graph_edit.h"
#include "core/pipeline/project.h"
#include "ui/bridge/lint_runner.h"
#include "ui/bridge/text_change.h"

namespace freshet::bridge {

// The open project and its one undo stack: every edit is a pipeline::GraphEdit given to `apply`, or
// a TextChange of one of its files given to `applyText`. Findings follow the edits from another
// thread. GUI thread; the catalog outlives it.
class DocumentModel final : public QObject {
  Q_OBJECT

 public:
  // Reset: another project, keep nothing. Text: a file that the logic names.
  enum class Change { Reset, Logic, Layout, Text };
  enum class Merge { Never, WithPrevious };
  enum class Direction { Apply, Revert };

  explicit DocumentModel(const spec::SpecCatalog& catalog, QObject* parent = nullptr);

  const pipeline::Project& project() const { return m_project; }
  const spec::SpecCatalog& catalog() const { return m_catalog; }
  QUndoStack& undoStack() { return m_undo; }

  void open(pipeline::Project project);
  Status save();
  void apply(pipeline::GraphEdit edit, Merge merge = Merge::Never);

  // A file of the project as it is edited now; empty if it cannot be read.
  std::string text(const std::string& file) const;
  bool isTextEdited(const std::string& file) const;  // since the last save
  void applyText(TextChange change, Merge merge = Merge::Never);

  bool isEdited() const { return !m_undo.isClean(); }
  // When it was last read or written.
  QDateTime savedAt() const { return m_savedAt; }
  const std::vector<pipeline::Diagnostic>& diagnostics() const { return m_diagnostics; }
  // Whether `diagnostics` tells of the project as it is now.
  bool isLintCurrent() const { return !m_lint.isBusy(); }

  // For EditCommand only: changes the project and says so.
  void enact(const pipeline::GraphEdit& edit, Direction direction);
  // For TextCommand only.
  void enactText(const TextChange& change);

 Q_SIGNALS:
  void textChanged(const freshet::bridge::TextChange& change);  // before `changed`
  void changed(freshet::bridge::DocumentModel::Change change);
  void savedStateChanged();
  void diagnosticsChanged();

 private:
  const spec::SpecCatalog& m_catalog;
  pipeline::Project m_project;
  pipeline::Project::Texts m_saved;  // what the disk has of the project's edited texts
  std::vector<pipeline::Diagnostic> m_diagnostics;
  QDateTime m_savedAt;
  QUndoStack m_undo;
  LintRunner m_lint;
};

}  // namespace freshet::bridge
