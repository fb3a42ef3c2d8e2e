// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/http/server/http_server.h"

namespace freshet::http {

class Session;

/// What all connections of a server share; outlives them. Server's thread only, but for `io`.
struct Shared {
  boost::asio::io_context io{1};
  std::vector<Route> routes;
  Limits limits;
  /// The session is closed; it is not heard of again.
  std::function<void(Session&)> gone;
};

/// One connection: a request, its answer, the next request. Server's thread only.
/// Reading → (Body) → Answering → Writing → Reading again, or Draining → closed.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;

  Session(std::shared_ptr<Shared> shared, boost::asio::ip::tcp::socket socket, std::string peer);

  ~Session();

  void start();
  void close();
  /// Ends what takes too long; called a few times a second.
  void checkDeadline(Clock::time_point now);
  const std::string& peer() const { return m_peer; }

 private:
  enum class State { Idle, Head, Body, Answering, Writing, Draining, Closed };
  struct BodyReader;

  void enter(State state, std::chrono::milliseconds time);
  void readHead();
  void takeHead(std::size_t bytes);
  void readBody();
  void answer(std::string_view body);
  const Route* route(int& status, std::string& allowed) const;
  void refuse(int status);
  void send(const Response& response);
  void drain();

  std::shared_ptr<Shared> m_shared;
  boost::asio::ip::tcp::socket m_socket;
  std::string m_peer;
  State m_state = State::Idle;
  Clock::time_point m_deadline;
  boost::beast::flat_buffer m_buffer;
  std::size_t m_scanned = 0;
  std::string m_headBytes;
  RequestHead m_head;
  std::unique_ptr<BodyReader> m_body;
  std::string m_inflated;
  std::string m_out;
  std::string m_discarded;
  std::uint64_t m_request = 0;  ///< its number; a reply to another one is too late
  bool m_isLast = false;
};

}  // namespace freshet::http
