// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "ui/log/log_panel.h"

namespace freshet::log {

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("log"),
                QCoreApplication::translate("Panels", "Log"),
                shell::PanelPlace::Bottom,
                50,
                0,
                {},
                [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
                  return new LogPanel(context, parent);
                }});
}

}  // namespace freshet::log
