// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include "ui/canvas/canvas_metrics.h"

namespace freshet::canvas {

enum class Detail { Block, Icon, Tile, Full };

// Where the scene stands on the screen: a zoom and the scene point in the widget's corner. A value.
struct ViewTransform {
  double zoom = 1;
  QPointF origin;

  QPointF toScreen(QPointF scene) const { return (scene - origin) * zoom; }
  QPointF toScene(QPointF screen) const { return screen / zoom + origin; }
  QRectF toScreen(const QRectF& scene) const {
    return {toScreen(scene.topLeft()), scene.size() * zoom};
  }
  QRectF toScene(const QRectF& screen) const {
    return {toScene(screen.topLeft()), screen.size() / zoom};
  }
  // The scene point under `screen` stays there.
  ViewTransform zoomedAbout(QPointF screen, double newZoom) const;
  // All of `scene` inside `screen`, at most at 100 %.
  static ViewTransform fitting(const QRectF& scene, const QRectF& screen,
                               double least = metrics::kZoomFitLeast);
  // Moved as little as brings all of `scene` inside `screen`.
  ViewTransform revealing(const QRectF& scene, const QRectF& screen) const;
  Detail detail() const;

  friend bool operator==(const ViewTransform&, const ViewTransform&) = default;
};

QPointF snapped(QPointF scene);

}  // namespace freshet::canvas
