// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/designer/screenshot.h"

#include <QFile>
#include <QWidget>
#include <filesystem>

namespace freshet::designer {

namespace fs = std::filesystem;

Screenshot::Screenshot() {
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"})
    qputenv(name, QFile::encodeName(m_folder.filePath(QString::fromLatin1(name))));
}

QString Screenshot::copyOf(const QString& project) const {
  fs::path from = fs::absolute(fs::path(project.toStdString()));
  const bool isFile = fs::is_regular_file(from);
  if (isFile) from = from.parent_path();
  const fs::path to = fs::path(m_folder.path().toStdString()) / from.filename();
  std::error_code failed;
  fs::copy(from, to, fs::copy_options::recursive, failed);
  if (failed) return {};
  return QString::fromStdString(isFile ? (to / fs::path(project.toStdString()).filename()).string()
                                       : to.string());
}

bool Screenshot::write(QWidget& window, const QString& file) {
  return window.grab().save(file, "PNG");
}

}  // namespace freshet::designer
