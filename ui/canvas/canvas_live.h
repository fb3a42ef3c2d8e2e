// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <array>
#include <vector>

#include "ui/bridge/live_window.h"
#include "ui/canvas/canvas_scene.h"
#include "ui/theme/paint.h"

namespace freshet::canvas {

enum class Flow { Idle, Flowing, Filling, BackPressured };

// A snapshot as the canvas draws it: words and looks worked out once for each snapshot and not in
// every frame. Plain values, parallel to the scene's cards, wires and frames.
struct CardLive {
  theme::State mark = theme::State::Stopped;
  QString runState;  // a word: "running"
  bool hasNumbers = false;
  QString rate;    // "39.8/s"
  QString p99;     // "p99 3 ms"
  QString errors;  // "0.1 %"
  bool isFailing = false;
  QString badge;  // errors since the start; empty: none
  std::array<float, bridge::NodeLive::kPoints> history{};
  std::size_t points = 0;

  friend bool operator==(const CardLive&, const CardLive&) = default;
};

struct WireLive {
  Flow flow = Flow::Idle;
  double width = 1.5;
  QString label;
  QString compact;  // the same in fewer digits, for a short wire

  friend bool operator==(const WireLive&, const WireLive&) = default;
};

struct CanvasLive {
  std::vector<CardLive> cards;
  std::vector<WireLive> wires;
  std::vector<QString> frameSums;
};

CanvasLive describe(const CanvasScene& scene, const bridge::LiveSnapshot& live);
double wireWidth(double recordsPerSecond);
QString rateText(double perSecond);

}  // namespace freshet::canvas
