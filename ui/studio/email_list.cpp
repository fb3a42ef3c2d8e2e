// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/email_list.h"

#include <QRandomGenerator>

namespace freshet::studio {

void EmailList::reset(const pipeline::Project& project, const std::string& nodeId,
                      std::int64_t nowMs) {
  m_edges.clear();
  m_emails.clear();
  m_seen = 0;
  m_current = 0;
  m_isLive = false;
  if (const pipeline::Node* node = project.pipeline.find(nodeId)) {
    for (const pipeline::Edge& edge : project.pipeline.edges) {
      if (edge.from == nodeId && edge.port != "error") m_edges.push_back(edge.text());
    }
    m_emails = emailsOfPersonas(project, *node, nowMs);
  }
  Q_EMIT sizeChanged();
  Q_EMIT currentChanged();
}

void EmailList::update(const host::PipelineHost& host) {
  if (m_edges.empty()) return;
  const auto records = host.records(m_edges.front(), kMost, m_seen);
  if (records.empty()) return;
  const bool isFirst = !m_isLive;
  if (isFirst) {
    m_emails.clear();
    m_current = 0;
    m_isLive = true;
  }
  for (const host::TappedRecord& record : records) {
    m_seen = record.sequence;
    m_emails.push_back(emailOf(*record.sections, record.key, record.timeMs));
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
