// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/canvas_live.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/canvas/canvas_metrics.h"
#include "ui/theme/numbers.h"

namespace freshet::canvas {
namespace {

constexpr double kFillingFrom = 0.605;  // shown as 61 %
constexpr double kBackPressuredFrom = 0.855;

theme::State runMark(const Card& card, const host::HostStatus& status) {
  switch (status.state) {
    case host::RunState::Running:
    case host::RunState::Draining:
      return theme::State::Running;
    case host::RunState::Starting:
      return theme::State::Starting;
    case host::RunState::Failed:
      return status.error && status.error->where == card.id ? theme::State::Error
                                                            : theme::State::Stopped;
    case host::RunState::Stopped:
    case host::RunState::Finished:
      return theme::State::Stopped;
  }
  return theme::State::Stopped;
}

QString runWord(host::RunState state) {
  switch (state) {
    case host::RunState::Running:
      return QCoreApplication::translate("Canvas", "running");
    case host::RunState::Draining:
      return QCoreApplication::translate("Canvas", "draining");
    case host::RunState::Starting:
      return QCoreApplication::translate("Canvas", "starting");
    case host::RunState::Failed:
      return QCoreApplication::translate("Canvas", "failed");
    case host::RunState::Stopped:
    case host::RunState::Finished:
      return QCoreApplication::translate("Canvas", "stopped");
  }
  return {};
}

CardLive describeCard(const Card& card, const bridge::LiveSnapshot& live) {
  CardLive shown;
  shown.mark = runMark(card, live.status);
  shown.runState = runWord(live.status.state);
  const auto found = live.nodes.find(card.id);
  const bridge::NodeLive* node = found == live.nodes.end() ? nullptr : &found->second;
  if (card.warnings > 0 || (node && node->errors > 0)) shown.mark = theme::State::Warning;
  if (card.errors > 0 || !card.isKnown) shown.mark = theme::State::Error;
  const std::uint64_t failed = node ? node->errors : 0;
  if (failed > 0)
    shown.badge = theme::shortNumber(static_cast<double>(failed));
  else if (card.errors > 0)
    shown.badge = QString::number(card.errors);
  if (!node || !live.hasRun) return shown;
  shown.hasNumbers = true;
  shown.rate = rateText(node->rate);
  shown.p99 = node->p99Ms ? QStringLiteral("p99 ") + theme::shortMilliseconds(*node->p99Ms)
                          : QStringLiteral("p99 –");
  shown.errors = theme::shortPercent(node->errorShare);
  shown.isFailing = node->errorShare >= 0.0005;
  shown.history = node->history;
  shown.points = node->points;
  return shown;
}

// 30.6 is 31, 12 400 is 12 000: two or three digits are enough where there is little room.
double withoutFraction(double rate) {
  return rate < 1'000 ? std::round(rate) : std::round(rate / 1'000) * 1'000;
}

WireLive describeWire(const Wire& wire, const bridge::LiveSnapshot& live) {
  WireLive shown;
  const auto found = live.edges.find(wire.key);
  if (found == live.edges.end() || !live.hasRun) return shown;
  const bridge::EdgeLive& edge = found->second;
  shown.width = wireWidth(edge.rate);
  shown.label = rateText(edge.rate);
  shown.compact = edge.rate < 10 ? shown.label : rateText(withoutFraction(edge.rate));
  if (edge.rate > 0) shown.flow = Flow::Flowing;
  if (edge.busy < kFillingFrom) return shown;
  shown.flow = edge.busy < kBackPressuredFrom ? Flow::Filling : Flow::BackPressured;
  shown.label = shown.compact =
      QCoreApplication::translate("Canvas", "%1 % busy").arg(std::lround(edge.busy * 100));
  return shown;
}

// What has left the group for good, or else what has entered it.
QString frameSum(const CanvasScene& scene, const Frame& frame, const bridge::LiveSnapshot& live) {
  if (!live.hasRun) return {};
  std::uint64_t sum = 0;
  bool hasSink = false;
  bool hasMail = false;
  for (const int member : frame.members) {
    const Card& card = scene.card(member);
    hasMail |= card.family == theme::Family::Template;
    const auto node = live.nodes.find(card.id);
    if (card.family != theme::Family::Sink || node == live.nodes.end()) continue;
    hasSink = true;
    sum += node->second.in;
  }
  if (!hasSink)
    for (std::size_t i = 0; i < scene.wires().size(); ++i) {
      const Wire& wire = scene.wires()[i];
      const auto isMember = [&](int card) {
        return std::find(frame.members.begin(), frame.members.end(), card) != frame.members.end();
      };
      const auto edge = live.edges.find(wire.key);
      if (edge != live.edges.end() && isMember(wire.to) && !isMember(wire.from))
        sum += edge->second.records;
    }
  const QString count = theme::groupedNumber(static_cast<qint64>(sum));
  const bool isOne = sum == 1;
  if (hasSink && hasMail)
    return (isOne ? QCoreApplication::translate("Canvas", "%1 email")
                  : QCoreApplication::translate("Canvas", "%1 emails"))
        .arg(count);
  return (isOne ? QCoreApplication::translate("Canvas", "%1 event")
                : QCoreApplication::translate("Canvas", "%1 events"))
      .arg(count);
}

}  // namespace

double wireWidth(double recordsPerSecond) {
  return std::clamp(metrics::kWireLeast + 0.75 * std::log10(1 + recordsPerSecond),
                    metrics::kWireLeast, metrics::kWireMost);
}

QString rateText(double perSecond) {
  return theme::shortNumber(perSecond) + QStringLiteral("/s");
}

CanvasLive describe(const CanvasScene& scene, const bridge::LiveSnapshot& live) {
  CanvasLive shown;
  for (const Card& card : scene.cards()) shown.cards.push_back(describeCard(card, live));
  for (const Wire& wire : scene.wires()) shown.wires.push_back(describeWire(wire, live));
  for (const Frame& frame : scene.frames()) shown.frameSums.push_back(frameSum(scene, frame, live));
  return shown;
}

}  // namespace freshet::canvas
