// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTabBar>
#include <string>
#include <vector>

#include "ui/theme/theme.h"

namespace freshet::studio {

// The template files of a step: the current one on the editor's ground with an accent line on top,
// a dot behind one that is not saved. What does not fit is scrolled to. GUI thread.
class FileTabs final : public QTabBar {
  Q_OBJECT

 public:
  explicit FileTabs(theme::Theme& theme, QWidget* parent = nullptr);

  // Keeps the current file if it is still there.
  void setFiles(const std::vector<std::string>& files);
  const std::vector<std::string>& files() const { return m_files; }
  std::string current() const;
  void show(const std::string& file);
  void setUnsaved(const std::string& file, bool isUnsaved);
  bool isUnsaved(int index) const { return tabData(index).toBool(); }

 protected:
  QSize tabSizeHint(int index) const override;
  QSize minimumTabSizeHint(int index) const override { return tabSizeHint(index); }
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  std::vector<std::string> m_files;
};

}  // namespace freshet::studio
