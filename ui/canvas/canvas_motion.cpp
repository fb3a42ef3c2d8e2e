// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_motion.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

namespace freshet::canvas {
namespace {

void prepare(QVariantAnimation& animation, int milliseconds) {
  animation.setDuration(milliseconds);
  animation.setStartValue(0.0);
  animation.setEndValue(1.0);
}

}  // namespace

CanvasMotion::CanvasMotion(theme::Theme& theme, QObject* parent) : QObject(parent), m_theme(theme) {
  constexpr int kTurnMs = 1200;
  prepare(m_hover, theme::metrics::kHoverMs);
  prepare(m_dots, theme::metrics::kDotMs);
  prepare(m_spin, kTurnMs);
  prepare(m_glide, theme::metrics::kLayoutMs);
  m_spin.setLoopCount(-1);
  m_glide.setEasingCurve(QEasingCurve::OutCubic);
  connect(&m_hover, &QVariantAnimation::valueChanged, this,
          [this](const QVariant& value) { Q_EMIT hoverStep(value.toDouble()); });
  connect(&m_dots, &QVariantAnimation::valueChanged, this,
          [this](const QVariant& value) { Q_EMIT dotsStep(value.toDouble()); });
  connect(&m_dots, &QVariantAnimation::finished, this, [this] { Q_EMIT dotsStep(-1); });
  connect(&m_spin, &QVariantAnimation::valueChanged, this,
          [this](const QVariant& value) { Q_EMIT spinStep(value.toDouble()); });
  connect(&m_glide, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
    const double share = value.toDouble();
    Q_EMIT viewStep({m_from.zoom + (m_to.zoom - m_from.zoom) * share,
                     m_from.origin + (m_to.origin - m_from.origin) * share});
  });
  connect(&m_glide, &QVariantAnimation::finished, this, [this] { Q_EMIT viewStep(m_to); });
}

void CanvasMotion::startHover() {
  if (!m_theme.isMotionOn()) {
    Q_EMIT hoverStep(1);
    return;
  }
  m_hover.stop();
  m_hover.start();
}

void CanvasMotion::startDots() {
  if (!m_theme.isMotionOn() || m_dots.state() == QAbstractAnimation::Running) return;
  m_dots.start();
}

void CanvasMotion::setSpinning(bool spinning) {
  if (spinning && m_theme.isMotionOn()) {
    if (m_spin.state() != QAbstractAnimation::Running) m_spin.start();
  } else {
    m_spin.stop();
  }
}

void CanvasMotion::glide(const ViewTransform& from, const ViewTransform& to) {
  m_glide.stop();
  m_from = from;
  m_to = to;
  if (m_theme.isMotionOn())
    m_glide.start();
  else
    Q_EMIT viewStep(to);
}

}  // namespace freshet::canvas
