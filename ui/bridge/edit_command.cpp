// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/edit_command.h"

#include <QCoreApplication>

#include "ui/bridge/document_model.h"

namespace freshet::bridge {
namespace {

QString words(const pipeline::GraphEdit& edit) {
  const QString label = QCoreApplication::translate("GraphEdit", edit.label().c_str());
  return edit.argument().empty() ? label : label.arg(QString::fromStdString(edit.argument()));
}

}  // namespace

EditCommand::EditCommand(DocumentModel& document, pipeline::GraphEdit edit, bool mayMerge)
    : QUndoCommand(words(edit)),
      m_document(document),
      m_edit(std::move(edit)),
      m_mayMerge(mayMerge) {}

void EditCommand::redo() {
  m_document.enact(m_edit, DocumentModel::Direction::Apply);
}

void EditCommand::undo() {
  m_document.enact(m_edit, DocumentModel::Direction::Revert);
}

bool EditCommand::mergeWith(const QUndoCommand* next) {
  const auto* other = static_cast<const EditCommand*>(next);  // ids are equal, so the types are
  if (!other->m_mayMerge || !m_edit.mergesWith(other->m_edit)) return false;
  m_edit = m_edit.mergedWith(other->m_edit);
  setText(words(m_edit));
  return true;
}

}  // namespace freshet::bridge
