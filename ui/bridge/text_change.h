// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QUndoCommand>
#include <cstddef>
#include <string>
#include <vector>

namespace freshet::bridge {

class DocumentModel;

// One replacement in a text file of the project: at byte `at`, `removed` gives way to `inserted`.
struct TextChange {
  std::string file;  // inside the project's folder
  std::size_t at = 0;
  std::string removed, inserted;

  TextChange reversed() const { return {file, at, inserted, removed}; }
  // Takes in what goes on where this ends (typing, erasing); false: they are two changes.
  bool absorb(const TextChange& next);
};

// Changes of one file on the project's undo stack. Made by DocumentModel::applyText alone; the
// stack owns it, the document outlives the stack. GUI thread.
class TextCommand final : public QUndoCommand {
 public:
  TextCommand(DocumentModel& document, TextChange change, bool mayMerge);

  void redo() override;
  void undo() override;
  int id() const override { return 2; }  // EditCommand's is 1
  bool mergeWith(const QUndoCommand* next) override;

 private:
  DocumentModel& m_document;
  std::vector<TextChange> m_changes;
  bool m_mayMerge;
};

}  // namespace freshet::bridge
