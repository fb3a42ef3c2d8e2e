// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/slowest_row.h"

#include <QPainter>

#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/share_bar.h"
#include "ui/widgets/tile.h"

namespace freshet::monitor {
namespace {

namespace m = theme::metrics;
constexpr int kSide = 14;
constexpr int kTextLeft = kSide + m::kTileRow + 10;
constexpr int kShareWidth = 46;
constexpr int kTimeWidth = 64;
constexpr int kNarrow = 220;  // of a row: the name takes the place of the share
constexpr int kTextMiddle = 17;
constexpr int kBarTop = 31;

}  // namespace

SlowestRow::SlowestRow(theme::Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme) {
  setObjectName(QStringLiteral("slowestRow"));
  setFixedHeight(kHeight);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  widgets::setFocusRadius(this, m::kRadius);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void SlowestRow::setStep(SlowStep step) {
  m_step = std::move(step);
  setAccessibleName(tr("%1, p99 %2, %3 %")
                        .arg(m_step.title, theme::shortMilliseconds(m_step.p99Ms),
                             QString::number(qRound(m_step.share * 100))));
  update();
}

void SlowestRow::enterEvent(QEnterEvent* event) {
  QAbstractButton::enterEvent(event);
  update();
}

void SlowestRow::leaveEvent(QEvent* event) {
  QAbstractButton::leaveEvent(event);
  update();
}

void SlowestRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const theme::Tokens& t = m_theme.tokens();
  if (underMouse() || isDown())
    theme::drawCard(painter, QRectF(rect()).adjusted(6, 1, -6, 0), isDown() ? t.pressed : t.hover,
                    {}, m::kRadius, 0);
  widgets::drawTile(painter, QRectF(kSide, 8, m::kTileRow, m::kTileRow), m_step.icon, m_step.family,
                    t);
  const int right = width() - kSide;
  const QRect line(kTextLeft, kTextMiddle - 10, right - kTextLeft, 20);

  painter.setFont(theme::font(theme::TextRole::Mono));
  painter.setPen(t.text3);
  const int shareWidth = width() < kNarrow ? 0 : kShareWidth;
  if (shareWidth > 0)
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(qRound(m_step.share * 100)) + QStringLiteral(" %"));
  painter.setPen(t.text);
  painter.drawText(line.adjusted(0, 0, -shareWidth, 0), Qt::AlignRight | Qt::AlignVCenter,
                   theme::shortMilliseconds(m_step.p99Ms));
  painter.setFont(theme::font(theme::TextRole::LabelMedium));
  const int room = line.width() - shareWidth - kTimeWidth;
  painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                   painter.fontMetrics().elidedText(m_step.title, Qt::ElideRight, room));
  widgets::drawShareBar(painter, QRectF(kTextLeft, kBarTop, right - kTextLeft, m::kShareBar),
                        m_step.share, t.family(m_step.family).foreground, t);
}

}  // namespace freshet::monitor
