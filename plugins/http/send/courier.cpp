// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/courier.h"

#include <pthread.h>

#include <algorithm>

namespace freshet::http {
namespace {

constexpr int kIdleMs = 1000;
constexpr std::size_t kMostSites = 1024;
// A receiver that asks for more is asked again earlier: it may have meant milliseconds.
constexpr double kMostRetryAfterS = 3600;
constexpr double kRetryAfterSpread = 0.05;

std::int64_t toNs(double seconds) {
  return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace

void Delivery::clear() {
  records.clear();
  lease.reset();
  site.clear();
  url.clear();
  body.clear();
  headers.clear();
  id.clear();
  chain = 0;
  code = {};
  message.clear();
  next = nullptr;
  at = nullptr;
  attempts = 0;
  troubles = 0;
  number = 0;
  dueNs = 0;
}

Courier::Courier(CourierSettings settings)
    : m_settings(std::move(settings)),
      m_multi(curl_multi_init()),
      m_random(static_cast<unsigned>(monotonicNs())) {
  curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, static_cast<long>(m_settings.window));
  for (std::size_t i = 0; i < m_settings.window; ++i) {
    m_transfers.push_back(std::make_unique<Transfer>(m_settings.transfer));
    m_idle.push_back(m_transfers.back().get());
  }
  m_thread = std::thread([this] { run(); });
  pthread_setname_np(m_thread.native_handle(), "webhook");
}

Courier::~Courier() {
  {
    const std::scoped_lock lock(m_mutex);
    m_isEnding = true;
  }
  curl_multi_wakeup(m_multi);
  m_thread.join();
  dropAll();
  m_transfers.clear();
  curl_multi_cleanup(m_multi);
}

void Courier::send(std::vector<Delivery*>& deliveries) {
  {
    const std::scoped_lock lock(m_mutex);
    m_orders.insert(m_orders.end(), deliveries.begin(), deliveries.end());
  }
  deliveries.clear();
  curl_multi_wakeup(m_multi);
}

void Courier::collect(std::vector<Delivery*>& settled, std::size_t wanted, int waitMs) {
  std::unique_lock lock(m_mutex);
  if (waitMs > 0) {
    m_wanted = wanted;
    m_changed.wait_for(lock, std::chrono::milliseconds(waitMs),
                       [this] { return m_settled.size() >= m_wanted; });
  }
  settled.insert(settled.end(), m_settled.begin(), m_settled.end());
  m_settled.clear();
}

void Courier::discard() {
  std::unique_lock lock(m_mutex);
  m_isDiscarding = true;
  m_orders.clear();
  curl_multi_wakeup(m_multi);
  m_changed.wait(lock, [this] { return !m_isDiscarding; });
  m_settled.clear();
  m_trouble.reset();
}

std::optional<Error> Courier::trouble() const {
  const std::scoped_lock lock(m_mutex);
  return m_trouble;
}

void Courier::run() {
  std::vector<Delivery*> arrived;
  while (takeOrders(arrived)) {
    for (Delivery* delivery : arrived) accept(*delivery);
    arrived.clear();
    wakeDue(monotonicNs());
    startWhatMay(monotonicNs());
    int running = 0;
    curl_multi_perform(m_multi, &running);
    const bool hasAnswers = takeAnswers();
    handBack();
    // An answer makes room: the next request goes before we wait.
    if (!hasAnswers) curl_multi_poll(m_multi, nullptr, 0, waitMs(monotonicNs()), nullptr);
  }
}

/// False: it is over.
bool Courier::takeOrders(std::vector<Delivery*>& arrived) {
  const std::scoped_lock lock(m_mutex);
  if (m_isDiscarding) {
    dropAll();
    m_isDiscarding = false;
    m_changed.notify_all();
  }
  arrived.swap(m_orders);
  return !m_isEnding;
}

void Courier::accept(Delivery& delivery) {
  if (m_sites.size() > kMostSites) {
    std::erase_if(m_sites, [](const auto& site) { return site.second.isUnused(); });
  }
  Site& site = m_sites[delivery.site];
  ++site.users;
  delivery.at = &site;
  delivery.number = ++m_number;
  if (delivery.chain != 0) {
    const auto [last, isFirst] = m_chains.try_emplace(delivery.chain, &delivery);
    if (!isFirst) {
      last->second->next = &delivery;
      last->second = &delivery;
      return;
    }
  }
  site.ready.push_back(&delivery);
}

void Courier::wakeDue(std::int64_t nowNs) {
  while (!m_later.empty() && m_later.top()->dueNs <= nowNs) {
    m_later.top()->at->ready.push_back(m_later.top());
    m_later.pop();
  }
}

bool Courier::hasRoomFor(const Delivery& delivery) const {
  if (m_idle.empty()) return false;
  return m_bytes == 0 || m_bytes + delivery.body.size() <= m_settings.windowBytes;
}

void Courier::startWhatMay(std::int64_t nowNs) {
  for (auto& [name, site] : m_sites) {
    while (!site.ready.empty()) {
      Delivery& delivery = *site.ready.front();
      if (!hasRoomFor(delivery) || !site.gate.pass(nowNs)) break;
      site.ready.pop_front();
      start(delivery);
    }
  }
}

void Courier::start(Delivery& delivery) {
  Transfer& transfer = *m_idle.back();
  m_idle.pop_back();
  m_bytes += delivery.body.size();
  transfer.load(delivery);
  const CURLMcode added = curl_multi_add_handle(m_multi, transfer.handle());
  if (added != CURLM_OK) finish(transfer, CURLE_OUT_OF_MEMORY);
}

bool Courier::takeAnswers() {
  bool hasAny = false;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    hasAny = true;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish(*transfer, message->data.result);
  }
  return hasAny;
}

void Courier::finish(Transfer& transfer, CURLcode code) {
  Delivery& delivery = *transfer.delivery();
  const Answer answer = transfer.answer(code);
  const Ruling ruling = rulingOn(answer);
  switch (ruling.verdict) {
    case Verdict::Taken:
      answered(delivery);
      settle(delivery);
      break;
    case Verdict::Refused:
      answered(delivery);
      refuse(delivery, ruling.code, wordsFor(answer, ruling), transfer.excerpt());
      break;
    case Verdict::Pause:
      delivery.at->gate.refusedUs(monotonicNs(), chance());
      say(delivery, answer, ruling);
      delivery.at->ready.push_front(&delivery);
      break;
    case Verdict::Again:
      say(delivery, answer, ruling);
      tryAgain(delivery, answer, transfer.excerpt());
      break;
  }
  m_bytes -= delivery.body.size();
  curl_multi_remove_handle(m_multi, transfer.handle());
  transfer.release();
  m_idle.push_back(&transfer);
}

void Courier::tryAgain(Delivery& delivery, const Answer& answer, const std::string& excerpt) {
  const std::int64_t nowNs = monotonicNs();
  Gate& gate = delivery.at->gate;
  ++delivery.attempts;
  delivery.dueNs = nowNs + backOffNs(delivery.attempts, chance());
  if (answer.retryAfterS > 0) {
    const double asked = std::min(answer.retryAfterS, kMostRetryAfterS);
    delivery.dueNs = nowNs + toNs(asked * (1 + kRetryAfterSpread * chance()));
    gate.holdUntil(delivery.dueNs);
  } else {
    gate.failed(nowNs, chance());
  }
  // A host that is away says nothing about this request; one that answers may mean it.
  const bool isAnswer = answer.transport == CURLE_OK && answer.status >= 500;
  if (isAnswer) ++delivery.troubles;
  if (m_settings.attempts > 0 && delivery.troubles >= m_settings.attempts) {
    refuse(delivery, "E-3423",
           "has answered 5xx " + std::to_string(delivery.troubles) + " times, at last " +
               std::to_string(answer.status),
           excerpt);
    return;
  }
  m_later.push(&delivery);
}

void Courier::answered(const Delivery& delivery) {
  delivery.at->gate.answered();
  const std::scoped_lock lock(m_mutex);
  m_trouble.reset();
}

void Courier::refuse(Delivery& delivery, std::string_view code, std::string_view words,
                     const std::string& excerpt) {
  delivery.code = code;
  delivery.message = delivery.site + ' ' + std::string(words);
  if (!excerpt.empty()) delivery.message += " (" + excerpt + ')';
  settle(delivery);
}

void Courier::settle(Delivery& delivery) {
  if (delivery.chain != 0) {
    if (Delivery* next = delivery.next) {
      next->at->ready.push_back(next);
    } else {
      m_chains.erase(delivery.chain);
    }
  }
  --delivery.at->users;
  m_done.push_back(&delivery);
}

void Courier::handBack() {
  if (m_done.empty()) return;
  bool isEnough = false;
  {
    const std::scoped_lock lock(m_mutex);
    m_settled.insert(m_settled.end(), m_done.begin(), m_done.end());
    isEnough = m_settled.size() >= m_wanted;
  }
  m_done.clear();
  if (isEnough) m_changed.notify_all();
}

void Courier::dropAll() {
  for (const auto& transfer : m_transfers) {
    if (!transfer->delivery()) continue;
    curl_multi_remove_handle(m_multi, transfer->handle());
    transfer->release();
    m_idle.push_back(transfer.get());
  }
  m_sites.clear();
  m_chains.clear();
  m_later = {};
  m_done.clear();
  m_bytes = 0;
}

void Courier::say(const Delivery& delivery, const Answer& answer, const Ruling& ruling) {
  std::string text = delivery.site + ' ' + wordsFor(answer, ruling);
  text += ruling.verdict == Verdict::Pause
              ? ". Events keep their place; correct the key here or there, it is tried again."
              : "; it is tried again.";
  const std::scoped_lock lock(m_mutex);
  m_trouble = Error{std::string(ruling.code), std::move(text), {}, Retry::Later};
}

int Courier::waitMs(std::int64_t nowNs) const {
  std::int64_t untilNs = nowNs + std::int64_t{kIdleMs} * 1'000'000;
  if (!m_later.empty()) untilNs = std::min(untilNs, m_later.top()->dueNs);
  for (const auto& [name, site] : m_sites) {
    const bool isHeld = !site.ready.empty() && site.gate.heldUntilNs() > 0;
    if (isHeld && hasRoomFor(*site.ready.front()))
      untilNs = std::min(untilNs, site.gate.heldUntilNs());
  }
  return static_cast<int>(std::max<std::int64_t>(0, (untilNs - nowNs + 999'999) / 1'000'000));
}

double Courier::chance() {
  return static_cast<double>(m_random() % 10'000) / 10'000;
}

}  // namespace freshet::http
