// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "plugins/http/send/address_guard.h"
#include "plugins/http/send/answer.h"
#include "plugins/http/send/delivery.h"

namespace freshet::http {

struct TransferSettings {
  std::string method = "POST";
  long connectMs = 5000;
  long totalMs = 30'000;
  std::string caFile;      ///< empty: the system's authorities
  std::string signingKey;  ///< empty: requests are not signed
  AddressGuard guard;
};

/// A libcurl easy handle with everything closed that could lead elsewhere: no redirects, no proxy,
/// http and https only, certificates verified, each address asked of the guard, at most 64 KiB of
/// an answer read. One request at a time; courier's thread only.
class Transfer {
 public:
  explicit Transfer(const TransferSettings& settings);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return m_handle; }
  Delivery* delivery() const { return m_delivery; }
  /// Makes the handle ready to send; the delivery must stay until `release`.
  void load(Delivery& delivery);
  /// How it ended, from what libcurl says.
  Answer answer(CURLcode code) const;
  /// The beginning of the answer's body, one line.
  std::string excerpt() const;
  void release();

 private:
  static std::size_t onBody(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t onHeader(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t onSocket(void* self, curlsocktype purpose, curl_sockaddr* address);
  bool addHeader(const std::string& line);

  const TransferSettings& m_settings;
  CURL* m_handle;
  curl_slist* m_headers = nullptr;
  Delivery* m_delivery = nullptr;
  std::string m_reply;  ///< its beginning
  std::string m_blocked;
  std::size_t m_received = 0;
  bool m_hasEnough = false;  ///< it said more than is read
};

}  // namespace freshet::http
