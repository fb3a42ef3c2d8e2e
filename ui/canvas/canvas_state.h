// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QRectF>
#include <QSizeF>
#include <optional>
#include <vector>

#include "ui/canvas/canvas_live.h"
#include "ui/canvas/canvas_scene.h"
#include "ui/canvas/view_transform.h"

namespace freshet::canvas {

// A wire that is being drawn with the mouse.
struct Connecting {
  CanvasScene::PortHit from;
  QPointF pointer;  // scene
  int target = -1;  // card that would take it
  QString refusal;  // why the card under the pointer does not
  std::vector<bool> fits;
};

// A step that is being dragged in.
struct Dropping {
  QRectF ghost;   // scene
  int wire = -1;  // that it would be inserted on
};

enum class Overlay { None, ZoomOut, ZoomValue, ZoomIn, Fit, Minimap };

// Everything that one frame depends on. The widget writes it, painters read it. A value.
struct CanvasState {
  ViewTransform view;
  QSizeF size;
  CanvasScene scene;
  CanvasLive live;
  std::vector<bool> selectedCards;
  std::vector<bool> selectedWires;
  int current = -1;  // card with the keyboard's focus
  bool hasFocus = false;
  int hoveredCard = -1;
  double hover = 0;  // 0–1, how far the hovered card has come up
  int hoveredWire = -1;
  CanvasScene::PortHit hoveredPort;
  Overlay hoveredOverlay = Overlay::None;
  std::optional<QRectF> rubberBand;  // screen
  std::optional<Connecting> connecting;
  std::optional<Dropping> dropping;
  double dots = -1;  // 0–1 along `dotWires`; below 0: none
  std::vector<int> dotWires;
  double spin = 0;  // 0–1, the starting mark
  bool isMinimapWanted = true;

  bool isMinimapShown() const {
    return isMinimapWanted && !scene.bounds().isEmpty() &&
           !view.toScene(QRectF(QPointF(), size)).contains(scene.bounds());
  }
};

}  // namespace freshet::canvas
