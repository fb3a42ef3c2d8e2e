// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "ui/palette/palette_dock.h"

namespace freshet::palette {

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("palette"),
                QCoreApplication::translate("Panels", "Steps"),
                shell::PanelPlace::Left,
                0,
                0,
                {},
                [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
                  return new PaletteDock(context, parent);
                }});
}

}  // namespace freshet::palette
