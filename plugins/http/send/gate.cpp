// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/gate.h"

#include <algorithm>

namespace freshet::http {
namespace {

constexpr double kFirstMs = 250;
constexpr double kMostMs = 30'000;
// A host that is away is asked this often at least, and not sooner than that.
constexpr std::int64_t kLeastHoldNs = 200'000'000;

}  // namespace

std::int64_t backOffNs(int attempt, double chance) {
  double most = kFirstMs;
  for (int i = 1; i < attempt && most < kMostMs; ++i) most *= 2;
  return static_cast<std::int64_t>(std::min(most, kMostMs) * chance * 1e6);
}

bool Gate::pass(std::int64_t nowNs) {
  if (m_state == State::Open) return true;
  if (m_state == State::Probing || nowNs < m_untilNs) return false;
  m_state = State::Probing;
  return true;
}

void Gate::answered() {
  *this = {};
}

void Gate::failed(std::int64_t nowNs, double chance) {
  ++m_failures;
  if (m_state != State::Open || m_failures >= kFailuresToHold) hold(nowNs, chance);
}

void Gate::refusedUs(std::int64_t nowNs, double chance) {
  ++m_failures;
  hold(nowNs, chance);
}

void Gate::hold(std::int64_t nowNs, double chance) {
  // What was already under way says nothing new while the gate is held.
  if (m_state == State::Held) return;
  m_state = State::Held;
  m_untilNs = nowNs + std::max(kLeastHoldNs, backOffNs(++m_holds + 1, chance));
}

void Gate::holdUntil(std::int64_t untilNs) {
  m_untilNs = m_state == State::Held ? std::max(m_untilNs, untilNs) : untilNs;
  m_state = State::Held;
}

}  // namespace freshet::http
