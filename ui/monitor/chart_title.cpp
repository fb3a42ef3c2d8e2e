// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/chart_title.h"

#include <QPainter>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/numbers.h"

namespace freshet::monitor {
namespace {

constexpr int kSide = 14;
constexpr qreal kMiddle = 21.5;
constexpr int kPartGap = 10;
constexpr int kCaptionGap = 6;
constexpr int kLeastTitle = 60;

}  // namespace

ChartTitle::ChartTitle(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setFixedHeight(kHeight);
  setAttribute(Qt::WA_TransparentForMouseEvents);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void ChartTitle::setContent(TitleContent content) {
  m_content = std::move(content);
  QString said = m_content.title;
  for (const TitlePart& part : m_content.parts) said += QStringLiteral(", ") + part.text;
  said += QStringLiteral(", ") + m_content.caption.text + QLatin1Char(' ') + m_content.figure;
  setAccessibleName(said);
  update();
}

void ChartTitle::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  qreal right = width() - kSide;
  const auto rowOf = [](qreal left, qreal width, qreal middle) {
    return QRectF(left, middle - 12, width, 24);
  };
  constexpr int kLeftMiddle = Qt::AlignLeft | Qt::AlignVCenter;

  painter.setFont(theme::font(theme::TextRole::Figure));
  painter.setPen(m_content.figureColor);
  right -= theme::numberWidth(m_content.figure, painter.font());
  theme::drawNumber(painter, rowOf(right, width(), kMiddle), Qt::Alignment(kLeftMiddle),
                    m_content.figure);
  if (!m_content.caption.text.isEmpty()) {
    if (!m_content.figure.isEmpty()) right -= kCaptionGap;
    painter.setFont(theme::font(theme::TextRole::MetaMedium));
    painter.setPen(m_content.caption.color);
    const qreal captionWidth = theme::numberWidth(m_content.caption.text, painter.font());
    right = std::max(right - captionWidth, qreal(kSide + kLeastTitle));
    theme::drawNumber(painter, rowOf(right, captionWidth, kMiddle + 1.5),
                      Qt::Alignment(kLeftMiddle), m_content.caption.text);
  }

  qreal left = kSide;
  painter.setFont(theme::font(theme::TextRole::LabelStrong));
  painter.setPen(m_theme->text);
  const QString title = painter.fontMetrics().elidedText(m_content.title, Qt::ElideRight,
                                                         static_cast<int>(right - left - 8));
  painter.drawText(rowOf(left, right - left, kMiddle), kLeftMiddle | Qt::TextSingleLine, title);
  left += painter.fontMetrics().horizontalAdvance(title) + kPartGap;
  for (const TitlePart& part : m_content.parts) {
    painter.setFont(
        theme::font(part.isMedium ? theme::TextRole::MetaMedium : theme::TextRole::Meta));
    const qreal width = theme::numberWidth(part.text, painter.font());
    if (left + width > right - 8) break;
    painter.setPen(part.color);
    theme::drawNumber(painter, rowOf(left, width, kMiddle), Qt::Alignment(kLeftMiddle), part.text);
    left += width + kPartGap;
  }
}

}  // namespace freshet::monitor
