// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/support/chaosproxy/wire.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace chaos {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void setOption(int socket, int level, int name) {
  const int on = 1;
  ::setsockopt(socket, level, name, &on, sizeof on);
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    m_number = std::exchange(other.m_number, -1);
  }
  return *this;
}

void Socket::close() {
  if (m_number >= 0) ::close(std::exchange(m_number, -1));
}

void Socket::reset() {
  if (m_number < 0) return;
  const linger now{1, 0};
  ::setsockopt(m_number, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

Socket Socket::listen(std::uint16_t port) {
  Socket made(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  setOption(made.number(), SOL_SOCKET, SO_REUSEADDR);
  const sockaddr_in address = loopback(port);
  if (::bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(made.number(), 512) != 0) {
    throw std::runtime_error("cannot listen on port " + std::to_string(port) + ": " +
                             std::strerror(errno));
  }
  return made;
}

Socket Socket::connect(std::uint16_t port) {
  Socket made(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  setOption(made.number(), IPPROTO_TCP, TCP_NODELAY);
  if (::connect(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    made.close();
  }
  return made;
}

std::uint16_t Socket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(m_number, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

Socket Socket::accept() const {
  Socket made(::accept4(m_number, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (made.isOpen()) setOption(made.number(), IPPROTO_TCP, TCP_NODELAY);
  return made;
}

void FrameCutter::feed(std::string_view bytes,
                       const std::function<void(std::string_view frame)>& each) {
  m_rest += bytes;
  std::size_t at = 0;
  while (m_rest.size() - at >= 4) {
    const std::size_t size = 4 + static_cast<std::uint32_t>(int32At(m_rest, at));
    if (m_rest.size() - at < size) break;
    each(std::string_view(m_rest).substr(at, size));
    at += size;
  }
  m_rest.erase(0, at);
}

std::int16_t int16At(std::string_view bytes, std::size_t at) {
  std::uint16_t number = 0;
  if (at + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + at, sizeof number);
  return static_cast<std::int16_t>(ntohs(number));
}

std::int32_t int32At(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  if (at + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + at, sizeof number);
  return static_cast<std::int32_t>(ntohl(number));
}

std::int64_t nowNs() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

}  // namespace chaos
