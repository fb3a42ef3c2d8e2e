// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

class QMenu;

namespace freshet::widgets {
class Button;
class Chip;
class Label;
class SearchField;
}  // namespace freshet::widgets

namespace freshet::bridge {
class DocumentModel;
}

namespace freshet::shell {

class RunControl;

// The bar at the top, 48 high: the project and whether it is saved, the run, where it acts, and the
// search. The logo opens the menu. GUI thread; document and run outlive it.
class ToolBar final : public QWidget {
  Q_OBJECT

 public:
  ToolBar(theme::Theme& theme, bridge::DocumentModel& document, RunControl& run, QMenu* menu,
          QWidget* parent = nullptr);

  // What is shown of the project, behind its name; empty: its canvas.
  void setCrumb(const QString& title);
  widgets::SearchField* search() const { return m_search; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  QWidget* makeLeft(QMenu* menu);
  QWidget* makeCentre();
  void refresh();
  void place();

  theme::Theme& m_theme;
  bridge::DocumentModel& m_document;
  RunControl& m_run;
  QWidget* m_left;
  QWidget* m_centre;
  widgets::Label* m_name;
  QWidget* m_crumbMark;
  widgets::Label* m_crumb;
  widgets::Label* m_saved;
  widgets::Button* m_button;
  widgets::Button* m_mode;
  widgets::Chip* m_chip;
  widgets::SearchField* m_search;
};

}  // namespace freshet::shell
