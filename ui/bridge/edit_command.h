// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QUndoCommand>

#include "core/pipeline/graph_edit.h"

namespace freshet::bridge {

class DocumentModel;

// One GraphEdit on the project's undo stack. Made by DocumentModel::apply alone; the stack owns it,
// the document outlives the stack. GUI thread.
class EditCommand final : public QUndoCommand {
 public:
  EditCommand(DocumentModel& document, pipeline::GraphEdit edit, bool mayMerge);

  void redo() override;
  void undo() override;
  int id() const override { return 1; }  // the later of two decides whether they merge
  bool mergeWith(const QUndoCommand* next) override;

 private:
  DocumentModel& m_document;
  pipeline::GraphEdit m_edit;
  bool m_mayMerge;
};

}  // namespace freshet::bridge
