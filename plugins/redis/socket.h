// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hiredis/hiredis.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "plugins/redis/address.h"

namespace freshet::redis {

/// The bytes to and from a server: TCP, and TLS above it where the address asks for it, never one
/// in place of the other. Blocking, each call for the timeout at most. One thread at a time; of no
/// use after an error.
class Socket {
 public:
  /// "E-3201": nobody there. "E-3206": it speaks no TLS, or its certificate is not trusted or is
  /// not for this host.
  static Result<std::unique_ptr<Socket>> open(const Address& address, int timeoutMs);

  Status send(std::string_view bytes);
  /// How many came, at least one; "E-3202" if none did.
  Result<std::size_t> receive(char* to, std::size_t most);
  Error broken(const std::string& why) const;

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
    void operator()(SSL* tls) const { SSL_free(tls); }
  };

  Socket(redisContext* context, std::string name, int timeoutMs)
      : m_context(context), m_name(std::move(name)), m_timeoutMs(timeoutMs) {}
  Status startTls(const Address& address);
  Error notTrusted(const std::string& why) const;
  Error lastError(int result);

  std::unique_ptr<redisContext, Free> m_context;
  std::unique_ptr<SSL, Free> m_tls;
  std::string m_name;
  int m_timeoutMs;
};

}  // namespace freshet::redis
