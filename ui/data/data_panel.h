// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "ui/bridge/json_tree.h"
#include "ui/bridge/record_table.h"
#include "ui/data/change_table.h"
#include "ui/shell/panel.h"

class QStackedWidget;
class QTableView;
class QTreeView;

namespace freshet::widgets {
class Button;
class EmptyState;
class Label;
class SearchField;
}  // namespace freshet::widgets

namespace freshet::shell {
class PanelContext;
}

namespace freshet::data {

// The newest records on a wire as a table, the selected one as a tree. It shows the selected wire,
// or one of the selected step's. Asks the host only while it is seen. GUI thread.
class DataPanel final : public shell::Panel {
  Q_OBJECT

 public:
  explicit DataPanel(shell::PanelContext& context, QWidget* parent = nullptr);

  const std::string& edge() const { return m_edge; }
  bridge::RecordTable& table() { return m_table; }

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeBar();
  QWidget* makeViews();
  void follow();
  void show(const std::string& edge);
  void poll();
  void refreshCount();
  void refreshDetail();
  void chooseEdge();
  void copy();
  std::optional<record::OwnedValue> beforeOf(const host::TappedRecord& record) const;
  QString titleOf(const pipeline::Edge& edge) const;

  shell::PanelContext& m_context;
  std::string m_edge;
  std::uint64_t m_selected = 0;  // sequence of the record in the tree
  bridge::RecordTable m_table;
  bridge::JsonTree m_tree;
  ChangeTable m_changes;
  widgets::Button* m_which = nullptr;
  widgets::Button* m_copy = nullptr;
  widgets::SearchField* m_filter = nullptr;
  widgets::Label* m_count = nullptr;
  widgets::Label* m_who = nullptr;
  widgets::Label* m_when = nullptr;
  widgets::EmptyState* m_empty = nullptr;
  QStackedWidget* m_pages = nullptr;
  QTableView* m_rows = nullptr;
  QTreeView* m_fields = nullptr;
  QTableView* m_differences = nullptr;
  widgets::Label* m_summary = nullptr;
  QWidget* m_detail = nullptr;
};

}  // namespace freshet::data
