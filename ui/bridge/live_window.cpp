// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/live_window.h"

#include <algorithm>

namespace freshet::bridge {
namespace {

double perSecond(std::uint64_t now, std::uint64_t then, double seconds) {
  return seconds > 0 && now > then ? static_cast<double>(now - then) / seconds : 0;
}

const metrics::NodeMetrics* findNode(const metrics::MetricsSnapshot& snapshot,
                                     std::string_view id) {
  const auto found = std::find_if(snapshot.nodes.begin(), snapshot.nodes.end(),
                                  [id](const auto& node) { return node.node == id; });
  return found == snapshot.nodes.end() ? nullptr : &*found;
}

}  // namespace

void LiveWindow::reset() {
  m_counters.clear();
  m_long.clear();
  m_history.clear();
}

LiveSnapshot LiveWindow::add(const metrics::MetricsSnapshot& now, const host::HostStatus& status) {
  if (!m_counters.empty() && (now.in < m_counters.back().in || now.atMs < m_counters.back().atMs))
    reset();
  LiveSnapshot live;
  live.status = status;
  fillTotals(live, now);
  fillNodes(live, now);
  fillEdges(live, now);
  remember(now);
  return live;
}

void LiveWindow::fillTotals(LiveSnapshot& live, const metrics::MetricsSnapshot& now) const {
  live.atMs = now.atMs;
  live.runNowMs = now.runNowMs;
  live.seconds = now.seconds;
  live.hasRun = now.seconds > 0 || now.in > 0;
  live.in = now.in;
  live.out = now.out;
  live.filtered = now.filtered;
  live.dead = now.dead;
  live.emitted = now.emitted;
  live.errors = now.errors;
  live.memoryBytes = now.memoryBytes;
  if (!m_counters.empty()) {
    const Counters& then = m_counters.front();
    const double seconds = static_cast<double>(now.atMs - then.atMs) / 1000;
    live.inRate = perSecond(now.in, then.in, seconds);
    live.outRate = perSecond(now.out, then.out, seconds);
    live.emittedRate = perSecond(now.emitted, then.emitted, seconds);
    live.errorRate = perSecond(now.errors, then.errors, seconds);
    if (live.inRate > 0) live.errorShare = std::min(1.0, live.errorRate / live.inRate);
  }
  const metrics::Histogram window =
      m_long.empty() ? now.endToEnd : now.endToEnd.since(m_long.front().endToEnd);
  live.samples = window.count();
  live.p50Ms = window.quantileMs(0.5);
  live.p95Ms = window.quantileMs(0.95);
  live.p99Ms = window.quantileMs(0.99);
}

void LiveWindow::fillNodes(LiveSnapshot& live, const metrics::MetricsSnapshot& now) {
  const Counters* then = m_counters.empty() ? nullptr : &m_counters.front();
  const double seconds = then ? static_cast<double>(now.atMs - then->atMs) / 1000 : 0;
  for (const metrics::NodeMetrics& node : now.nodes) {
    NodeLive& shown = live.nodes[node.node];
    shown.in = node.in;
    shown.out = node.out;
    shown.errors = node.errors;
    shown.held = node.held;
    const auto old = then ? then->nodes.find(node.node) : decltype(then->nodes.end()){};
    if (then && old != then->nodes.end()) {
      const Counters::Node& before = old->second;
      shown.rate = node.in > 0 ? perSecond(node.in, before.in, seconds)
                               : perSecond(node.out, before.out, seconds);
      shown.busy = std::min(1.0, perSecond(node.busyNs, before.busyNs, seconds) / 1e9);
    }
    const metrics::NodeMetrics* early =
        m_long.empty() ? nullptr : findNode(m_long.front(), node.node);
    const metrics::Histogram window = early ? node.latency.since(early->latency) : node.latency;
    if (window.count() > 0) shown.p99Ms = window.quantileMs(0.99);
    const std::uint64_t in = node.in - (early ? early->in : 0);
    const std::uint64_t errors = node.errors - (early ? early->errors : 0);
    if (in > 0)
      shown.errorShare = std::min(1.0, static_cast<double>(errors) / static_cast<double>(in));

    History& history = m_history[node.node];
    if (history.count == history.points.size() && isTick(now)) {
      std::shift_left(history.points.begin(), history.points.end(), 1);
      --history.count;
    }
    if (then && isTick(now)) history.points[history.count++] = static_cast<float>(shown.rate);
    shown.history = history.points;
    shown.points = history.count;
  }
}

void LiveWindow::fillEdges(LiveSnapshot& live, const metrics::MetricsSnapshot& now) const {
  const Counters* then = m_counters.empty() ? nullptr : &m_counters.front();
  const double seconds = then ? static_cast<double>(now.atMs - then->atMs) / 1000 : 0;
  for (const metrics::EdgeMetrics& edge : now.edges) {
    EdgeLive& shown = live.edges[edge.edge];
    shown.records = edge.records;
    if (then) {
      const auto old = then->edges.find(edge.edge);
      if (old != then->edges.end()) shown.rate = perSecond(edge.records, old->second, seconds);
    }
    const std::size_t arrow = edge.edge.rfind("-> ");
    if (arrow == std::string::npos) continue;
    const auto target = live.nodes.find(std::string_view(edge.edge).substr(arrow + 3));
    if (target != live.nodes.end()) shown.busy = target->second.busy;
  }
}

bool LiveWindow::isTick(const metrics::MetricsSnapshot& now) const {
  return m_counters.empty() || now.atMs - m_counters.back().atMs >= kTickMs;
}

void LiveWindow::remember(const metrics::MetricsSnapshot& now) {
  if (!isTick(now)) return;
  Counters counters{now.atMs, now.in, now.out, now.emitted, now.errors, {}, {}};
  for (const metrics::NodeMetrics& node : now.nodes)
    counters.nodes[node.node] = {node.in, node.out, node.busyNs};
  for (const metrics::EdgeMetrics& edge : now.edges) counters.edges[edge.edge] = edge.records;
  m_counters.push_back(std::move(counters));
  while (m_counters.size() > 1 && now.atMs - m_counters[1].atMs >= kRateMs) m_counters.pop_front();
  if (m_long.empty() || now.atMs - m_long.back().atMs >= 1'000) m_long.push_back(now);
  while (m_long.size() > 1 && now.atMs - m_long[1].atMs >= kQuantileMs) m_long.pop_front();
}

}  // namespace freshet::bridge
