// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/palette_dock.h"

#include <QHBoxLayout>

#include "ui/palette/palette_panel.h"
#include "ui/palette/palette_rail.h"
#include "ui/shell/panel_context.h"
#include "ui/theme/metrics.h"

namespace freshet::palette {

PaletteDock::PaletteDock(shell::PanelContext& context, QWidget* parent)
    : Panel(parent),
      m_list(new PalettePanel(context.document().catalog(), context.theme(), this)),
      m_rail(new PaletteRail(context.document().catalog(), context.theme(), this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(m_list);
  row->addWidget(m_rail);
  connect(m_list, &PalettePanel::chosen, &context, &shell::PanelContext::stepChosen);
  connect(m_rail, &PaletteRail::chosen, &context, &shell::PanelContext::stepChosen);
  connect(&context, &shell::PanelContext::railWanted, this, &PaletteDock::setRail);
  setRail(false);
}

void PaletteDock::setRail(bool isRail) {
  m_rail->setVisible(isRail);
  m_list->setVisible(!isRail);
}

QSize PaletteDock::sizeHint() const {
  return {m_rail->isHidden() ? theme::metrics::kPalette : theme::metrics::kRail, 400};
}

}  // namespace freshet::palette
