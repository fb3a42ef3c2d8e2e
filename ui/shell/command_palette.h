// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractListModel>
#include <QWidget>
#include <functional>
#include <vector>

#include "ui/theme/theme.h"

class QListView;

namespace freshet::widgets {
class SearchField;
}

namespace freshet::shell {

// Something that can be done or gone to, by name.
struct Command {
  QString title;
  QString detail;  // at the right: a key, or what it belongs to
  QString icon;
  std::function<void()> run;
  bool isSearchedOnly = false;  // not in the list before anything was typed
};

class CommandRows final : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;
  void setCommands(std::vector<Command> commands);
  const Command& at(int row) const { return m_commands[static_cast<std::size_t>(row)]; }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  std::vector<Command> m_commands;
};

// The list below the search field: what answers it, best first; what was used of late before that.
// Arrows move, Enter does, Escape leaves. GUI thread; the field outlives it.
class CommandPalette final : public QWidget {
  Q_OBJECT

 public:
  using Gather = std::function<std::vector<Command>()>;

  CommandPalette(theme::Theme& theme, widgets::SearchField& field, Gather gather, QWidget* window);

  void open();
  const CommandRows& rows() const { return m_rows; }
  bool eventFilter(QObject* watched, QEvent* event) override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();
  void place();
  void choose(const QModelIndex& index);
  void leave();

  theme::Theme& m_theme;
  widgets::SearchField& m_field;
  Gather m_gather;
  std::vector<Command> m_all;
  QStringList m_used;
  CommandRows m_rows;
  QListView* m_list;
};

}  // namespace freshet::shell
