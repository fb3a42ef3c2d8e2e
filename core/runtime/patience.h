// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include "core/runtime/run.h"

namespace freshet::runtime {

/// Calls again what the outside refused for now, with back-off and full jitter, and says so in the
/// run's trouble. One lane's thread.
class Patience {
 public:
  Patience(Run& run, std::function<void()> service, int lane)
      : m_run(run), m_service(std::move(service)), m_random(static_cast<unsigned>(lane) + 1) {}

  /// Until it works, the error is not worth trying again, the run was given up, or the time for
  /// draining or that of `endAt` is over.
  Status insist(const std::function<Status()>& call);
  /// From now on, until `limitNs` of the monotonic clock only; 0: no limit of its own.
  void endAt(std::int64_t limitNs) { m_limitNs = limitNs; }
  bool isOver() const;

 private:
  Run& m_run;
  std::function<void()> m_service;
  std::int64_t m_limitNs = 0;
  std::minstd_rand m_random;  ///< its own: a retry must not change what nodes draw
};

}  // namespace freshet::runtime
