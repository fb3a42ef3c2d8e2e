// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/patience.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace freshet::runtime {
namespace {

constexpr std::int64_t kFirstWaitMs = 100;
constexpr std::int64_t kMostWaitMs = 5000;
constexpr std::int64_t kServiceMs = 20;
// What drains has this long for the outside to come back; a supervisor kills after 30 s.
constexpr std::int64_t kDrainNs = 15'000'000'000;

}  // namespace

bool Patience::isOver() const {
  if (m_run.isAbandoned) return true;
  // What drains gives its partitions up anyway, so whoever wants them waits that long.
  if (const std::int64_t since = m_run.stoppingNs(); since > 0)
    return monotonicNs() - since > kDrainNs;
  return m_limitNs > 0 && monotonicNs() > m_limitNs;
}

Status Patience::insist(const std::function<Status()>& call) {
  std::int64_t waitMs = kFirstWaitMs;
  for (int attempt = 0;; ++attempt) {
    Status status = call();
    if (status) {
      if (attempt > 0) m_run.report(std::nullopt);
      return status;
    }
    if (status.error().retry != Retry::Later) return status;
    m_run.report(status.error());
    // Full jitter, so that lanes do not come back together.
    const std::int64_t pause = kServiceMs + static_cast<std::int64_t>(m_random()) % waitMs;
    for (std::int64_t waited = 0; waited < pause; waited += kServiceMs) {
      if (isOver()) return status;
      m_service();
      std::this_thread::sleep_for(std::chrono::milliseconds(kServiceMs));
    }
    waitMs = std::min(waitMs * 2, kMostWaitMs);
  }
}

}  // namespace freshet::runtime
