// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_walk.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace freshet::canvas {

int stepInFlow(const CanvasScene& scene, int card, bool isForward) {
  const std::vector<int>& flow = scene.flowOrder();
  if (flow.empty()) return -1;
  const auto found = std::find(flow.begin(), flow.end(), card);
  if (found == flow.end()) return isForward ? flow.front() : flow.back();
  if (isForward) return std::next(found) == flow.end() ? -1 : *std::next(found);
  return found == flow.begin() ? -1 : *std::prev(found);
}

int neighbour(const CanvasScene& scene, int card, Direction direction) {
  const QPointF here = scene.card(card).rect.center();
  if (direction == Direction::Left || direction == Direction::Right) {
    int best = -1;
    for (const int number : scene.wiresOf(card)) {
      const Wire& wire = scene.wire(number);
      const int other = direction == Direction::Right ? (wire.from == card ? wire.to : -1)
                                                      : (wire.to == card ? wire.from : -1);
      if (other < 0) continue;
      const auto away = [&](int at) {
        return std::abs(scene.card(at).rect.center().y() - here.y());
      };
      if (best < 0 || away(other) < away(best)) best = other;
    }
    return best;
  }
  int best = -1;
  double nearest = std::numeric_limits<double>::max();
  for (std::size_t i = 0; i < scene.cards().size(); ++i) {
    const QPointF there = scene.cards()[i].rect.center();
    const double down = direction == Direction::Down ? there.y() - here.y() : here.y() - there.y();
    const double across = std::abs(there.x() - here.x());
    if (down <= 0 || across > down * 2) continue;
    const double away = down + 2 * across;
    if (away >= nearest) continue;
    nearest = away;
    best = static_cast<int>(i);
  }
  return best;
}

}  // namespace freshet::canvas
