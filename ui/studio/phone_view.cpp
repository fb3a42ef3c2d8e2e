// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/phone_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPointer>
#include <QThreadPool>
#include <QWheelEvent>
#include <algorithm>

#include "ui/studio/html_painter.h"
#include "ui/theme/fonts.h"

namespace freshet::studio {

PhoneView::PhoneView(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setObjectName(QStringLiteral("phone"));
  setAccessibleName(tr("Email on a phone"));
  setFocusPolicy(Qt::StrongFocus);
  setFixedWidth(kWidth + 2);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void PhoneView::setHtml(const std::string& html, const QString& folder) {
  const int generation = ++m_generation;
  const qreal ratio = devicePixelRatioF();
  QPointer<PhoneView> self(this);
  QThreadPool::globalInstance()->start([self, html, folder, ratio, generation] {
    const HtmlPicture picture = paintHtml(html, kWidth, ratio, folder);
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self, picture, generation] {
          if (self) self->show(generation, picture.image, picture.problem);
        },
        Qt::QueuedConnection);
  });
}

void PhoneView::clear() {
  ++m_generation;
  m_image = {};
  m_problem.clear();
  update();
}

void PhoneView::show(int generation, const QImage& image, const QString& problem) {
  if (generation != m_generation) return;
  m_problem = problem;
  if (problem.isEmpty()) m_image = image;
  scrollTo(0);
  update();
  Q_EMIT drawn();
}

int PhoneView::contentHeight() const {
  return m_image.isNull() ? 0 : qRound(m_image.height() / m_image.devicePixelRatio());
}

void PhoneView::scrollTo(int top) {
  m_top = std::clamp(top, 0, std::max(0, contentHeight() - height() + 2));
  update();
}

void PhoneView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  QPainterPath path;
  path.addRoundedRect(frame, kRadius, kRadius);
  painter.save();
  painter.setClipPath(path);
  // What lies below a short e-mail goes on in its own ground.
  const QColor ground =
      m_image.isNull() ? m_theme->surface : m_image.pixelColor(1, m_image.height() - 1);
  painter.fillRect(rect(), ground);
  if (!m_image.isNull()) painter.drawImage(QPointF(1, 1 - m_top), m_image);
  painter.restore();
  if (!m_problem.isEmpty()) {
    painter.setFont(theme::font(theme::TextRole::Body));
    painter.fillRect(rect().adjusted(1, height() - 64, -1, -24), m_theme->error.soft);
    painter.setPen(m_theme->error.foreground);
    painter.drawText(rect().adjusted(12, height() - 64, -12, -24),
                     Qt::AlignVCenter | Qt::TextWordWrap, m_problem);
  }
  painter.setPen(QPen(m_theme->borderStrong, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(path);
}

void PhoneView::wheelEvent(QWheelEvent* event) {
  scrollTo(m_top - event->angleDelta().y() / 2);
  event->accept();
}

void PhoneView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Down:
      return scrollTo(m_top + 40);
    case Qt::Key_Up:
      return scrollTo(m_top - 40);
    case Qt::Key_PageDown:
      return scrollTo(m_top + height() - 40);
    case Qt::Key_PageUp:
      return scrollTo(m_top - height() + 40);
    case Qt::Key_Home:
      return scrollTo(0);
    case Qt::Key_End:
      return scrollTo(contentHeight());
    default:
      QWidget::keyPressEvent(event);
  }
}

}  // namespace freshet::studio
