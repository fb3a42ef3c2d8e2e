// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/panel.h"

#include <algorithm>

namespace freshet::shell {

void PanelRegistry::add(PanelSpec spec) {
  const auto after = std::find_if(m_panels.begin(), m_panels.end(),
                                  [&](const PanelSpec& other) { return other.order > spec.order; });
  m_panels.insert(after, std::move(spec));
}

std::vector<const PanelSpec*> PanelRegistry::at(PanelPlace place) const {
  std::vector<const PanelSpec*> found;
  for (const PanelSpec& spec : m_panels)
    if (spec.place == place) found.push_back(&spec);
  return found;
}

const PanelSpec* PanelRegistry::find(const QString& id) const {
  const auto found = std::find_if(m_panels.begin(), m_panels.end(),
                                  [&](const PanelSpec& spec) { return spec.id == id; });
  return found == m_panels.end() ? nullptr : &*found;
}

}  // namespace freshet::shell
