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

  /// Until it works, the error is not worth trying again, the run was given up, or it drains and
  /// the time for that is over.
  Status insist(const std::function<Status()>& call);

 private:
  bool isOver() const;

  Run& m_run;
  std::function<void()> m_service;
  std::minstd_rand m_random;  ///< its own: a retry must not change what nodes draw
};

}  // namespace freshet::runtime
