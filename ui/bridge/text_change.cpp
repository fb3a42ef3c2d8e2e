// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text_change.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/bridge/document_model.h"

namespace freshet::bridge {

bool TextChange::absorb(const TextChange& next) {
  if (next.file != file) return false;
  if (next.removed.empty() && next.at == at + inserted.size()) {
    inserted += next.inserted;
    return true;
  }
  const bool erasesOnly = inserted.empty() && next.inserted.empty();
  if (erasesOnly && next.at + next.removed.size() == at) {
    removed = next.removed + removed;
    at = next.at;
    return true;
  }
  if (!erasesOnly || next.at != at) return false;
  removed += next.removed;
  return true;
}

TextCommand::TextCommand(DocumentModel& document, TextChange change, bool mayMerge)
    : QUndoCommand(QCoreApplication::translate("TextCommand", "Edit %1")
                       .arg(QString::fromStdString(change.file).section(u'/', -1))),
      m_document(document),
      m_changes{std::move(change)},
      m_mayMerge(mayMerge) {}

void TextCommand::redo() {
  for (const TextChange& change : m_changes) m_document.enactText(change);
}

void TextCommand::undo() {
  std::for_each(m_changes.rbegin(), m_changes.rend(),
                [this](const TextChange& change) { m_document.enactText(change.reversed()); });
}

bool TextCommand::mergeWith(const QUndoCommand* next) {
  const auto* other = static_cast<const TextCommand*>(next);  // ids are equal, so the types are
  if (!other->m_mayMerge || other->m_changes.front().file != m_changes.front().file) return false;
  for (const TextChange& change : other->m_changes)
    if (!m_changes.back().absorb(change)) m_changes.push_back(change);
  return true;
}

}  // namespace freshet::bridge
