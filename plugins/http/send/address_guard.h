// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace freshet::http {

/// A network such as 10.0.0.0/8 or 127.0.0.1:8080, IPv4 as ::ffff:a.b.c.d.
struct Network {
  std::array<std::uint8_t, 16> bytes{};
  int bits = 128;
  std::uint16_t port = 0;  ///< 0: each

  static std::optional<Network> parse(std::string_view text);
  bool holds(const std::array<std::uint8_t, 16>& address) const;
};

/// Which addresses may be connected to: those of the public internet, and what is named. Asked with
/// the real address, after names are resolved and before a connection is made, so that no name and
/// no spelling leads around it. Immutable; any thread.
class AddressGuard {
 public:
  /// "ADDRESS", "ADDRESS/BITS", each with ":PORT" if wanted (IPv6 in brackets then).
  static Result<AddressGuard> allowing(std::span<const std::string> networks);

  /// "127.0.0.1 is this computer"; empty: it may be reached.
  std::string objection(const sockaddr& address) const;

 private:
  std::vector<Network> m_allowed;
};

}  // namespace freshet::http
