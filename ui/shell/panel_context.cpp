// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/panel_context.h"

namespace freshet::shell {

PanelContext::PanelContext(theme::Theme& theme, bridge::DocumentModel& document,
                           bridge::SelectionModel& selection, bridge::HostBridge& host)
    : m_theme(theme), m_document(document), m_selection(selection), m_host(host) {}

}  // namespace freshet::shell
