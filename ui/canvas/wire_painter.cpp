// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/wire_painter.h"

#include <QPainter>
#include <QPainterPath>
#include <array>
#include <cmath>

#include "ui/canvas/canvas_metrics.h"
#include "ui/theme/icons.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"

namespace freshet::canvas {
namespace {

const WireLive kNoLive;

const WireLive& liveOf(const CanvasState& state, int wire) {
  const auto index = static_cast<std::size_t>(wire);
  return index < state.live.wires.size() ? state.live.wires[index] : kNoLive;
}

bool isSelected(const CanvasState& state, int wire) {
  const auto index = static_cast<std::size_t>(wire);
  return index < state.selectedWires.size() && state.selectedWires[index];
}

QPainterPath screenPath(const CanvasState& state, const Wire& wire) {
  const ViewTransform& view = state.view;
  QPainterPath path(view.toScreen(wire.start));
  if (wire.isStraight())
    path.lineTo(view.toScreen(wire.end));
  else
    path.cubicTo(view.toScreen(wire.firstControl), view.toScreen(wire.secondControl),
                 view.toScreen(wire.end));
  return path;
}

bool isLabelShown(const CanvasState& state, const WireLive& live) {
  if (live.label.isEmpty()) return false;
  const Detail detail = state.view.detail();
  if (detail == Detail::Full || detail == Detail::Tile) return true;
  return detail == Detail::Icon && (live.flow == Flow::Filling || live.flow == Flow::BackPressured);
}

// Between two neighbours at 45–69 % there is no room for a pill.
bool isBareLabel(const CanvasState& state, const Wire& wire) {
  return wire.isStraight() && state.view.detail() != Detail::Full;
}

}  // namespace

QColor flowColor(Flow flow, const theme::Tokens& tokens) {
  switch (flow) {
    case Flow::Idle:
      return tokens.borderStrong;
    case Flow::Flowing:
      return tokens.accent;
    case Flow::Filling:
      return tokens.filling;
    case Flow::BackPressured:
      return tokens.error.foreground;
  }
  return tokens.borderStrong;
}

QRectF WirePainter::labelRect(const CanvasState& state, int wire) {
  const Wire& one = state.scene.wire(wire);
  const double width = 7.0 * static_cast<double>(liveOf(state, wire).label.size()) + 24;
  QRectF rect(0, 0, width, metrics::kPill + 2);
  rect.moveCenter(state.view.toScreen(one.at(0.5)) - QPointF(0, isBareLabel(state, one) ? 10 : 0));
  return rect;
}

QRectF WirePainter::dirtyRect(const CanvasState& state, int wire) {
  constexpr double kHalf = metrics::kWireMost / 2 + metrics::kWireHover + 2;
  const QRectF line = state.view.toScreen(state.scene.wire(wire).box());
  return line.adjusted(-kHalf, -kHalf, kHalf, kHalf) | labelRect(state, wire);
}

QRectF WirePainter::dotRect(const CanvasState& state, int wire, double phase) {
  constexpr double kHalf = metrics::kDot / 2 + 3;
  const QPointF at = state.view.toScreen(state.scene.wire(wire).at(phase));
  return {at.x() - kHalf, at.y() - kHalf, 2 * kHalf, 2 * kHalf};
}

void WirePainter::drawLine(QPainter& painter, const CanvasState& state, int number,
                           const theme::Tokens& tokens) {
  const Wire& wire = state.scene.wire(number);
  const WireLive& live = liveOf(state, number);
  const QPainterPath path = screenPath(state, wire);
  const bool isDropTarget = state.dropping && state.dropping->wire == number;
  double width = wire.isError ? metrics::kWireLeast : live.width;
  if (state.hoveredWire == number || isDropTarget) width += metrics::kWireHover;
  painter.setBrush(Qt::NoBrush);
  if (isSelected(state, number)) {
    QColor halo = tokens.accent;
    halo.setAlphaF(0.28f);
    painter.setPen(QPen(halo, width + 6, Qt::SolidLine, Qt::RoundCap));
    painter.drawPath(path);
  }
  QColor color = flowColor(live.flow, tokens);
  if (isDropTarget || isSelected(state, number)) color = tokens.accent;
  QPen pen(color, width, Qt::SolidLine, Qt::FlatCap);
  if (live.flow == Flow::BackPressured) pen.setDashPattern({8 / width, 5 / width});
  painter.setPen(pen);
  painter.drawPath(path);
  if (!wire.isError || state.view.detail() == Detail::Icon) return;
  QRectF mark(0, 0, 8, 8);
  mark.moveCenter(state.view.toScreen(wire.at(0.12)));
  theme::drawStateMark(painter, theme::State::Error, mark, tokens);
}

void WirePainter::drawBareLabel(QPainter& painter, const CanvasState& state, int number,
                                const theme::Tokens& tokens) {
  const Wire& wire = state.scene.wire(number);
  const WireLive& live = liveOf(state, number);
  if (!isLabelShown(state, live) || !isBareLabel(state, wire)) return;
  const QPointF middle = state.view.toScreen(wire.at(0.5));
  painter.setFont(m_texts.face(theme::TextRole::MetaMedium, 10).font);
  painter.setPen(live.flow == Flow::Filling || live.flow == Flow::BackPressured
                     ? flowColor(live.flow, tokens)
                     : tokens.text2);
  const double room = state.view.toScreen(wire.at(1)).x() - state.view.toScreen(wire.at(0)).x();
  const bool fits = theme::numberWidth(live.label, painter.font()) <= room - metrics::kLabelRoom;
  theme::drawNumber(painter, QRectF(middle.x() - 40, middle.y() - 18, 80, 14), Qt::AlignCenter,
                    fits ? live.label : live.compact);
}

void WirePainter::drawLabel(QPainter& painter, const CanvasState& state, int number,
                            const theme::Tokens& tokens) {
  const Wire& wire = state.scene.wire(number);
  const WireLive& live = liveOf(state, number);
  if (!isLabelShown(state, live) || isBareLabel(state, wire)) return;
  const QPointF middle = state.view.toScreen(wire.at(0.5));
  const Face& face = m_texts.face(theme::TextRole::MetaMedium, 11);
  const double width =
      std::round(theme::numberWidth(live.label, face.font) + 2 * metrics::kPillPadding);
  const QRectF pill(std::round(middle.x() - width / 2), std::round(middle.y() - metrics::kPill / 2),
                    width, metrics::kPill);
  theme::drawCard(painter, pill, tokens.raised,
                  isSelected(state, number) ? tokens.accent : tokens.border, metrics::kPill / 2);
  painter.setFont(face.font);
  painter.setPen(isSelected(state, number) ? tokens.accent
                 : live.flow == Flow::Filling || live.flow == Flow::BackPressured
                     ? flowColor(live.flow, tokens)
                     : tokens.text2);
  theme::drawNumber(painter, pill, Qt::AlignCenter, live.label);
}

void WirePainter::drawDot(QPainter& painter, const CanvasState& state, int number,
                          const theme::Tokens& tokens) {
  const QPointF at = state.view.toScreen(state.scene.wire(number).at(state.dots));
  painter.setPen(Qt::NoPen);
  painter.setBrush(tokens.canvas);
  painter.drawEllipse(at, metrics::kDot / 2 + 1.25, metrics::kDot / 2 + 1.25);
  painter.setBrush(flowColor(liveOf(state, number).flow, tokens));
  painter.drawEllipse(at, metrics::kDot / 2, metrics::kDot / 2);
}

void WirePainter::drawHairlines(QPainter& painter, const CanvasState& state,
                                const std::vector<int>& wires, const theme::Tokens& tokens) {
  std::array<std::vector<QLineF>, 4> byFlow;
  for (const int number : wires) {
    const Wire& wire = state.scene.wire(number);
    byFlow[static_cast<std::size_t>(liveOf(state, number).flow)].emplace_back(
        state.view.toScreen(wire.start), state.view.toScreen(wire.end));
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (std::size_t flow = 0; flow < byFlow.size(); ++flow) {
    painter.setPen(QPen(flowColor(static_cast<Flow>(flow), tokens), 0));
    painter.drawLines(byFlow[flow].data(), static_cast<int>(byFlow[flow].size()));
  }
  painter.setRenderHint(QPainter::Antialiasing, true);
}

void WirePainter::drawConnecting(QPainter& painter, const CanvasState& state,
                                 const theme::Tokens& tokens) {
  const Connecting& wire = *state.connecting;
  const Card& card = state.scene.card(wire.from.card);
  const bool isBackward = wire.from.port < 0;
  const QPointF fixed =
      isBackward ? card.input() : card.output(static_cast<std::size_t>(wire.from.port));
  QPointF loose = wire.pointer;
  if (wire.target >= 0 && !isBackward) loose = state.scene.card(wire.target).input();
  const QPointF start = state.view.toScreen(isBackward ? loose : fixed);
  const QPointF end = state.view.toScreen(isBackward ? fixed : loose);
  const double offset = std::max(24.0, std::abs(end.x() - start.x()) / 2);
  QPainterPath path(start);
  path.cubicTo(start + QPointF(offset, 0), end - QPointF(offset, 0), end);
  QPen pen(wire.refusal.isEmpty() ? tokens.accent : tokens.error.foreground, 2);
  if (wire.target < 0) pen.setDashPattern({3, 2});
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(path);
}

}  // namespace freshet::canvas
