// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "ui/problems/problems_panel.h"

namespace freshet::problems {

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("problems"),
                QCoreApplication::translate("Panels", "Problems"),
                shell::PanelPlace::Bottom,
                40,
                0,
                {},
                [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
                  return new ProblemsPanel(context, parent);
                }});
}

}  // namespace freshet::problems
