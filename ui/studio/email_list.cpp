// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/email_list.h"

#include <QRandomGenerator>

#include "ui/shell/panel_context.h"

namespace freshet::studio {

EmailList& EmailList::of(shell::PanelContext& context) {
  auto* list = context.findChild<EmailList*>(QString(), Qt::FindDirectChildrenOnly);
  return list ? *list : *new EmailList(context);
}

EmailList::EmailList(shell::PanelContext& context) : QObject(&context), m_context(context) {
  connect(&context.selection(), &bridge::SelectionModel::changed, this,
          &EmailList::followSelection);
  connect(&context.document(), &bridge::DocumentModel::changed, this, &EmailList::followDocument);
  connect(&context.host(), &bridge::HostBridge::snapshot, this, &EmailList::update);
  connect(&context.host(), &bridge::HostBridge::stateChanged, this, [this](host::RunState state) {
    if (state == host::RunState::Starting) m_isBehind = false;
  });
  followSelection();
}

void EmailList::followSelection() {
  const std::string& current = m_context.selection().current();
  const pipeline::Node* node = m_context.document().project().pipeline.find(current);
  const spec::NodeSpec* spec = node ? m_context.document().catalog().find(node->type) : nullptr;
  if (spec && spec->family == spec::Family::Template && current != m_node) open(current);
}

void EmailList::followDocument(bridge::DocumentModel::Change change) {
  using Change = bridge::DocumentModel::Change;
  if (change == Change::Layout) return;
  if (change == Change::Reset) return open({});
  m_isBehind = true;
  for (Email& email : m_emails) email.isOutdated = true;
  Q_EMIT currentChanged();
}

void EmailList::open(const std::string& node) {
  m_node = node;
  m_edges.clear();
  m_emails.clear();
  m_seen = 0;
  m_current = 0;
  m_isLive = false;
  const pipeline::Project& project = m_context.document().project();
  if (!node.empty()) {
    for (const pipeline::Edge& edge : project.pipeline.edges) {
      if (edge.from == node && edge.port != "error") m_edges.push_back(edge.text());
    }
    m_emails = personasOf(project, wallClockMs());
  }
  Q_EMIT nodeChanged();
  Q_EMIT sizeChanged();
  Q_EMIT currentChanged();
  update();
}

void EmailList::update() {
  if (m_edges.empty()) return;
  const auto records = m_context.host().host().records(m_edges.front(), kMost, m_seen);
  if (records.empty()) return;
  const bool isFirst = !m_isLive;
  if (isFirst) {
    m_emails.clear();
    m_current = 0;
    m_isLive = true;
  }
  for (const host::TappedRecord& record : records) {
    m_seen = record.sequence;
    m_emails.push_back(emailOf(record.sections, record.key, record.timeMs));
    m_emails.back().isOutdated = m_isBehind;
  }
  if (m_emails.size() > kMost) {
    const std::size_t gone = m_emails.size() - kMost;
    m_emails.erase(m_emails.begin(), m_emails.begin() + static_cast<std::ptrdiff_t>(gone));
    m_current = m_current > gone ? m_current - gone : 0;
  }
  Q_EMIT sizeChanged();
  if (isFirst) Q_EMIT currentChanged();
}

void EmailList::choose(std::size_t index) {
  if (index >= m_emails.size() || index == m_current) return;
  m_current = index;
  Q_EMIT currentChanged();
}

void EmailList::step(int by) {
  if (m_emails.empty()) return;
  const auto count = static_cast<std::ptrdiff_t>(m_emails.size());
  choose(static_cast<std::size_t>(((static_cast<std::ptrdiff_t>(m_current) + by) % count + count) %
                                  count));
}

void EmailList::chooseRandom() {
  if (m_emails.size() < 2) return;
  choose(static_cast<std::size_t>(
      QRandomGenerator::global()->bounded(static_cast<int>(m_emails.size()))));
}

}  // namespace freshet::studio
