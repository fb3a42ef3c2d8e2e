// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/focus_ring.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFocusEvent>
#include <QPainter>
#include <QVariant>
#include <optional>

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::widgets {
namespace {

constexpr char kRadiusProperty[] = "freshetFocusRadius";
constexpr int kOutset = theme::metrics::kFocusGap + theme::metrics::kFocusRing;

// The corner radius of the ring's widget, or nothing for one that shows focus in its own way.
std::optional<int> radiusOf(const QWidget& widget) {
  const QVariant radius = widget.property(kRadiusProperty);
  if (radius.isValid()) return radius.toInt();
  if (qobject_cast<const QAbstractButton*>(&widget)) return theme::metrics::kRadiusInput;
  return std::nullopt;
}

bool isFromKeyboard(Qt::FocusReason reason) {
  return reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
         reason == Qt::ShortcutFocusReason;
}

// The nearest ancestor with room for the ring, so that a tight parent does not clip it.
QWidget* hostFor(const QWidget* target) {
  QWidget* host = target->parentWidget();
  while (host && !host->isWindow()) {
    const QRect place(target->mapTo(host, QPoint(0, 0)), target->size());
    const bool isViewport = host->objectName() == QLatin1String("qt_scrollarea_viewport");
    const bool fits = host->rect().contains(place.adjusted(-kOutset, -kOutset, kOutset, kOutset));
    if (fits || isViewport) return host;
    host = host->parentWidget();
  }
  return host;
}

}  // namespace

void setFocusRadius(QWidget* widget, int radius) {
  widget->setProperty(kRadiusProperty, radius);
}

class FocusRing::Frame final : public QWidget {
 public:
  Frame(theme::Theme& theme, int radius, QWidget* host) : m_theme(theme), m_radius(radius) {
    // Splitters and stacks adopt every child they are told of; this one is none of theirs.
    setAttribute(Qt::WA_NoChildEventsForParent);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setFocusPolicy(Qt::NoFocus);
    setObjectName(QStringLiteral("focusRing"));
    setParent(host);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    theme::drawRing(painter, QRectF(rect()).adjusted(kOutset, kOutset, -kOutset, -kOutset),
                    m_radius, theme::metrics::kFocusGap, theme::metrics::kFocusRing,
                    m_theme->accent);
  }

 private:
  theme::Theme& m_theme;
  int m_radius;
};

FocusRing::FocusRing(theme::Theme& theme, QObject* parent) : QObject(parent), m_theme(theme) {
  qApp->installEventFilter(this);
}

FocusRing::~FocusRing() {
  takeOff();
}

bool FocusRing::eventFilter(QObject* watched, QEvent* event) {
  switch (event->type()) {
    case QEvent::FocusIn:
      if (watched->isWidgetType()) {
        auto* widget = static_cast<QWidget*>(watched);
        const std::optional<int> radius = radiusOf(*widget);
        if (radius && isFromKeyboard(static_cast<QFocusEvent*>(event)->reason()))
          wear(widget, *radius);
        else
          takeOff();
      }
      break;
    case QEvent::FocusOut:
    case QEvent::Hide:
      if (watched == m_target) takeOff();
      break;
    case QEvent::MouseButtonPress:
      takeOff();
      break;
    case QEvent::Move:
    case QEvent::Resize:
      if (m_target && watched->isWidgetType() &&
          (watched == m_target || static_cast<QWidget*>(watched)->isAncestorOf(m_target)))
        place();
      break;
    default:
      break;
  }
  return false;
}

void FocusRing::wear(QWidget* target, int radius) {
  takeOff();
  QWidget* host = hostFor(target);
  if (!host) return;
  m_target = target;
  m_frame = new Frame(m_theme, radius, host);
  place();
  m_frame->raise();
  m_frame->show();
}

void FocusRing::takeOff() {
  m_target.clear();
  if (m_frame) m_frame->deleteLater();
  if (m_frame) m_frame->hide();
  m_frame.clear();
}

void FocusRing::place() {
  if (!m_frame || !m_target) return;
  const QPoint origin = m_target->mapTo(m_frame->parentWidget(), QPoint(0, 0));
  m_frame->setGeometry(
      QRect(origin, m_target->size()).adjusted(-kOutset, -kOutset, kOutset, kOutset));
}

}  // namespace freshet::widgets
