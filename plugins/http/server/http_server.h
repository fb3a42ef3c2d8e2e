// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "plugins/http/server/request_head.h"

namespace freshet::http {

struct Request {
  const RequestHead& head;
  std::string_view body;           ///< whole, chunks joined, inflated
  std::string_view remoteAddress;  ///< of the peer, without its port
};

struct Response {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// To be called once, from any thread; later than the server's end it does nothing.
using Reply = std::function<void(Response)>;

struct Route {
  std::string method;  ///< GET (answers HEAD too), POST or OPTIONS
  std::string path;    ///< exact; or a prefix if it ends with '*'
  /// On the server's thread; must not block. The request is valid until it returns.
  std::function<void(const Request&, Reply)> answer;
};

struct Limits {
  HeadLimits head;
  std::size_t bodyBytes = 1 << 20;
  std::size_t inflatedBytes = 10 << 20;
  std::size_t connections = 2048;
  std::size_t connectionsPerAddress = 256;
  std::chrono::milliseconds headTime{10'000};
  std::chrono::milliseconds bodyTime{30'000};
  std::chrono::milliseconds idleTime{60'000};
  std::chrono::milliseconds writeTime{30'000};
};

/// A small, strict HTTP/1.1 server on one thread of its own. What is not plainly one request is
/// answered with an error and the connection closed, so nothing behind it is read as another.
class HttpServer {
 public:
  /// "HOST:PORT", "[::1]:PORT"; port 0: any free one. A host must be an address or "localhost".
  static Result<std::unique_ptr<HttpServer>> start(const std::string& address,
                                                   std::vector<Route> routes,
                                                   const Limits& limits = {});
  /// Whether `start` could read this address; reaches nothing.
  static Status check(const std::string& address);
  ~HttpServer();  ///< closes all connections
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Core;
  explicit HttpServer(std::shared_ptr<Core> core);
  std::shared_ptr<Core> m_core;
};

}  // namespace freshet::http
