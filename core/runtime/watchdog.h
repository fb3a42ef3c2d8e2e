// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace freshet::runtime {

/// Notices a call to the outside that never returns (a client library that hangs). Any thread.
class Watchdog {
  struct Call {
    const char* what;
    std::int64_t untilNs;
  };

 public:
  /// `onHang` is called once, on the watchdog's thread, with the call that hangs.
  explicit Watchdog(std::function<void(const char* what)> onHang) : m_onHang(std::move(onHang)) {}
  ~Watchdog();

  /// As long as it lives the call may not take longer than it was given.
  class Watch {
   public:
    Watch(Watchdog& dog, std::list<Call>::iterator call) : m_dog(dog), m_call(call) {}
    ~Watch() { m_dog.forget(m_call); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Watchdog& m_dog;
    std::list<Call>::iterator m_call;
  };
  [[nodiscard]] Watch watch(const char* what, std::int64_t mostMs);

 private:
  void forget(std::list<Call>::iterator call);
  void run();

  std::function<void(const char*)> m_onHang;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::list<Call> m_calls;
  bool m_isEnding = false;
  std::thread m_thread;  ///< made with the first call
};

}  // namespace freshet::runtime
