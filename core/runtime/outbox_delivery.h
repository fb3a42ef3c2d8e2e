// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "core/runtime/node_context.h"
#include "core/runtime/run.h"

namespace freshet::runtime {

/// Delivers what lanes have committed to the outbox, in order, on a thread of its own. An entry is
/// removed in the same transaction that stores the sink's mark, so after a crash the sink can undo
/// what it had done beyond it.
class OutboxDelivery {
 public:
  explicit OutboxDelivery(Run& run) : m_run(run), m_share{run, 0, 1, {}, 0, {}} {}
  ~OutboxDelivery() { finish(); }

  /// Opens the sinks; starts the thread if there are any.
  Status start();
  /// Delivers the rest and ends; called when the lanes have ended.
  void finish();

 private:
  struct Target {
    std::string node;
    stage::OutboxSink* sink = nullptr;
    std::unique_ptr<NodeContext> context;
  };
  void run();
  /// True if there was something to deliver.
  Result<bool> deliverSome(Target& target);

  Run& m_run;
  LaneShare m_share;
  LaneParts m_parts;
  std::vector<Target> m_targets;
  std::atomic<bool> m_isEnding{false};
  std::thread m_thread;
};

}  // namespace freshet::runtime
