// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/inbox_row.h"

#include <QDateTime>
#include <QPainter>

#include "ui/studio/email.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/avatar.h"

namespace freshet::studio {

InboxRow::InboxRow(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setObjectName(QStringLiteral("inboxRow"));
  setFixedHeight(kHeight);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void InboxRow::setEmail(const Email* email) {
  m_sender = email ? email->from.section(QLatin1Char('<'), 0, 0).trimmed() : QString();
  m_subject = email ? email->subject : QString();
  m_preheader = email ? email->preheader : QString();
  m_time = email && email->sentMs > 0
               ? QDateTime::fromMSecsSinceEpoch(email->sentMs).toString(QStringLiteral("HH:mm"))
               : QString();
  setAccessibleName(tr("Inbox: %1, %2").arg(m_sender, m_subject));
  update();
}

void InboxRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), m_theme->surface);
  painter.fillRect(0, height() - 1, width(), 1, m_theme->border);
  if (m_subject.isEmpty() && m_sender.isEmpty()) return;
  // The sender's picture is the mail program's: dark with a light letter in both themes.
  const theme::Tint sender{theme::lightTokens().surface,
                           theme::lightTokens().family(theme::Family::Source).foreground};
  widgets::drawAvatar(painter, QRectF(16, 16, 36, 36), m_sender, sender);

  const int left = 64;
  const int right = width() - 16;
  const auto put = [&](theme::TextRole role, const QColor& color, int y, int to,
                       const QString& text, Qt::Alignment align = Qt::AlignLeft) {
    painter.setFont(theme::font(role));
    painter.setPen(color);
    const QRect line(left, y, to - left, theme::lineHeight(role));
    painter.drawText(line, static_cast<int>(align | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, line.width()));
  };
  put(theme::TextRole::Label, m_theme->text3, 12, right, m_time, Qt::AlignRight);
  put(theme::TextRole::BodyStrong, m_theme->text, 10, right - 48, m_sender);
  QString subject = m_subject;
  if (subject.size() > kSubjectCut)
    subject = subject.left(kSubjectCut).trimmed() + QStringLiteral("…");
  put(theme::TextRole::BodyMedium, m_theme->text, 30, right, subject);
  const QString counts = m_subject.size() > kSubjectCut
                             ? tr("subject %1, cut at %2").arg(m_subject.size()).arg(kSubjectCut)
                             : tr("subject %1").arg(m_subject.size());
  painter.setFont(theme::font(theme::TextRole::Meta));
  const int countsWidth = painter.fontMetrics().horizontalAdvance(counts);
  put(theme::TextRole::Meta, m_theme->text3, 50, right, counts, Qt::AlignRight);
  put(theme::TextRole::Label, m_theme->text3, 50, right - countsWidth - 12,
      m_preheader.left(kPreheaderCut));
}

}  // namespace freshet::studio
