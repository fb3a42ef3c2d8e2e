// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/hints.h"

#include <QRegularExpression>
#include <QSettings>
#include <algorithm>

#include "ui/widgets/hint_bar.h"

namespace freshet::shell {
namespace {

constexpr int kToastMs = 6'000;
constexpr std::size_t kPage = 200;
constexpr TimeMs kBurstMs = 5'000;
constexpr int kBurst = 8;
const QString kSeenKey = QStringLiteral("hints/seen");

// "currency" of "properties.currency is missing".
QString missingField(const QString& message) {
  static const QRegularExpression kMissing(QStringLiteral("([A-Za-z_]\\w*) is missing"));
  return kMissing.match(message).captured(1);
}

}  // namespace

Hints::Hints(PanelContext& context, QWidget& over, std::function<Qt::Alignment()> corner)
    : m_context(context),
      m_over(over),
      m_corner(std::move(corner)),
      m_seen(QSettings().value(kSeenKey).toStringList()) {
  connect(&context, &PanelContext::noticed, this, &Hints::show);
  connect(&context, &PanelContext::personShown, this, &Hints::greetPerson);
  connect(&context.host(), &bridge::HostBridge::snapshot, this, &Hints::followRun);
}

void Hints::show(const Notice& notice) {
  if (!notice.id.isEmpty()) {
    if (m_seen.contains(notice.id)) return;
    m_seen.append(notice.id);
    QSettings().setValue(kSeenKey, m_seen);
  }
  m_waiting.push_back(notice);
  if (!m_bar) next();
}

void Hints::place() {
  if (m_bar) m_bar->showAt(m_corner());
}

void Hints::next() {
  if (m_waiting.empty()) return;
  const Notice notice = m_waiting.front();
  m_waiting.pop_front();
  const bool isHint = !notice.id.isEmpty();
  m_bar = new widgets::HintBar(
      m_context.theme(), isHint ? widgets::HintBar::Kind::Hint : widgets::HintBar::Kind::Toast,
      &m_over);
  m_bar->setObjectName(QStringLiteral("hint"));
  const qsizetype key = notice.text.indexOf(u'→');
  m_bar->addText(notice.text.left(key < 0 ? notice.text.size() : key).trimmed());
  if (key >= 0) {
    m_bar->addKey(tr("Right arrow"), QStringLiteral("arrow-right"));
    m_bar->addText(notice.text.mid(key + 1).trimmed());
  }
  if (!notice.action.isEmpty()) {
    m_bar->addAction(notice.action);
    connect(m_bar, &widgets::HintBar::actionTriggered, this,
            [this, notice] { Q_EMIT m_context.panelRequested(notice.panel); });
  }
  connect(m_bar, &widgets::HintBar::closed, this, [this] {
    m_bar = nullptr;
    next();
  });
  if (!isHint) m_bar->closeAfter(kToastMs);
  m_bar->showAt(m_corner());
}

void Hints::greetPerson(const QString& name) {
  if (!m_isGuiding || name.isEmpty()) return;
  const QString first = name.section(u' ', 0, 0);
  show({tr("This is %1’s email. Press → for the next person.").arg(first),
        {},
        {},
        QStringLiteral("email.next")});
}

void Hints::followRun(const bridge::LiveSnapshot& live) {
  if (!m_isGuiding || live.status.state != host::RunState::Running) return;
  const pipeline::Project& project = m_context.document().project();
  if (!m_hasSelectedEmail) {
    for (const pipeline::Node& node : project.pipeline.nodes) {
      const spec::NodeSpec* spec = m_context.document().catalog().find(node.type);
      const auto found = live.nodes.find(node.id);
      if (!spec || spec->family != spec::Family::Template || found == live.nodes.end() ||
          found->second.out == 0)
        continue;
      m_hasSelectedEmail = true;
      if (m_context.selection().isEmpty()) m_context.selection().selectNode(node.id);
      break;
    }
  }
  if (live.errors > 0 && !m_seen.contains(QStringLiteral("errors.kept"))) followLetters();
}

// A few broken events are everyday; many that lack the same field at once are news.
void Hints::followLetters() {
  const TimeMs now = wallClockMs();
  for (const host::DeadLetter& letter : m_context.host().host().deadLetters(kPage, m_lastLetter)) {
    m_lastLetter = std::max(m_lastLetter, letter.id);
    const QString field = missingField(QString::fromStdString(letter.message));
    if (!field.isEmpty()) m_lacks.push_back({now, field});
  }
  while (!m_lacks.empty() && now - m_lacks.front().seenMs > kBurstMs) m_lacks.pop_front();
  if (m_lacks.empty()) return;
  const QString field = m_lacks.back().field;
  const auto count = std::count_if(m_lacks.begin(), m_lacks.end(),
                                   [&](const Lack& lack) { return lack.field == field; });
  if (count < kBurst) return;
  show({tr("Some events lacked a %1. They are kept.").arg(field), tr("Show"),
        QStringLiteral("problems"), QStringLiteral("errors.kept")});
}

}  // namespace freshet::shell
