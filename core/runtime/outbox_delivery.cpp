// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/outbox_delivery.h"

#include <chrono>
#include <utility>

#include "core/base/failpoint.h"

namespace freshet::runtime {
namespace {

constexpr std::size_t kMostEntries = 2000;
constexpr auto kPause = std::chrono::milliseconds(100);

}  // namespace

Status OutboxDelivery::start() {
  if (m_run.settings().mode == stage::Mode::Inert) return {};
  auto parts = m_run.topology().makeLane();
  if (!parts) return parts.error();
  m_parts = std::move(*parts);
  for (std::size_t i = 0; i < m_parts.outboxSinks.size(); ++i) {
    if (!m_parts.outboxSinks[i]) continue;
    const std::string& node = m_run.topology().nodes()[i].id;
    auto context = std::make_unique<NodeContext>(m_share, node, nullptr, false);
    auto mark = m_run.db().outboxMark(node);
    if (!mark) return mark.error();
    if (auto status = m_parts.outboxSinks[i]->openDelivery(*context, *mark); !status)
      return placed(status, node);
    m_targets.push_back({node, m_parts.outboxSinks[i].get(), std::move(context)});
  }
  if (!m_targets.empty()) m_thread = std::thread([this] { run(); });
  return {};
}

void OutboxDelivery::finish() {
  m_isEnding = true;
  m_run.wake.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

Result<bool> OutboxDelivery::deliverSome(Target& target) {
  auto batch = m_run.db().outbox(target.node, kMostEntries);
  if (!batch) return batch.error();
  if (batch->sequences.empty()) return false;
  std::vector<stage::OutboxSink::Entry> entries;
  for (std::size_t i = 0; i < batch->sequences.size(); ++i) {
    entries.push_back({batch->sequences[i], batch->ids[i], batch->bodies[i]});
  }
  auto mark = target.sink->deliver(entries);
  if (!mark) return placed(mark.error(), target.node);
  failpoint("after_deliver");
  if (auto status = m_run.db().outboxDone(target.node, batch->sequences.back(), *mark); !status)
    return status.error();
  target.sink->settled();
  return true;
}

void OutboxDelivery::run() {
  bool hasReported = false;
  while (true) {
    const bool isLastRound = m_isEnding;
    bool hadSome = false;
    for (Target& target : m_targets) {
      auto delivered = deliverSome(target);
      if (delivered) {
        hadSome = hadSome || *delivered;
        if (*delivered && std::exchange(hasReported, false)) m_run.report(std::nullopt);
        continue;
      }
      // At the end there is no later: what is left stays in the state for the next run.
      if (delivered.error().retry != Retry::Later || isLastRound)
        return m_run.fail(delivered.error());
      m_run.report(delivered.error());
      hasReported = true;
    }
    if (hadSome) continue;
    if (isLastRound || m_run.isAbandoned) return;
    std::unique_lock lock(m_run.wakeMutex);
    m_run.wake.wait_for(lock, kPause);
  }
}

}  // namespace freshet::runtime
