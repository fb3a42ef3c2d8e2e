// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/hints.h"

#include <QDesktopServices>
#include <QRegularExpression>
#include <QSettings>
#include <algorithm>

#include "ui/bridge/node_words.h"
#include "ui/widgets/hint_bar.h"

namespace freshet::shell {
namespace {

constexpr int kToastMs = 6'000;
constexpr TimeMs kReadMs = 8'000;  // what a hint is given before the next takes its place
constexpr TimeMs kEditAtMs = 20'000;
constexpr TimeMs kPageAtMs = 55'000;
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

bool Hints::isKnown(const QString& id) const {
  return m_seen.contains(id) || std::any_of(m_waiting.begin(), m_waiting.end(),
                                            [&](const Notice& each) { return each.id == id; });
}

void Hints::show(const Notice& notice) {
  if (!notice.id.isEmpty() && isKnown(notice.id)) return;
  m_waiting.push_back(notice);
  if (!m_bar) next();
}

void Hints::makeWay() {
  if (!m_bar)
    next();
  else if (!m_waiting.empty() && !m_shown.isEmpty() &&
           m_context.host().current().atMs - m_shownAtMs >= kReadMs)
    m_bar->closeAfter(1);
}

void Hints::place() {
  if (m_bar) m_bar->showAt(m_corner());
}

void Hints::next() {
  if (m_waiting.empty() || !m_over.isVisible()) return;
  const Notice notice = m_waiting.front();
  m_waiting.pop_front();
  m_shown = notice.id;
  m_shownAtMs = m_context.host().current().atMs;
  if (!notice.id.isEmpty()) {
    m_seen.append(notice.id);
    QSettings().setValue(kSeenKey, m_seen);
  }
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
    connect(m_bar, &widgets::HintBar::actionTriggered, this, [this, notice] {
      if (notice.address.isValid())
        QDesktopServices::openUrl(notice.address);
      else
        Q_EMIT m_context.panelRequested(notice.panel);
      if (!notice.words.isEmpty()) Q_EMIT m_context.lettersRequested(notice.words);
    });
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

// What a first minute shows, one thing after the other.
void Hints::guide(const bridge::LiveSnapshot& live) {
  if (m_runFromMs == 0) m_runFromMs = live.atMs;
  const TimeMs passed = live.atMs - m_runFromMs;
  if (passed >= kEditAtMs && m_hasSelectedEmail && !isKnown(QStringLiteral("email.edit")))
    show({tr("Change what it says: the email follows each key."), tr("Edit text"),
          QStringLiteral("studio"), QStringLiteral("email.edit")});
  if (passed < kPageAtMs || isKnown(QStringLiteral("page.open"))) return;
  const pipeline::Project& project = m_context.document().project();
  for (const pipeline::Node& node : project.pipeline.nodes) {
    const spec::NodeSpec* spec = m_context.document().catalog().find(node.type);
    const QString address = bridge::pageOf(project, node, spec);
    if (address.isEmpty()) continue;
    return show({tr("Open %1, leave a basket there, and get your own email.")
                     .arg(QString::fromStdString(spec->page->title)),
                 tr("Open"),
                 {},
                 QStringLiteral("page.open"),
                 QUrl(address)});
  }
}

void Hints::followRun(const bridge::LiveSnapshot& live) {
  makeWay();
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
  guide(live);
  if (live.errors > 0 && !isKnown(QStringLiteral("errors.kept"))) followLetters();
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
  show({tr("Some events lacked a %1. They are kept.").arg(field),
        tr("Show"),
        QStringLiteral("problems"),
        QStringLiteral("errors.kept"),
        {},
        field});
}

}  // namespace freshet::shell
