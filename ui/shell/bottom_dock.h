// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStringList>
#include <QWidget>

class QStackedWidget;

namespace freshet::widgets {
class TabStrip;
}

namespace freshet::shell {

class Panel;
class PanelContext;
class PanelRegistry;

// The tabs below the canvas: every panel registered for the bottom, in order. GUI thread.
class BottomDock final : public QWidget {
  Q_OBJECT

 public:
  BottomDock(const PanelRegistry& registry, PanelContext& context, QWidget* parent = nullptr);

  bool show(const QString& id);  // false: not one of ours
  QString current() const;
  Panel* panel(const QString& id) const;
  const QStringList& ids() const { return m_ids; }

 Q_SIGNALS:
  void badgeChanged(const QString& id, const QString& text);

 private:
  void bringToFront(int index);

  QStringList m_ids;
  widgets::TabStrip* m_tabs;
  QStackedWidget* m_corners;
  QStackedWidget* m_panels;
};

}  // namespace freshet::shell
