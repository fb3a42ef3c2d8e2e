// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/undo_filter.h"

#include <QKeyEvent>
#include <QVariant>

namespace freshet::shell {

bool UndoFilter::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::ShortcutOverride || !watched->isWidgetType()) return false;
  auto* key = static_cast<QKeyEvent*>(event);
  if (!key->matches(QKeySequence::Undo) && !key->matches(QKeySequence::Redo)) return false;
  if (watched->property("search").toBool()) return false;
  key->ignore();
  return true;
}

}  // namespace freshet::shell
