// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/rail_popup.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::palette {
namespace {

constexpr int kRim = theme::metrics::kShadowRings + theme::metrics::kShadowOffset;

}  // namespace

RailPopup::RailPopup(theme::Theme& theme, QWidget* window) : QWidget(window), m_theme(theme) {
  setObjectName(QStringLiteral("railPopup"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kRim + 1, kRim + 1, kRim + 1, kRim + 8);
  qApp->installEventFilter(this);
}

RailPopup::~RailPopup() = default;

void RailPopup::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF card = QRectF(rect()).adjusted(kRim, kRim, -kRim, -kRim);
  theme::drawShadow(painter, card, theme::metrics::kRadiusCard, m_theme.tokens());
  theme::drawCard(painter, card, m_theme->raised, m_theme->border, theme::metrics::kRadiusCard);
}

void RailPopup::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape)
    Q_EMIT left();
  else
    QWidget::keyPressEvent(event);
}

bool RailPopup::eventFilter(QObject* watched, QEvent* event) {
  const auto* widget = qobject_cast<QWidget*>(watched);
  const bool isElsewhere =
      widget && widget != this && !isAncestorOf(widget) &&
      (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::FocusIn);
  if (isElsewhere) Q_EMIT left();
  return false;
}

}  // namespace freshet::palette
