// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <vector>

class QStackedWidget;

namespace freshet::shell {

class PanelContext;
class PanelRegistry;
struct PanelSpec;

// The dock at the right: of the panels registered there, the first that is made for the selected
// step, until another is asked for by name. GUI thread.
class RightDock final : public QWidget {
  Q_OBJECT

 public:
  RightDock(const PanelRegistry& registry, PanelContext& context, QWidget* parent = nullptr);

  bool show(const QString& id);  // false: not one of ours
  QString current() const;
  int wantedWidth() const;
  bool isForEveryStep() const;  // what is shown now; an email dock is not

 Q_SIGNALS:
  void shownChanged();

 private:
  void follow();
  void bringToFront(const PanelSpec* spec);

  PanelContext& m_context;
  std::vector<const PanelSpec*> m_specs;
  QStackedWidget* m_panels;
  std::string m_step;
};

}  // namespace freshet::shell
