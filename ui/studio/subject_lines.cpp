// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/subject_lines.h"

#include <QPainter>

#include "ui/studio/email.h"
#include "ui/studio/inbox_row.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

namespace freshet::studio {
namespace {

constexpr int kHeight = 40;

QString cutAt(const QString& text, int most) {
  return text.size() > most ? text.left(most).trimmed() + QStringLiteral("…") : text;
}

}  // namespace

SubjectLines::SubjectLines(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setObjectName(QStringLiteral("subjectLines"));
  setFixedHeight(kHeight);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void SubjectLines::setEmail(const Email* email) {
  m_subject = email ? email->subject : QString();
  m_preheader = email ? email->preheader : QString();
  setAccessibleName(tr("Inbox: %1, %2").arg(m_subject, m_preheader));
  update();
}

void SubjectLines::paintEvent(QPaintEvent*) {
  if (m_subject.isEmpty() && m_preheader.isEmpty()) return;
  QPainter painter(this);
  const auto line = [&](const QString& text, int most, theme::TextRole role, const QColor& ink,
                        int top) {
    const QString count = text.size() > most ? tr("%1, cut at %2").arg(text.size()).arg(most)
                                             : tr("%1 of %2").arg(text.size()).arg(most);
    QRect row(0, top, width(), kHeight / 2);
    painter.setFont(theme::font(theme::TextRole::Meta));
    painter.setPen(m_theme->text3);
    painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, count);
    row.setRight(row.right() - painter.fontMetrics().horizontalAdvance(count) -
                 theme::metrics::kGapCard);
    painter.setFont(theme::font(role));
    painter.setPen(ink);
    painter.drawText(
        row, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
        painter.fontMetrics().elidedText(cutAt(text, most), Qt::ElideRight, row.width()));
  };
  line(m_subject, InboxRow::kSubjectCut, theme::TextRole::BodyStrong, m_theme->text, 0);
  line(m_preheader, InboxRow::kPreheaderCut, theme::TextRole::Label, m_theme->text2, kHeight / 2);
}

}  // namespace freshet::studio
