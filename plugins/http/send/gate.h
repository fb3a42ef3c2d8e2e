// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace freshet::http {

/// Whether requests go to one host. Open → Held by failures in a row (the breaker), by a refusal of
/// our credentials or as the host asks → Probing with a single request once the time is over →
/// Open if that is answered, else Held for longer. One thread; times are monotonic.
class Gate {
 public:
  static constexpr int kFailuresToHold = 5;

  /// Whether a request may go now; if so it has gone.
  bool pass(std::int64_t nowNs);
  void answered();
  /// `chance` in [0, 1) spreads who comes back when.
  void failed(std::int64_t nowNs, double chance);
  void refusedUs(std::int64_t nowNs, double chance);
  void holdUntil(std::int64_t untilNs);

  bool isOpen() const { return m_state == State::Open; }
  /// When the next request may go; 0: at once. Meaningless while a probe is under way.
  std::int64_t heldUntilNs() const { return m_state == State::Held ? m_untilNs : 0; }

 private:
  enum class State { Open, Held, Probing };
  void hold(std::int64_t nowNs, double chance);

  State m_state = State::Open;
  int m_failures = 0;  ///< in a row
  int m_holds = 0;     ///< in a row
  std::int64_t m_untilNs = 0;
};

/// Full jitter: somewhere below `firstMs` doubled `attempt` - 1 times, at most 30 s.
std::int64_t backOffNs(int attempt, double chance);

}  // namespace freshet::http
