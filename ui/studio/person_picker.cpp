// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/person_picker.h"

#include <QMenu>
#include <QPainter>

#include "ui/studio/email_list.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/avatar.h"

namespace freshet::studio {
namespace {

constexpr int kListed = 20;
constexpr int kCountFrom = 220;  // where the name would be cut for it

}  // namespace

PersonPicker::PersonPicker(theme::Theme& theme, EmailList& emails, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_emails(emails) {
  setObjectName(QStringLiteral("personPicker"));
  setFocusPolicy(Qt::StrongFocus);
  setFixedHeight(theme::metrics::kControlCompact);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(this, &QAbstractButton::clicked, this, &PersonPicker::openMenu);
  connect(&emails, &EmailList::currentChanged, this, &PersonPicker::refresh);
  connect(&emails, &EmailList::sizeChanged, this, &PersonPicker::refresh);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  refresh();
}

void PersonPicker::refresh() {
  const Email* email = m_emails.current();
  setAccessibleName(email ? tr("Person: %1").arg(email->name) : tr("No person"));
  update();
}

void PersonPicker::openMenu() {
  QMenu menu(this);
  const auto& all = m_emails.all();
  const std::size_t first = all.size() > kListed ? all.size() - kListed : 0;
  for (std::size_t i = all.size(); i > first; --i) {
    const Email& email = all[i - 1];
    QAction* action = menu.addAction(email.interest.isEmpty()
                                         ? email.name
                                         : tr("%1 · interest %2").arg(email.name, email.interest));
    connect(action, &QAction::triggered, this, [this, i] { m_emails.choose(i - 1); });
  }
  menu.exec(mapToGlobal(QPoint(0, height() + 4)));
}

void PersonPicker::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.setPen(QPen(hasFocus() ? m_theme->accent : m_theme->border, 1));
  painter.setBrush(m_theme->surface);
  painter.drawRoundedRect(frame, theme::metrics::kRadiusInput, theme::metrics::kRadiusInput);
  const Email* email = m_emails.current();
  QRect line = rect().adjusted(6, 0, -28, 0);
  theme::drawIcon(painter, u"chevron-down", m_theme->text3,
                  QRectF(width() - 24, (height() - 16) / 2.0, 16, 16));
  if (!email) {
    painter.setFont(theme::font(theme::TextRole::Body));
    painter.setPen(m_theme->text3);
    painter.drawText(line, Qt::AlignVCenter, tr("Nobody yet"));
    return;
  }
  widgets::drawAvatar(painter, QRectF(line.left(), (height() - 20) / 2.0, 20, 20), email->name,
                      m_theme->family(theme::Family::Enrich));
  line.setLeft(line.left() + 28);
  const QString count =
      m_emails.isLive() ? tr("%1 of %2").arg(m_emails.position() + 1).arg(m_emails.size())
                        : tr("persona %1 of %2").arg(m_emails.position() + 1).arg(m_emails.size());
  if (width() >= kCountFrom) {
    painter.setFont(theme::font(theme::TextRole::Label));
    painter.setPen(m_theme->text2);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, count);
    line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(count) - 10);
  }
  painter.setFont(theme::font(theme::TextRole::BodyMedium));
  painter.setPen(m_theme->text);
  const QString name = painter.fontMetrics().elidedText(email->name, Qt::ElideRight, line.width());
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextForceLeftToRight, name);
  line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(name) + 8);
  if (email->interest.isEmpty() || line.width() < 60) return;
  painter.setFont(theme::font(theme::TextRole::Label));
  painter.setPen(m_theme->text3);
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, tr("interest %1").arg(email->interest));
}

}  // namespace freshet::studio
