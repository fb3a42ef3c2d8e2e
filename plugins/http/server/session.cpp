// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/server/session.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "plugins/http/server/gunzip.h"

namespace freshet::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t kReadStep = 4096;
constexpr std::size_t kMostBuffered = 64 * 1024;
// How long a refused client may go on sending before its connection is cut: closing earlier resets
// it, and the answer is lost.
constexpr milliseconds kDrainTime{1'000};

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

std::string_view textOf(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.data().size()};
}

int statusOf(const error_code& error) {
  using E = beast::http::error;
  return error == E::body_limit || error == E::buffer_overflow ? 413 : 400;
}

bool isGone(const error_code& error) {
  using E = beast::http::error;
  return error.category() != beast::http::make_error_code(E::bad_chunk).category() ||
         error == E::end_of_stream || error == E::partial_message;
}

}  // namespace

struct Session::BodyReader {
  beast::http::request_parser<beast::http::string_body> parser;
};

Session::Session(std::shared_ptr<Shared> shared, boost::asio::ip::tcp::socket socket,
                 std::string peer)
    : m_shared(std::move(shared)),
      m_socket(std::move(socket)),
      m_peer(std::move(peer)),
      m_buffer(kMostBuffered) {}

Session::~Session() = default;

void Session::start() {
  enter(State::Head, m_shared->limits.headTime);
  readHead();
}

void Session::close() {
  if (m_state == State::Closed) return;
  m_state = State::Closed;
  error_code ignored;
  m_socket.close(ignored);
  m_shared->gone(*this);
}

void Session::enter(State state, milliseconds time) {
  m_state = state;
  m_deadline = Clock::now() + time;
}

void Session::checkDeadline(Clock::time_point now) {
  if (now < m_deadline) return;
  const auto self = shared_from_this();
  error_code ignored;
  switch (m_state) {
    case State::Head:
    case State::Body:
      if (m_state == State::Head && m_buffer.size() == 0) return close();
      m_socket.cancel(ignored);
      refuse(408);
      break;
    case State::Answering:
      refuse(503);
      break;
    case State::Idle:
    case State::Writing:
    case State::Draining:
      close();
      break;
    case State::Closed:
      break;
  }
}

void Session::readHead() {
  const std::string_view bytes = textOf(m_buffer);
  const std::size_t from = m_scanned < 3 ? 0 : m_scanned - 3;
  if (const std::size_t end = findHeadEnd(bytes.substr(from)); end > 0) return takeHead(from + end);
  m_scanned = bytes.size();
  int status = 0;
  m_head = {};
  if (isHopeless(bytes, m_shared->limits.head, status)) return refuse(status);
  if (m_state == State::Idle && !bytes.empty()) enter(State::Head, m_shared->limits.headTime);
  m_socket.async_read_some(m_buffer.prepare(kReadStep),
                           [self = shared_from_this()](const error_code& error, std::size_t count) {
                             if (self->m_state != State::Idle && self->m_state != State::Head)
                               return;
                             if (error) return self->close();
                             self->m_buffer.commit(count);
                             self->readHead();
                           });
}

void Session::takeHead(std::size_t bytes) {
  m_scanned = 0;
  ++m_request;
  // A copy: the body's reader moves the buffer.
  m_headBytes.assign(textOf(m_buffer).substr(0, bytes));
  if (const int status = parseHead(m_headBytes, m_shared->limits.head, m_head); status != 0)
    return refuse(status);
  m_isLast = m_head.wantsClose || m_head.isHttp10;
  const bool hasBody = m_head.isChunked || m_head.contentLength > 0;
  if (m_head.method != "POST") {
    if (hasBody) return refuse(400);
    m_buffer.consume(bytes);
    return answer({});
  }
  if (!m_head.isChunked && !m_head.hasLength) return refuse(411);
  if (m_head.contentLength > m_shared->limits.bodyBytes) return refuse(413);
  const std::string_view encoding = m_head.header("content-encoding");
  if (!encoding.empty() && !equalsIgnoringCase(encoding, "gzip") &&
      !equalsIgnoringCase(encoding, "identity")) {
    return refuse(415);
  }
  enter(State::Body, m_shared->limits.bodyTime);
  const bool isAwaited = m_head.expectsContinue && hasBody && m_buffer.size() == bytes;
  if (!isAwaited) return readBody();
  m_out = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::asio::async_write(m_socket, boost::asio::buffer(m_out),
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (self->m_state != State::Body) return;
                             error ? self->close() : self->readBody();
                           });
}

