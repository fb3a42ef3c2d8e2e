// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/mail_view.h"

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

namespace {

constexpr int kPhoneRadius = 24;

}  // namespace

MailView::MailView(theme::Theme& theme, Device device, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_device(device) {
  const bool isPhone = device == Device::Phone;
  setObjectName(isPhone ? QStringLiteral("phone") : QStringLiteral("desktop"));
  setAccessibleName(isPhone ? tr("Email on a phone") : tr("Email on a desktop"));
  setFocusPolicy(Qt::StrongFocus);
  setFixedWidth(widthOf(device) + 2);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void MailView::setHtml(const std::string& html, const QString& folder, const std::string& person) {
  m_mail = {html, folder, person};
  draw();
}

void MailView::setScale(qreal scale) {
  if (qFuzzyCompare(scale, m_scale)) return;
  m_top = qRound(m_top / m_scale * scale);
  m_scale = scale;
  setFixedWidth(qRound(widthOf(m_device) * scale) + 2);
  draw();
}

void MailView::draw() {
  if (!m_mail) return;
  m_isStale = m_isDrawing;
  if (m_isDrawing) return;
  m_isDrawing = true;
  const qreal ratio = devicePixelRatioF();
  QPointer<MailView> self(this);
  QThreadPool::globalInstance()->start(
      [self, mail = *m_mail, width = widthOf(m_device), scale = m_scale, ratio] {
        HtmlPicture picture = paintHtml(mail.html, width, ratio * scale, mail.folder);
        picture.image.setDevicePixelRatio(ratio);
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, picture = std::move(picture), person = mail.person] {
              if (self) self->show(picture.image, picture.problem, person);
            },
            Qt::QueuedConnection);
      });
}

void MailView::clear() {
  m_mail.reset();
  m_image = {};
  m_problem.clear();
  update();
}

void MailView::show(const QImage& image, const QString& problem, const std::string& person) {
  m_isDrawing = false;
  if (!m_mail) return;
  m_problem = problem;
  if (problem.isEmpty()) m_image = image;
  scrollTo(person == m_person ? m_top : 0);
  m_person = person;
  if (m_isStale) draw();
  Q_EMIT drawn();
}

int MailView::contentHeight() const {
  return m_image.isNull() ? 0 : qRound(m_image.height() / m_image.devicePixelRatio());
}

void MailView::scrollTo(int top) {
  m_top = std::clamp(top, 0, std::max(0, contentHeight() - height() + 2));
  update();
}

void MailView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  const qreal radius = m_device == Device::Phone ? kPhoneRadius * m_scale : 0;
  QPainterPath path;
  path.addRoundedRect(frame, radius, radius);
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
  painter.setPen(QPen(m_device == Device::Phone ? m_theme->borderStrong : m_theme->border, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(path);
}

void MailView::resizeEvent(QResizeEvent*) {
  scrollTo(m_top);
}

void MailView::wheelEvent(QWheelEvent* event) {
  scrollTo(m_top - event->angleDelta().y() / 2);
  event->accept();
}

void MailView::keyPressEvent(QKeyEvent* event) {
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
