// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <functional>
#include <vector>

#include "core/spec/node_spec.h"
#include "ui/theme/metrics.h"

namespace freshet::shell {

class PanelContext;

// Cover: over everything above the bottom dock, while one works in it.
enum class PanelPlace { Left, Centre, Right, Bottom, Cover };

// The face of a panel. The window that shows it owns it.
class Panel : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;
  // Controls at the right of the tabs while this panel is in front; the panel owns them.
  virtual QWidget* corner() { return nullptr; }

 Q_SIGNALS:
  // A count behind the panel's word; empty takes it away.
  void badgeChanged(const QString& text);
};

// A panel as its folder declares it, in one `registerPanel(PanelRegistry&)`.
struct PanelSpec {
  QString id;     // "data": settings, menus, --panel
  QString title;  // tab and menu entry
  PanelPlace place = PanelPlace::Bottom;
  int order = 0;  // among the panels of its place
  int width = theme::metrics::kInspector;
  // Right and Cover: the step it is made for; the first in order that fits is shown. None: every
  // step.
  std::function<bool(const spec::NodeSpec& spec)> fits = {};
  std::function<Panel*(PanelContext& context, QWidget* parent)> make;
};

// The panels of this program, filled once at start by generated code, then read-only.
class PanelRegistry {
 public:
  void add(PanelSpec spec);
  std::vector<const PanelSpec*> at(PanelPlace place) const;  // in order
  const PanelSpec* find(const QString& id) const;

 private:
  std::vector<PanelSpec> m_panels;
};

// Every folder of ui/CMakeLists.txt's `panels`.
void registerPanels(PanelRegistry& registry);

}  // namespace freshet::shell
