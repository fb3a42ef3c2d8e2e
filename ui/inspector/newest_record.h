// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/bridge/json_tree.h"
#include "ui/shell/panel_context.h"

class QStackedWidget;
class QTreeView;

namespace freshet::widgets {
class Label;
}

namespace freshet::inspector {

// The newest record that left a step, or reached one that lets none go. Asks only while it is seen.
class NewestRecord final : public QWidget {
  Q_OBJECT

 public:
  explicit NewestRecord(shell::PanelContext& context, QWidget* parent = nullptr);
  void setNode(const std::string& node);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void poll();

  shell::PanelContext& m_context;
  std::string m_node;
  std::uint64_t m_sequence = 0;
  bridge::JsonTree m_tree;
  QStackedWidget* m_pages;
  widgets::Label* m_who;
  widgets::Label* m_when;
  QTreeView* m_view;
};

}  // namespace freshet::inspector
