// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/bottom_dock.h"

#include <QHBoxLayout>
#include <QStackedWidget>

#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/tab_strip.h"

namespace freshet::shell {

namespace m = theme::metrics;

BottomDock::BottomDock(const PanelRegistry& registry, PanelContext& context, QWidget* parent)
    : QWidget(parent),
      m_tabs(new widgets::TabStrip(context.theme(), widgets::TabStrip::Height::Regular, this)),
      m_corners(new QStackedWidget(this)),
      m_panels(new QStackedWidget(this)) {
  setObjectName(QStringLiteral("bottomDock"));
  setMinimumHeight(160);
  setGround(this, widgets::Ground::Window);
  auto* bar = new QWidget(this);
  setGround(bar, widgets::Ground::Surface);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 0, m::kGapCard, 0);
  row->addWidget(m_tabs);
  row->addStretch();
  row->addWidget(m_corners);
  m_corners->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(widgets::makeDivider(Qt::Horizontal, this));
  column->addWidget(bar);
  column->addWidget(widgets::makeDivider(Qt::Horizontal, this));
  column->addWidget(m_panels, 1);

  for (const PanelSpec* spec : registry.at(PanelPlace::Bottom)) {
    Panel* panel = spec->make(context, m_panels);
    panel->setObjectName(spec->id);
    const int index = m_tabs->addTab(spec->title);
    m_ids.append(spec->id);
    m_panels->addWidget(panel);
    QWidget* corner = panel->corner();
    m_corners->addWidget(corner ? corner : new QWidget(m_corners));
    connect(panel, &Panel::badgeChanged, this, [this, index](const QString& text) {
      m_tabs->setBadge(index, text);
      Q_EMIT badgeChanged(m_ids[index], text);
    });
  }
  connect(m_tabs, &QTabBar::currentChanged, this, &BottomDock::bringToFront);
  bringToFront(0);
}

void BottomDock::bringToFront(int index) {
  m_panels->setCurrentIndex(index);
  m_corners->setCurrentIndex(index);
}

bool BottomDock::show(const QString& id) {
  const qsizetype index = m_ids.indexOf(id);
  if (index < 0) return false;
  m_tabs->setCurrentIndex(static_cast<int>(index));
  QWidget::show();
  return true;
}

QString BottomDock::current() const {
  return m_ids.value(m_panels->currentIndex());
}

Panel* BottomDock::panel(const QString& id) const {
  return static_cast<Panel*>(m_panels->widget(static_cast<int>(m_ids.indexOf(id))));
}

}  // namespace freshet::shell
