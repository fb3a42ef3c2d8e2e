// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/socket.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "core/base/text.h"

namespace freshet::redis {
namespace {

timeval timeOf(int ms) {
  return {ms / 1000, (ms % 1000) * 1000};
}

int& descriptorOf(BIO* bio) {
  return *static_cast<int*>(BIO_get_data(bio));
}

/// OpenSSL's own socket BIO writes with write(), which ends the process when the server has gone.
const BIO_METHOD* socketBio() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "redis socket");
    BIO_meth_set_write(made, [](BIO* bio, const char* bytes, int size) {
      BIO_clear_retry_flags(bio);
      const auto sent =
          ::send(descriptorOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) BIO_set_retry_write(bio);
      return static_cast<int>(sent);
    });
    BIO_meth_set_read(made, [](BIO* bio, char* bytes, int size) {
      BIO_clear_retry_flags(bio);
      const auto got = ::recv(descriptorOf(bio), bytes, static_cast<std::size_t>(size), 0);
      if (got < 0 && errno == EINTR) BIO_set_retry_read(bio);
      return static_cast<int>(got);
    });
    BIO_meth_set_ctrl(made, [](BIO*, int command, long, void*) -> long {
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
    return made;
  }();
  return method;
}

bool isNumericHost(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

std::string tlsWords() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const char* reason = error ? ERR_reason_error_string(error) : nullptr;
  return reason ? reason : "the connection ended";
}

}  // namespace

Error Socket::broken(const std::string& why) const {
  return {"E-3202", "Redis at " + m_name + ": " + why + ". It is tried again.", {}, Retry::Later};
}

Error Socket::notTrusted(const std::string& why) const {
  return {"E-3206",
          "Redis at " + m_name + " is not spoken to, for TLS fails: " + oneLine(why, 200) +
              ". Correct \"url\" or \"ca\" of the connection, or the server's certificate.",
          {},
          Retry::Fatal};
}

Result<std::unique_ptr<Socket>> Socket::open(const Address& address, int timeoutMs) {
  redisContext* context =
      redisConnectWithTimeout(address.host.c_str(), address.port, timeOf(timeoutMs));
  if (!context || context->err) {
    const std::string why = context ? context->errstr : "out of memory";
    if (context) redisFree(context);
    return Error{"E-3201",
                 "No Redis server answers at " + address.name() + " (" + oneLine(why, 100) +
                     "). Start it, or correct \"url\" of the connection; it is tried again.",
                 {},
                 Retry::Later};
  }
  std::unique_ptr<Socket> made(new Socket(context, address.name(), timeoutMs));
  redisSetTimeout(context, timeOf(timeoutMs));
  redisEnableKeepAlive(context);
  if (address.isTls) {
    if (auto status = made->startTls(address); !status) return status.error();
  }
  return made;
}

Status Socket::startTls(const Address& address) {
  ERR_clear_error();
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  if (!context) return notTrusted(tlsWords());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const bool isLoaded =
      address.caFile.empty()
          ? SSL_CTX_set_default_verify_paths(context.get()) == 1
          : SSL_CTX_load_verify_locations(context.get(), address.caFile.c_str(), nullptr) == 1;
  if (!isLoaded) return notTrusted("\"" + address.caFile + "\" holds no certificates");
  m_tls.reset(SSL_new(context.get()));
  BIO* bio = BIO_new(socketBio());
  if (!m_tls || !bio) return notTrusted(tlsWords());
  BIO_set_data(bio, &m_context->fd);
  BIO_set_init(bio, 1);
  SSL_set_bio(m_tls.get(), bio, bio);
  const bool isNamed =
      isNumericHost(address.host)
          ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(m_tls.get()), address.host.c_str()) == 1
          : SSL_set1_host(m_tls.get(), address.host.c_str()) == 1 &&
                SSL_set_tlsext_host_name(m_tls.get(), address.host.c_str()) == 1;
  if (!isNamed) return notTrusted(tlsWords());
  errno = 0;
  if (SSL_connect(m_tls.get()) == 1) return {};
  if (const long verdict = SSL_get_verify_result(m_tls.get()); verdict != X509_V_OK) {
    return notTrusted(X509_verify_cert_error_string(verdict));
  }
  const unsigned long error = ERR_peek_error();
  if (error == 0 || ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return broken("it does not answer the TLS handshake");
  }
  return notTrusted(tlsWords());
}

Error Socket::lastError(int result) {
  if (m_tls && SSL_get_error(m_tls.get(), result) == SSL_ERROR_SSL) return broken(tlsWords());
  if (result == 0 || (m_tls && SSL_get_error(m_tls.get(), result) == SSL_ERROR_ZERO_RETURN)) {
    return broken("the server closed the connection");
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    return broken("no answer within " + formatDuration(m_timeoutMs));
  }
  return broken(std::string("the connection broke: ") + std::strerror(errno));
}

Status Socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t most = std::min<std::size_t>(bytes.size(), 1 << 30);
    const auto sent =
        m_tls ? SSL_write(m_tls.get(), bytes.data(), static_cast<int>(most))
              : static_cast<int>(::send(m_context->fd, bytes.data(), most, MSG_NOSIGNAL));
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return lastError(sent);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<std::size_t> Socket::receive(char* to, std::size_t most) {
  for (;;) {
    errno = 0;
    const auto got = m_tls ? SSL_read(m_tls.get(), to, static_cast<int>(most))
                           : static_cast<int>(::recv(m_context->fd, to, most, 0));
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && errno == EINTR) continue;
    return lastError(got);
  }
}

}  // namespace freshet::redis