void Session::readBody() {
  m_body = std::make_unique<BodyReader>();
  m_body->parser.header_limit(static_cast<std::uint32_t>(m_shared->limits.head.bytes));
  m_body->parser.body_limit(m_shared->limits.bodyBytes);
  beast::http::async_read(m_socket, m_buffer, m_body->parser,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (self->m_state != State::Body) return;
                            if (error && isGone(error)) return self->close();
                            if (error) return self->refuse(statusOf(error));
                            self->answer(self->m_body->parser.get().body());
                          });
}

const Route* Session::route(int& status, std::string& allowed) const {
  const std::string_view path = m_head.path();
  const std::string_view method = m_head.method == "HEAD" ? "GET" : m_head.method;
  status = 404;
  for (const Route& route : m_shared->routes) {
    const bool isPrefix = route.path.ends_with('*');
    const std::string_view own(route.path.data(), route.path.size() - (isPrefix ? 1 : 0));
    if (isPrefix ? !path.starts_with(own) : path != own) continue;
    if (route.method == method) return &route;
    status = 405;
    allowed += (allowed.empty() ? "" : ", ") + route.method;
  }
  return nullptr;
}

void Session::answer(std::string_view body) {
  enter(State::Answering, m_shared->limits.bodyTime);
  if (equalsIgnoringCase(m_head.header("content-encoding"), "gzip") && !body.empty()) {
    if (const int status = gunzip(body, m_shared->limits.inflatedBytes, m_inflated); status != 0)
      return refuse(status);
    body = m_inflated;
  }
  int status = 0;
  std::string allowed;
  const Route* found = route(status, allowed);
  if (!found) {
    Response response;
    response.status = status;
    response.body = std::string(reason(status)) + '\n';
    if (status == 405) response.headers.emplace_back("Allow", allowed);
    return send(response);
  }
  found->answer({m_head, body, m_peer}, [weak = weak_from_this(), shared = std::weak_ptr(m_shared),
                                         request = m_request](Response response) {
    const auto alive = shared.lock();
    if (!alive) return;
    boost::asio::dispatch(alive->io, [weak, request, response = std::move(response)] {
      const auto self = weak.lock();
      if (self && self->m_state == State::Answering && self->m_request == request)
        self->send(response);
    });
  });
}

void Session::refuse(int status) {
  m_isLast = true;
  Response response;
  response.status = status;
  response.body = std::string(reason(status)) + '\n';
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  send(response);
}

void Session::send(const Response& response) {
  enter(State::Writing, m_shared->limits.writeTime);
  m_out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  m_out.append(reason(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers)
    m_out.append(name).append(": ").append(value).append("\r\n");
  if (response.status != 204) {
    m_out.append("Content-Type: ").append(response.type);
    m_out += "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  m_out += "X-Content-Type-Options: nosniff\r\n";
  m_out += m_isLast ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
  if (m_head.method != "HEAD" && response.status != 204) m_out += response.body;
  boost::asio::async_write(m_socket, boost::asio::buffer(m_out),
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (self->m_state != State::Writing) return;
                             self->m_body.reset();
                             if (error) return self->close();
                             if (self->m_isLast) {
                               error_code ignored;
                               self->m_socket.shutdown(boost::asio::ip::tcp::socket::shutdown_send,
                                                       ignored);
                               self->enter(State::Draining, kDrainTime);
                               return self->drain();
                             }
                             self->enter(State::Idle, self->m_shared->limits.idleTime);
                             self->readHead();
                           });
}

void Session::drain() {
  // Not into m_buffer: a cancelled reader may still hold it.
  m_discarded.resize(kReadStep);
  m_socket.async_read_some(boost::asio::buffer(m_discarded),
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (self->m_state != State::Draining) return;
                             error ? self->close() : self->drain();
                           });
}

}  // namespace freshet::http
