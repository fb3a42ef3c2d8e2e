// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/reasons.h"

#include <QCoreApplication>
#include <QHash>

namespace freshet::monitor {
namespace {

constexpr std::size_t kAsked = 64;  // a dead letter may be 1 MB large
constexpr std::size_t kKept = 512;

}  // namespace

void Reasons::update(const host::PipelineHost& host, std::uint64_t dead) {
  if (dead < m_dead) clear();
  if (dead == m_dead) return;
  m_dead = dead;
  for (const host::DeadLetter& letter : host.deadLetters(kAsked, m_lastId)) {
    m_lastId = letter.id;
    m_reasons.push_back({letter.atMs, shortReason(letter.message)});
  }
  while (m_reasons.size() > kKept) m_reasons.pop_front();
}

void Reasons::clear() {
  *this = {};
}

QString Reasons::commonest(TimeMs fromRunMs, TimeMs toRunMs) const {
  QHash<QString, int> counts;
  QString best;
  for (const Reason& reason : m_reasons) {
    if (reason.runMs < fromRunMs || reason.runMs > toRunMs) continue;
    if (++counts[reason.text] > counts.value(best)) best = reason.text;
  }
  return best;
}

QString shortReason(const std::string& message) {
  const QString text = QString::fromStdString(message);
  static const QString missing = QStringLiteral(" is missing");
  if (text.endsWith(missing)) {
    const QString path = text.chopped(missing.size());
    if (!path.contains(u' '))
      return QCoreApplication::translate("Reasons", "No %1").arg(path.section(u'.', -1));
  }
  return text.left(1).toUpper() + text.mid(1);
}

}  // namespace freshet::monitor
