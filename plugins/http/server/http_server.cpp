// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/server/http_server.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <map>
#include <set>
#include <thread>

#include "core/base/text.h"
#include "plugins/http/server/session.h"

namespace freshet::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";
constexpr std::string_view kTooMany =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

Error addressError(const std::string& address) {
  return {"E-3401",
          '"' + oneLine(address, 80) +
              "\" is no address to listen on; write HOST:PORT, for example 127.0.0.1:7410",
          {},
          Retry::Never};
}

Result<tcp::endpoint> parseAddress(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return addressError(address);
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const char* end = address.data() + address.size();
  const auto read = std::from_chars(address.data() + colon + 1, end, port);
  error_code failed;
  const auto ip = asio::ip::make_address(host, failed);
  if (failed || read.ec != std::errc() || read.ptr != end) return addressError(address);
  return tcp::endpoint(ip, port);
}

asio::ip::address peerOf(const tcp::socket& socket) {
  error_code failed;
  const auto address = socket.remote_endpoint(failed).address();
  if (!failed && address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

/// What counts as one client: an IPv4 address, or the 64 bits of a network in IPv6.
std::string clientOf(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string();
}

}  // namespace

struct HttpServer::Core {
  explicit Core(std::shared_ptr<Shared> all)
      : shared(std::move(all)), acceptor(shared->io), ticker(shared->io) {}

  Status listen(const std::string& address);
  void accept();
  void admit(tcp::socket socket);
  void tick();
  void closeAll();

  struct Open {
    std::shared_ptr<Session> session;
    std::string client;
  };
  std::shared_ptr<Shared> shared;
  tcp::acceptor acceptor;
  asio::steady_timer ticker;
  std::map<Session*, Open> sessions;
  std::map<std::string, std::size_t> perClient;
  std::uint16_t port = 0;
  bool isEnding = false;
  bool isPaused = false;  ///< not accepting
  std::thread thread;
};

Status HttpServer::Core::listen(const std::string& address) {
  auto endpoint = parseAddress(address);
  if (!endpoint) return endpoint.error();
  error_code failed;
  acceptor.open(endpoint->protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(*endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    return Error{"E-3402",
                 "Cannot listen on " + address + ": " + failed.message() +
                     (failed == asio::error::address_in_use
                          ? "; another program uses this port, choose another one"
                          : ""),
                 {},
                 Retry::Never};
  }
  port = acceptor.local_endpoint().port();
  return {};
}

void HttpServer::Core::accept() {
  acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
    if (isEnding) return;
    if (!error) admit(std::move(socket));
    // Out of descriptors: a later tick tries again.
    isPaused = error == asio::error::no_descriptors;
    if (!isPaused) accept();
  });
}

void HttpServer::Core::admit(tcp::socket socket) {
  const auto peer = peerOf(socket);
  const std::string client = clientOf(peer);
  error_code ignored;
  const auto known = perClient.find(client);
  const bool hasItsShare =
      known != perClient.end() && known->second >= shared->limits.connectionsPerAddress;
  if (hasItsShare || sessions.size() >= shared->limits.connections) {
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(hasItsShare ? kTooMany : kFull), 0, ignored);
    return;
  }
  socket.set_option(tcp::no_delay(true), ignored);
  ++perClient[client];
  auto session = std::make_shared<Session>(shared, std::move(socket), peer.to_string());
  sessions[session.get()] = {session, client};
  session->start();
}

void HttpServer::Core::tick() {
  ticker.expires_after(kTick);
  ticker.async_wait([this](const error_code& error) {
    if (error || isEnding) return;
    const auto now = Session::Clock::now();
    std::vector<std::shared_ptr<Session>> all;
    for (const auto& [key, open] : sessions) all.push_back(open.session);
    for (const auto& session : all) session->checkDeadline(now);
    if (isPaused) accept();
    tick();
  });
}

void HttpServer::Core::closeAll() {
  isEnding = true;
  error_code ignored;
  acceptor.close(ignored);
  ticker.cancel();
  while (!sessions.empty()) sessions.begin()->second.session->close();
}

HttpServer::HttpServer(std::shared_ptr<Core> core) : m_core(std::move(core)) {}

HttpServer::~HttpServer() {
  asio::post(m_core->shared->io, [this] { m_core->closeAll(); });
  m_core->thread.join();
}

Status HttpServer::check(const std::string& address) {
  const auto endpoint = parseAddress(address);
  return endpoint ? Status() : Status(endpoint.error());
}

std::uint16_t HttpServer::port() const {
  return m_core->port;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::string& address,
                                                      std::vector<Route> routes,
                                                      const Limits& limits) {
  auto shared = std::make_shared<Shared>();
  shared->routes = std::move(routes);
  shared->limits = limits;
  auto core = std::make_shared<Core>(shared);
  if (auto status = core->listen(address); !status) return status.error();
  Core* raw = core.get();
  shared->gone = [raw](Session& session) {
    const auto found = raw->sessions.find(&session);
    if (found == raw->sessions.end()) return;
    const auto count = raw->perClient.find(found->second.client);
    if (--count->second == 0) raw->perClient.erase(count);
    raw->sessions.erase(found);
  };
  core->accept();
  core->tick();
  core->thread = std::thread([raw] { raw->shared->io.run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

}  // namespace freshet::http
