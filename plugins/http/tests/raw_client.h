// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace freshet::testing {

/// A socket that sends whatever it is told: for what no honest client sends. Blocking, one thread.
class RawClient {
 public:
  /// `from`: the loopback address to come from, for tests of limits by address.
  explicit RawClient(std::uint16_t port, const char* from = "127.0.0.1") {
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    inet_pton(AF_INET, from, &own.sin_addr);
    ::bind(m_socket, reinterpret_cast<sockaddr*>(&own), sizeof own);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_isConnected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&server), sizeof server) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : m_socket(std::exchange(other.m_socket, -1)), m_isConnected(other.m_isConnected) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (m_socket >= 0) ::close(m_socket);
  }

  bool isConnected() const { return m_isConnected; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Everything until the other side closes, or `ms` have passed in silence.
  std::string readAll(int ms = 3000) {
    std::string out;
    while (readSome(out, ms)) {
    }
    return out;
  }
  /// One answer with a Content-Length (or 204); empty if the connection ends first.
  std::string readAnswer(int ms = 5000) {
    while (true) {
      const auto end = m_rest.find("\r\n\r\n");
      if (end != std::string::npos) {
        std::size_t length = 0;
        const auto at = m_rest.find("Content-Length: ");
        if (at < end) length = std::stoul(m_rest.substr(at + 16));
        if (m_rest.size() >= end + 4 + length) {
          std::string answer = m_rest.substr(0, end + 4 + length);
          m_rest.erase(0, end + 4 + length);
          return answer;
        }
      }
      if (!readSome(m_rest, ms)) return {};
    }
  }
  std::string ask(std::string_view request, int ms = 5000) {
    return send(request) ? readAnswer(ms) : std::string();
  }

 private:
  bool readSome(std::string& out, int ms) {
    pollfd wanted{m_socket, POLLIN, 0};
    if (::poll(&wanted, 1, ms) <= 0) return false;
    char bytes[16384];
    const ssize_t count = ::recv(m_socket, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    out.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int m_socket = -1;
  bool m_isConnected = false;
  std::string m_rest;
};

inline int statusOf(std::string_view answer) {
  return answer.size() > 12 && answer.starts_with("HTTP/1.1 ")
             ? std::stoi(std::string(answer.substr(9, 3)))
             : 0;
}

inline std::string post(std::string_view path, std::string_view body,
                        std::string_view headers = {}) {
  std::string out = "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n";
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out.append(headers).append("\r\n").append(body);
}

}  // namespace freshet::testing
