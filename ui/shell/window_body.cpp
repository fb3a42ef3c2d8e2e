// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_body.h"

#include <QSettings>
#include <algorithm>

#include "ui/shell/bottom_dock.h"
#include "ui/shell/grip.h"
#include "ui/shell/right_dock.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"

namespace freshet::shell {

namespace m = theme::metrics;

namespace {

constexpr int kShadow = 10;
constexpr int kBottomLeast = 160;
constexpr int kBottomMost = 600;

QString widthKey(const RightDock& dock) {
  return QStringLiteral("docks/%1").arg(dock.current());
}
const QString kBottomKey = QStringLiteral("docks/bottom");

}  // namespace

// What a dock over the canvas throws on it.
class WindowBody::Shadow final : public QWidget {
 public:
  Shadow(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    theme::drawShadow(painter, QRectF(kShadow, -40, 200, height() + 80), 0, m_theme.tokens());
  }

 private:
  theme::Theme& m_theme;
};

WindowBody::WindowBody(theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_shadow(new Shadow(theme, this)),
      m_bottomGrip(new Grip(Qt::Horizontal, this)),
      m_rightGrip(new Grip(Qt::Vertical, this)),
      m_bottomHeight(std::clamp(QSettings().value(kBottomKey, m::kBottomDock).toInt(), kBottomLeast,
                                kBottomMost)) {
  connect(m_bottomGrip, &Grip::dragged, this, [this](int by) {
    m_bottomHeight = std::clamp(m_bottomHeight - by, kBottomLeast, kBottomMost);
    QSettings().setValue(kBottomKey, m_bottomHeight);
    arrange();
  });
  connect(m_rightGrip, &Grip::dragged, this, [this](int by) {
    setRightExtra(m_rightExtra - by);
    QSettings().setValue(widthKey(*m_parts.right), m_rightExtra);
    arrange();
  });
}

void WindowBody::fill(const Parts& parts) {
  m_parts = parts;
  for (QWidget* part : {parts.left, parts.centre, static_cast<QWidget*>(parts.bottom),
                        static_cast<QWidget*>(parts.right), parts.cover})
    if (part) part->setParent(this);
  connect(parts.right, &RightDock::shownChanged, this, [this] {
    recallRight();
    arrange();
  });
  recallRight();
  arrange();
}

void WindowBody::setRightExtra(int pixels) {
  const int own = m_parts.right->wantedWidth();
  m_rightExtra = std::clamp(pixels, std::min(300 - own, 0), std::max(520 - own, 0));
}

void WindowBody::recallRight() {
  setRightExtra(QSettings().value(widthKey(*m_parts.right), 0).toInt());
}

void WindowBody::setBottomShown(bool shown) {
  m_isBottomShown = shown;
  arrange();
}

void WindowBody::setRightWanted(bool wanted) {
  m_isRightWanted = wanted;
  arrange();
}

bool WindowBody::isCanvasCovered() const {
  return !m_shadow->isHidden();
}

void WindowBody::setBeside(bool beside) {
  m_isBeside = beside;
  arrange();
}

void WindowBody::setCovered(bool isCovered) {
  m_isCovered = isCovered && m_parts.cover;
  arrange();
}

void WindowBody::resizeEvent(QResizeEvent*) {
  arrange();
}

void WindowBody::arrange() {
  if (!m_parts.centre) return;
  const int bottom = m_isBottomShown ? height() - std::clamp(m_bottomHeight, kBottomLeast,
                                                             std::max(height() / 2, kBottomLeast))
                                     : height();
  const bool isNarrow = width() < kOverlayBelow;
  const bool isRight =
      !m_isCovered && m_parts.right->wantedWidth() > 0 && (m_isRightWanted || !isNarrow);
  const bool isOver = isRight && isNarrow && !m_isBeside && m_parts.right->isForEveryStep();
  const int left = m_parts.left && !m_isCovered ? m_parts.left->sizeHint().width() : 0;
  const int right = isRight ? width() - m_parts.right->wantedWidth() - m_rightExtra : width();
  const int centreRight = isOver ? width() : right;

  if (m_parts.left) m_parts.left->setGeometry(0, 0, left, height());
  m_parts.centre->setGeometry(left, 0, centreRight - left, bottom);
  if (m_parts.cover) m_parts.cover->setGeometry(0, 0, width(), bottom);
  m_parts.bottom->setGeometry(left, bottom, right - left, height() - bottom);
  if (m_parts.left) m_parts.left->setVisible(!m_isCovered);
  m_parts.centre->setVisible(!m_isCovered);
  if (m_parts.cover) m_parts.cover->setVisible(m_isCovered);
  m_parts.bottom->setVisible(m_isBottomShown);
  m_parts.right->setGeometry(right, 0, width() - right, height());
  m_parts.right->setVisible(isRight);
  m_shadow->setGeometry(right - kShadow, 0, kShadow, height());
  m_shadow->setVisible(isOver);
  m_bottomGrip->setGeometry(left, bottom - Grip::kThickness / 2, right - left, Grip::kThickness);
  m_bottomGrip->setVisible(m_isBottomShown);
  m_rightGrip->setGeometry(right - Grip::kThickness / 2, 0, Grip::kThickness, height());
  m_rightGrip->setVisible(isRight);
  m_shadow->raise();
  m_parts.right->raise();
  m_bottomGrip->raise();
  m_rightGrip->raise();
}

}  // namespace freshet::shell
