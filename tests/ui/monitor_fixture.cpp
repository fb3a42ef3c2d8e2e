// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/monitor_fixture.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <cmath>

#include "tests/ui/canvas_fixture.h"

namespace freshet::uitest {
namespace {

constexpr TimeMs kTickMs = 500;
constexpr TimeMs kSpeed = 60;  // of the shop's clock

std::int64_t nanoseconds(double ms) {
  return static_cast<std::int64_t>(ms * 1e6);
}

// The same wobble in every run: most near 1, few near 4.
double spread(int at) {
  return std::exp(0.45 * std::sin(at * 12.9898) + 0.35 * std::cos(at * 4.1414));
}

double shareOf(const std::string& node) {
  if (node == "outbox") return 0.36;
  if (node == "basket-reminder") return 0.28;
  return node == "customer-profile" ? 0.16 : 0.03;
}

}  // namespace

std::vector<pipeline::Diagnostic> ScriptedHost::apply(const pipeline::Project&,
                                                      const host::RunOptions&) {
  now.state = host::RunState::Running;
  return {};
}

void ScriptedHost::stop(bool) {
  now.state = host::RunState::Stopped;
}

std::vector<host::DeadLetter> ScriptedHost::deadLetters(std::size_t most,
                                                        std::int64_t after) const {
  std::vector<host::DeadLetter> found;
  for (const host::DeadLetter& letter : dead)
    if (letter.id > after) found.push_back(letter);
  if (found.size() > most)
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(most));
  return found;
}

LiveFixture::LiveFixture(theme::Theme::Mode mode)
    : catalog(catalogOfTheExample()),
      theme(mode),
      document(catalog),
      selection(document),
      bridge(host),
      context(theme, document, selection, bridge),
      panel(context) {
  document.open(exampleProject());
  host.numbers.atMs = QDateTime(QDate(2026, 3, 5), QTime(14, 2)).toMSecsSinceEpoch();
  host.numbers.runNowMs = host.numbers.atMs;
  auto* row = new QHBoxLayout(&tabs);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(panel.corner());
  panel.resize(984, 198);
  panel.show();
}

void LiveFixture::tick(double ms, int bad, int events) {
  metrics::MetricsSnapshot& now = host.numbers;
  host.now.state = host::RunState::Running;
  now.atMs += kTickMs;
  now.runNowMs += kTickMs * kSpeed;
  now.seconds += static_cast<double>(kTickMs) / 1000;
  now.in += static_cast<std::uint64_t>(events);
  now.errors += static_cast<std::uint64_t>(bad);
  now.dead += static_cast<std::uint64_t>(bad);
  for (int i = 0; i < events; ++i) now.endToEnd.add(nanoseconds(ms * spread(ticks * events + i)));
  for (int i = 0; i < bad; ++i) {
    host::DeadLetter letter;
    letter.id = static_cast<std::int64_t>(host.dead.size()) + 1;
    letter.node = "check-events";
    letter.message = "properties.currency is missing";
    letter.atMs = now.runNowMs - 10;
    host.dead.push_back(letter);
  }
  fillNodes(ms, bad, events);
  ++ticks;
  bridge.poll();
}

void LiveFixture::fillNodes(double ms, int bad, int events) {
  std::vector<metrics::NodeMetrics>& nodes = host.numbers.nodes;
  if (nodes.empty())
    for (const pipeline::Node& node : document.project().pipeline.nodes) {
      metrics::NodeMetrics one;
      one.node = node.id;
      nodes.push_back(one);
    }
  for (metrics::NodeMetrics& node : nodes) {
    node.in += static_cast<std::uint64_t>(events);
    if (node.node == "check-events") node.errors += static_cast<std::uint64_t>(bad);
    for (int i = 0; i < events; ++i)
      node.latency.add(nanoseconds(ms * shareOf(node.node) * spread(ticks + i)));
  }
}

void LiveFixture::playPictures() {
  for (int at = 0; at < 300; ++at) {
    const bool isSlow = (at >= 62 && at < 76) || (at >= 228 && at < 240);
    const double wave = isSlow ? 14 + 4 * std::sin(at * 0.7) : 1.1 + 0.25 * std::sin(at * 0.31);
    const bool isBurst = at >= 98 && at < 118;
    tick(wave, isBurst ? at % 3 : at % 9 == 0);
  }
}

}  // namespace freshet::uitest
