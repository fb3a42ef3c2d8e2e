// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QScrollArea>
#include <vector>

#include "ui/shell/panel_context.h"

class QVBoxLayout;

namespace freshet::widgets {
class Button;
}

namespace freshet::inspector {

class FieldRow;

// The form of one step, made from its type's FieldSpecs; follows the document. GUI thread.
class SettingsForm final : public QScrollArea {
  Q_OBJECT

 public:
  explicit SettingsForm(shell::PanelContext& context, QWidget* parent = nullptr);

  void setNode(const std::string& node);
  void focusField(const QString& name);
  const std::vector<FieldRow*>& rows() const { return m_rows; }

 private:
  void rebuild();
  void refresh();
  void refreshFindings();
  void addRow(QVBoxLayout& column, const spec::FieldSpec& field);

  shell::PanelContext& m_context;
  std::string m_node;
  std::string m_type;
  std::vector<FieldRow*> m_rows;
  widgets::Button* m_more = nullptr;
  bool m_isMoreShown = false;
};

}  // namespace freshet::inspector
