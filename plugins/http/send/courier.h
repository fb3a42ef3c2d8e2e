// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <curl/curl.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

#include "plugins/http/send/answer.h"
#include "plugins/http/send/delivery.h"
#include "plugins/http/send/gate.h"
#include "plugins/http/send/transfer.h"

namespace freshet::http {

/// A host, what waits for it and whether it may be reached now. Courier's thread only.
struct Site {
  Gate gate;
  std::deque<Delivery*> ready;  ///< first of their chains, in order
  std::size_t users = 0;        ///< deliveries that are not settled
  bool isUnused() const { return users == 0 && gate.isOpen(); }
};

struct CourierSettings {
  TransferSettings transfer;
  std::size_t window = 32;            ///< requests under way
  std::size_t windowBytes = 8 << 20;  ///< their bodies
  std::int64_t attempts = 30;         ///< answers of trouble that one request may get; 0: any
};

/// Sends deliveries over a libcurl multi handle of its own, on a thread of its own: several at a
/// time, those of a chain one after another, again and again until each is taken or refused
/// (`rulingOn`). Owned by one lane's sink, whose thread makes all calls; deliveries must outlive
/// it. Ending it drops what is under way.
class Courier {
 public:
  explicit Courier(CourierSettings settings);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void send(std::vector<Delivery*>& deliveries);
  /// Waits at most `waitMs` for `wanted` of them; those that are settled come back in `settled`.
  void collect(std::vector<Delivery*>& settled, std::size_t wanted, int waitMs);
  /// Gives up all that is not settled; it has forgotten them when this returns.
  void discard();
  /// What keeps deliveries waiting, Retry::Later: E-3430 or E-3431.
  std::optional<Error> trouble() const;

 private:
  void run();
  bool takeOrders(std::vector<Delivery*>& arrived);
  void accept(Delivery& delivery);
  void wakeDue(std::int64_t nowNs);
  void startWhatMay(std::int64_t nowNs);
  bool hasRoomFor(const Delivery& delivery) const;
  void start(Delivery& delivery);
  bool takeAnswers();
  void finish(Transfer& transfer, CURLcode code);
  void tryAgain(Delivery& delivery, const Answer& answer, const std::string& excerpt);
  void answered(const Delivery& delivery);
  void refuse(Delivery& delivery, std::string_view code, std::string_view words,
              const std::string& excerpt);
  void settle(Delivery& delivery);
  void handBack();
  void dropAll();
  void say(const Delivery& delivery, const Answer& answer, const Ruling& ruling);
  int waitMs(std::int64_t nowNs) const;
  double chance();

  const CourierSettings m_settings;

  mutable std::mutex m_mutex;  ///< guards what follows, down to the thread's own
  std::condition_variable m_changed;
  std::vector<Delivery*> m_orders;
  std::vector<Delivery*> m_settled;
  std::size_t m_wanted = 1;
  std::optional<Error> m_trouble;
  bool m_isEnding = false;
  bool m_isDiscarding = false;

  // The courier's thread only.
  CURLM* m_multi = nullptr;
  std::vector<std::unique_ptr<Transfer>> m_transfers;
  std::vector<Transfer*> m_idle;
  std::map<std::string, Site, std::less<>> m_sites;
  std::unordered_map<std::uint64_t, Delivery*> m_chains;  ///< the last of each
  struct Later {
    bool operator()(const Delivery* a, const Delivery* b) const {
      return a->dueNs != b->dueNs ? a->dueNs > b->dueNs : a->number > b->number;
    }
  };
  std::priority_queue<Delivery*, std::vector<Delivery*>, Later> m_later;
  std::vector<Delivery*> m_done;
  std::size_t m_bytes = 0;  ///< under way
  std::uint64_t m_number = 0;
  std::minstd_rand m_random;
  std::thread m_thread;
};

}  // namespace freshet::http
