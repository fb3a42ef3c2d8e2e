// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/right_dock.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <algorithm>

#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"
#include "ui/widgets/ground.h"

namespace freshet::shell {

RightDock::RightDock(const PanelRegistry& registry, PanelContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_specs(registry.at(PanelPlace::Right)),
      m_panels(new QStackedWidget(this)) {
  setObjectName(QStringLiteral("rightDock"));
  setGround(this, widgets::Ground::Surface);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(widgets::makeDivider(Qt::Vertical, this));
  row->addWidget(m_panels, 1);
  for (const PanelSpec* spec : m_specs) {
    Panel* panel = spec->make(context, m_panels);
    panel->setObjectName(spec->id);
    m_panels->addWidget(panel);
  }
  connect(&context.selection(), &bridge::SelectionModel::changed, this, &RightDock::follow);
  follow();
}

void RightDock::follow() {
  const std::string& step = m_context.selection().current();
  if (step == m_step && !step.empty()) return;
  m_step = step;
  const pipeline::Node* node = m_context.document().project().pipeline.find(step);
  const spec::NodeSpec* spec = node ? m_context.document().catalog().find(node->type) : nullptr;
  const auto fitting = std::find_if(m_specs.begin(), m_specs.end(), [&](const PanelSpec* each) {
    return !each->fits || (spec && each->fits(*spec));
  });
  if (fitting != m_specs.end()) bringToFront(*fitting);
  Q_EMIT shownChanged();
}

void RightDock::bringToFront(const PanelSpec* spec) {
  const auto found = std::find(m_specs.begin(), m_specs.end(), spec);
  m_panels->setCurrentIndex(static_cast<int>(found - m_specs.begin()));
}

bool RightDock::show(const QString& id) {
  const auto found = std::find_if(m_specs.begin(), m_specs.end(),
                                  [&](const PanelSpec* spec) { return spec->id == id; });
  if (found == m_specs.end()) return false;
  bringToFront(*found);
  Q_EMIT shownChanged();
  return true;
}

QString RightDock::current() const {
  return m_specs.empty() ? QString()
                         : m_specs[static_cast<std::size_t>(m_panels->currentIndex())]->id;
}

int RightDock::wantedWidth() const {
  return m_specs.empty() ? 0 : m_specs[static_cast<std::size_t>(m_panels->currentIndex())]->width;
}

bool RightDock::isForEveryStep() const {
  return m_specs.empty() || !m_specs[static_cast<std::size_t>(m_panels->currentIndex())]->fits;
}

}  // namespace freshet::shell
