// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/watchdog.h"

#include <algorithm>
#include <chrono>

#include "core/base/clock.h"

namespace freshet::runtime {
namespace {

constexpr auto kLook = std::chrono::milliseconds(500);

}  // namespace

Watchdog::~Watchdog() {
  {
    const std::scoped_lock lock(m_mutex);
    m_isEnding = true;
  }
  m_wake.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

Watchdog::Watch Watchdog::watch(const char* what, std::int64_t mostMs) {
  const std::scoped_lock lock(m_mutex);
  if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
  m_calls.push_back({what, monotonicNs() + mostMs * 1'000'000});
  return {*this, std::prev(m_calls.end())};
}

void Watchdog::forget(std::list<Call>::iterator call) {
  const std::scoped_lock lock(m_mutex);
  m_calls.erase(call);
}

void Watchdog::run() {
  std::unique_lock lock(m_mutex);
  while (!m_isEnding) {
    m_wake.wait_for(lock, kLook);
    const std::int64_t now = monotonicNs();
    const auto hanging =
        std::ranges::find_if(m_calls, [&](const Call& call) { return call.untilNs < now; });
    if (hanging == m_calls.end()) continue;
    const char* what = hanging->what;
    lock.unlock();
    m_onHang(what);
    return;
  }
}

}  // namespace freshet::runtime
