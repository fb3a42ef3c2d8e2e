// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/burst_note.h"

#include <QPainter>
#include <QtMath>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/widgets/focus_ring.h"

namespace freshet::monitor {
namespace {

constexpr int kLine = 14;

QFont plainFont() {
  return theme::font(theme::TextRole::Axis);
}

QFont mediumFont() {
  QFont font = plainFont();
  font.setWeight(QFont::Medium);
  return font;
}

QString keptPart(const QString& kept) {
  return kept.isEmpty() ? QString() : kept + QStringLiteral(" · ");
}

}  // namespace

BurstNote::BurstNote(theme::Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme) {
  setObjectName(QStringLiteral("burstNote"));
  setText(tr("Show"));
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::StrongFocus);
  widgets::setFocusRadius(this, theme::metrics::kGapTight);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void BurstNote::setContent(const QString& reason, std::uint64_t kept) {
  m_reason = reason;
  m_kept = kept == 0   ? QString()
           : kept == 1 ? tr("1 event kept")
                       : tr("%1 events kept").arg(theme::groupedNumber(static_cast<qint64>(kept)));
  setAccessibleName(m_reason + QStringLiteral(", ") + m_kept + QStringLiteral(". ") + text());
  setToolTip(m_reason);
  updateGeometry();
  update();
}

QSize BurstNote::sizeHint() const {
  const qreal second = theme::numberWidth(keptPart(m_kept), plainFont()) +
                       QFontMetricsF(mediumFont()).horizontalAdvance(text());
  const qreal first = QFontMetricsF(mediumFont()).horizontalAdvance(m_reason);
  return {qCeil(std::max(first, second)) + 1, (m_reason.isEmpty() ? 1 : 2) * kLine};
}

void BurstNote::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  constexpr auto kPlace = Qt::AlignLeft | Qt::AlignVCenter;
  QRectF line(0, 0, width(), kLine);
  painter.setFont(mediumFont());
  if (!m_reason.isEmpty()) {
    painter.setPen(m_theme->error.foreground);
    painter.drawText(line, kPlace,
                     painter.fontMetrics().elidedText(m_reason, Qt::ElideRight, width()));
    line.translate(0, kLine);
  }
  painter.setFont(plainFont());
  painter.setPen(m_theme->text3);
  const qreal kept = theme::numberWidth(keptPart(m_kept), painter.font());
  if (kept + QFontMetricsF(mediumFont()).horizontalAdvance(text()) <= width()) {
    theme::drawNumber(painter, line, kPlace, keptPart(m_kept));
    line.setLeft(kept);
  }
  QFont link = mediumFont();
  link.setUnderline(underMouse());
  painter.setFont(link);
  painter.setPen(m_theme->accent);
  painter.drawText(line, kPlace | Qt::TextSingleLine, text());
}

}  // namespace freshet::monitor
