// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTemporaryDir>

#include "app/designer/options.h"

class QWidget;

namespace freshet::designer {

// A run for a picture: settings, state and project live in a folder of their own that goes with it,
// so that it needs nothing and changes nothing.
class Screenshot {
 public:
  // Points the XDG folders into the temporary one; before anything reads them.
  Screenshot();

  // The project's copy, or an empty path if it cannot be copied.
  QString copyOf(const QString& project) const;
  QString stateFolder() const { return m_folder.filePath(QStringLiteral("state")); }
  static bool write(QWidget& window, const QString& file);

 private:
  QTemporaryDir m_folder;
};

}  // namespace freshet::designer
