// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/view_transform.h"

#include <algorithm>
#include <cmath>

namespace freshet::canvas {

ViewTransform ViewTransform::zoomedAbout(QPointF screen, double newZoom) const {
  const QPointF fixed = toScene(screen);
  return {newZoom, fixed - screen / newZoom};
}

ViewTransform ViewTransform::fitting(const QRectF& scene, const QRectF& screen, double least) {
  if (scene.isEmpty() || screen.isEmpty()) return {};
  const double zoom = std::clamp(
      std::min(screen.width() / scene.width(), screen.height() / scene.height()), least, 1.0);
  return {zoom, scene.center() - screen.center() / zoom};
}

ViewTransform ViewTransform::revealing(const QRectF& scene, const QRectF& screen) const {
  const QRectF there = toScreen(scene);
  QPointF by;
  if (there.right() > screen.right()) by.setX(there.right() - screen.right());
  if (there.left() < screen.left()) by.setX(there.left() - screen.left());
  if (there.bottom() > screen.bottom()) by.setY(there.bottom() - screen.bottom());
  if (there.top() < screen.top()) by.setY(there.top() - screen.top());
  return {zoom, origin + by / zoom};
}

Detail ViewTransform::detail() const {
  if (zoom >= metrics::kFullFrom) return Detail::Full;
  if (zoom >= metrics::kTileFrom) return Detail::Tile;
  return zoom >= metrics::kIconFrom ? Detail::Icon : Detail::Block;
}

QPointF snapped(QPointF scene) {
  return {std::round(scene.x() / metrics::kGrid) * metrics::kGrid,
          std::round(scene.y() / metrics::kGrid) * metrics::kGrid};
}

}  // namespace freshet::canvas
