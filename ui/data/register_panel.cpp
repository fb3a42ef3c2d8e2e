// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "ui/data/data_panel.h"

namespace freshet::data {

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("data"),
                QCoreApplication::translate("Panels", "Data"),
                shell::PanelPlace::Bottom,
                20,
                0,
                {},
                [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
                  return new DataPanel(context, parent);
                }});
}

}  // namespace freshet::data
