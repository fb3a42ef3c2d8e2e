// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/transfer.h"

#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "plugins/http/send/signature.h"

namespace freshet::http {
namespace {

constexpr std::size_t kMostReply = 64 * 1024;
constexpr std::size_t kMostExcerpt = 200;
// Slower than this for so long is as good as silent.
constexpr long kLeastBytesPerS = 10;
constexpr long kSlowS = 10;
// Receivers that move are found again soon; connections are kept, so names are rarely asked for.
constexpr long kDnsCacheS = 5;

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  curl_easy_setopt(handle, option, value);
}

}  // namespace

Transfer::Transfer(const TransferSettings& settings)
    : m_settings(settings), m_handle(curl_easy_init()) {
  if (!m_handle) return;
  set(m_handle, CURLOPT_NOSIGNAL, 1L);
  set(m_handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(m_handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(m_handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(m_handle, CURLOPT_PROXY, "");  // not even that of http_proxy
  set(m_handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(m_handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(m_handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(m_handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.caFile.empty()) set(m_handle, CURLOPT_CAINFO, settings.caFile.c_str());
  set(m_handle, CURLOPT_CONNECTTIMEOUT_MS, settings.connectMs);
  set(m_handle, CURLOPT_TIMEOUT_MS, settings.totalMs);
  set(m_handle, CURLOPT_LOW_SPEED_LIMIT, kLeastBytesPerS);
  set(m_handle, CURLOPT_LOW_SPEED_TIME, kSlowS);
  set(m_handle, CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheS);
  set(m_handle, CURLOPT_TCP_KEEPALIVE, 1L);
  set(m_handle, CURLOPT_USERAGENT, "Freshet/1");
  set(m_handle, CURLOPT_POST, 1L);
  set(m_handle, CURLOPT_CUSTOMREQUEST, settings.method.c_str());
  set(m_handle, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
  set(m_handle, CURLOPT_WRITEDATA, this);
  set(m_handle, CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
  set(m_handle, CURLOPT_HEADERDATA, this);
  set(m_handle, CURLOPT_OPENSOCKETFUNCTION, &Transfer::onSocket);
  set(m_handle, CURLOPT_OPENSOCKETDATA, this);
  set(m_handle, CURLOPT_PRIVATE, this);
}

Transfer::~Transfer() {
  release();
  curl_easy_cleanup(m_handle);
}

bool Transfer::addHeader(const std::string& line) {
  curl_slist* longer = curl_slist_append(m_headers, line.c_str());
  if (longer) m_headers = longer;
  return longer != nullptr;
}

void Transfer::load(Delivery& delivery) {
  release();
  m_delivery = &delivery;
  addHeader("Expect:");  // libcurl's own would cost large bodies a second
  addHeader("Idempotency-Key: " + delivery.id);
  if (!m_settings.signingKey.empty()) {
    const TimeMs seconds = wallClockMs() / 1000;
    addHeader("webhook-id: " + delivery.id);
    addHeader("webhook-timestamp: " + std::to_string(seconds));
    addHeader("webhook-signature: " +
              signatureOf(m_settings.signingKey, delivery.id, seconds, delivery.body));
  }
  for (const std::string& header : delivery.headers) addHeader(header);
  set(m_handle, CURLOPT_HTTPHEADER, m_headers);
  set(m_handle, CURLOPT_URL, delivery.url.c_str());
  set(m_handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(delivery.body.size()));
  set(m_handle, CURLOPT_POSTFIELDS, delivery.body.data());
}

void Transfer::release() {
  if (m_headers) {
    set(m_handle, CURLOPT_HTTPHEADER, nullptr);
    curl_slist_free_all(m_headers);
    m_headers = nullptr;
  }
  m_delivery = nullptr;
  m_reply.clear();
  m_blocked.clear();
  m_received = 0;
  m_hasEnough = false;
}

Answer Transfer::answer(CURLcode code) const {
  Answer answer;
  long status = 0;
  curl_easy_getinfo(m_handle, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  // What it went on to say is of no interest; an answer that broke off counts as none.
  if (!(m_hasEnough && code == CURLE_WRITE_ERROR)) answer.transport = code;
  if (answer.transport != CURLE_OK) answer.blocked = m_blocked;
  curl_off_t seconds = 0;
  curl_easy_getinfo(m_handle, CURLINFO_RETRY_AFTER, &seconds);
  if (answer.transport == CURLE_OK) answer.retryAfterS = static_cast<double>(seconds);
  return answer;
}

std::string Transfer::excerpt() const {
  return oneLine(m_reply, kMostExcerpt);
}

std::size_t Transfer::onBody(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  if (transfer.m_reply.size() < kMostExcerpt) {
    transfer.m_reply.append(bytes, std::min(length, kMostExcerpt));
  }
  transfer.m_received += length;
  if (transfer.m_received <= kMostReply) return length;
  transfer.m_hasEnough = true;
  return 0;
}

std::size_t Transfer::onHeader(char*, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  transfer.m_received += length;
  // Headers without an end are no answer at all.
  return transfer.m_received <= kMostReply ? length : 0;
}

curl_socket_t Transfer::onSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  std::string objection = transfer.m_settings.guard.objection(address->addr);
  if (!objection.empty()) {
    transfer.m_blocked = std::move(objection);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace freshet::http
