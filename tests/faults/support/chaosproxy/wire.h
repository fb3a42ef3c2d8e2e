// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace chaos {

/// A socket that is closed with its owner; `reset` closes it with RST, as a cut cable would.
class Socket {
 public:
  explicit Socket(int number = -1) : m_number(number) {}
  Socket(Socket&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  int number() const { return m_number; }
  bool isOpen() const { return m_number >= 0; }
  void close();
  void reset();

  /// On loopback; port 0 picks one. Throws std::runtime_error.
  static Socket listen(std::uint16_t port);
  static Socket connect(std::uint16_t port);
  std::uint16_t port() const;
  Socket accept() const;

 private:
  int m_number;
};

/// Cuts a stream of bytes into frames: four bytes of length, then as many bytes.
class FrameCutter {
 public:
  /// `each` gets a whole frame with its length bytes.
  void feed(std::string_view bytes, const std::function<void(std::string_view frame)>& each);
  std::size_t waiting() const { return m_rest.size(); }

 private:
  std::string m_rest;
};

std::int16_t int16At(std::string_view bytes, std::size_t at);
std::int32_t int32At(std::string_view bytes, std::size_t at);
std::int64_t nowNs();

}  // namespace chaos
