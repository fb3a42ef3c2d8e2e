// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QVariantAnimation>

#include "ui/canvas/view_transform.h"

namespace freshet::theme {
class Theme;
}

namespace freshet::canvas {

// The four things that move on the canvas: a card coming up under the pointer, the dots of one
// snapshot, the starting mark, a change of view. With motion off every one jumps to its end, and
// dots and mark stay still. GUI thread.
class CanvasMotion final : public QObject {
  Q_OBJECT

 public:
  explicit CanvasMotion(theme::Theme& theme, QObject* parent = nullptr);

  void startHover();
  void startDots();
  void setSpinning(bool spinning);
  void glide(const ViewTransform& from, const ViewTransform& to);
  void stopGlide() { m_glide.stop(); }

 Q_SIGNALS:
  void hoverStep(double share);
  void dotsStep(double share);  // below 0: they are gone
  void spinStep(double turn);
  void viewStep(const freshet::canvas::ViewTransform& view);

 private:
  theme::Theme& m_theme;
  QVariantAnimation m_hover, m_dots, m_spin, m_glide;
  ViewTransform m_from, m_to;
};

}  // namespace freshet::canvas
