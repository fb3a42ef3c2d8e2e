// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "ui/studio/email_dock.h"
#include "ui/studio/studio_panel.h"
#include "ui/theme/metrics.h"

namespace freshet::studio {
namespace {

bool isEmail(const spec::NodeSpec& step) {
  return step.family == spec::Family::Template;
}

template <class Made>
shell::Panel* make(shell::PanelContext& context, QWidget* parent) {
  return new Made(context, parent);
}

}  // namespace

void registerPanel(shell::PanelRegistry& registry) {
  registry.add({QStringLiteral("email"), QCoreApplication::translate("Panels", "Email"),
                shell::PanelPlace::Right, 0, theme::metrics::kEmailDock, isEmail, make<EmailDock>});
  registry.add({QStringLiteral("studio"), QCoreApplication::translate("Panels", "Edit text"),
                shell::PanelPlace::Cover, 0, 0, isEmail, make<StudioPanel>});
}

}  // namespace freshet::studio
