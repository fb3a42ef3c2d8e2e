// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "ui/inspector/inspector_panel.h"

namespace freshet::inspector {

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("inspector"),
                QCoreApplication::translate("Panels", "Settings"),
                shell::PanelPlace::Right,
                100,
                theme::metrics::kInspector,
                {},
                [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
                  return new InspectorPanel(context, parent);
                }});
}

}  // namespace freshet::inspector
