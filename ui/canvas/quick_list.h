// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <functional>
#include <string>
#include <vector>

#include "ui/bridge/step_rows.h"
#include "ui/theme/theme.h"

class QListView;

namespace freshet::widgets {
class SearchField;
}

namespace freshet::canvas {

// A search box with its hits below it, at a point of the canvas: typing narrows, Enter takes the
// marked row (the first at first), Escape or a click elsewhere leaves no trace. Deletes itself.
class QuickList final : public QWidget {
  Q_OBJECT

 public:
  using Find = std::function<std::vector<bridge::StepRow>(const QString& query)>;

  QuickList(theme::Theme& theme, const QString& placeholder, Find find, QWidget* parent);

  void popUp(QPoint globalTopLeft);
  void setQuery(const QString& query);

 Q_SIGNALS:
  void chosen(const std::string& key);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void search(const QString& query);
  void mark(int row);
  void choose(const QModelIndex& index);

  theme::Theme& m_theme;
  Find m_find;
  bridge::StepRows m_rows;
  widgets::SearchField* m_field;
  QListView* m_list;
};

}  // namespace freshet::canvas
