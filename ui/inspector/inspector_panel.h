// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/panel.h"

class QLineEdit;
class QStackedWidget;

namespace freshet::widgets {
class Button;
class Label;
class TabStrip;
class Tile;
}  // namespace freshet::widgets

namespace freshet::inspector {

class NewestRecord;
class SettingsForm;

// The step that is selected: its name, settings, and the newest record it let go. GUI thread.
class InspectorPanel final : public shell::Panel {
  Q_OBJECT

 public:
  explicit InspectorPanel(shell::PanelContext& context, QWidget* parent = nullptr);

  SettingsForm& form() { return *m_form; }

 private:
  QWidget* makeHeader();
  void follow();
  void refreshHeader();
  void rename(const QString& title);
  void openMenu();

  shell::PanelContext& m_context;
  QStackedWidget* m_pages;  // nothing selected, a step
  widgets::Tile* m_tile;
  QLineEdit* m_title;
  widgets::Label* m_type;
  widgets::Button* m_more;
  widgets::TabStrip* m_tabs;
  QStackedWidget* m_views;
  SettingsForm* m_form;
  NewestRecord* m_newest;
  std::string m_node;
  bool m_isNewStep = true;
};

}  // namespace freshet::inspector
