// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/address_guard.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace freshet::http {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

struct Closed {
  std::string_view network;
  std::string_view words;
};

constexpr std::string_view kThis = "this computer";
constexpr std::string_view kPrivate = "a private network";
constexpr std::string_view kLink = "link-local, where clouds keep their credentials";
constexpr std::string_view kSpecial = "no address of the public internet";

// IANA's registries of special addresses, IPv4 and IPv6.
constexpr Closed kClosed[] = {
    {"0.0.0.0/8", kThis},
    {"127.0.0.0/8", kThis},
    {"10.0.0.0/8", kPrivate},
    {"100.64.0.0/10", kPrivate},
    {"172.16.0.0/12", kPrivate},
    {"192.168.0.0/16", kPrivate},
    {"169.254.0.0/16", kLink},
    {"192.0.0.0/24", kSpecial},
    {"192.0.2.0/24", kSpecial},
    {"192.88.99.0/24", kSpecial},
    {"198.18.0.0/15", kSpecial},
    {"198.51.100.0/24", kSpecial},
    {"203.0.113.0/24", kSpecial},
    {"224.0.0.0/4", kSpecial},
    {"240.0.0.0/4", kSpecial},
    {"::1", kThis},
    {"::", kThis},
    {"fc00::/7", kPrivate},
    {"fe80::/10", kLink},
    {"fec0::/10", kPrivate},
    {"2001::/23", kSpecial},
    {"2001:db8::/32", kSpecial},
};

struct ClosedNetwork {
  Network network;
  std::string_view words;
};

const std::vector<ClosedNetwork>& closedNetworks() {
  static const std::vector<ClosedNetwork> all = [] {
    std::vector<ClosedNetwork> made;
    for (const Closed& closed : kClosed) {
      made.push_back({*Network::parse(closed.network), closed.words});
    }
    return made;
  }();
  return all;
}

Bytes mapped(const std::uint8_t* v4) {
  Bytes bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::copy_n(v4, 4, bytes.begin() + 12);
  return bytes;
}

bool isV4(const Bytes& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto b) { return b == 0; }) &&
         bytes[10] == 0xff && bytes[11] == 0xff;
}

/// IPv4 in one of its IPv6 clothes (mapped, compatible, NAT64, 6to4) as ::ffff:a.b.c.d.
Bytes undressed(const Bytes& bytes) {
  static constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b};
  const bool isNat64 = std::equal(kNat64.begin(), kNat64.end(), bytes.begin());
  const bool isCompatible =
      std::all_of(bytes.begin(), bytes.begin() + 12, [](auto b) { return b == 0; }) &&
      (bytes[12] != 0 || bytes[13] != 0);
  if (isNat64 || isCompatible) return mapped(bytes.data() + 12);
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return mapped(bytes.data() + 2);
  return bytes;
}

std::optional<Bytes> bytesOf(const sockaddr& address, std::uint16_t& port) {
  // By copy: what the kernel hands out need not be aligned for the larger type.
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    port = ntohs(v4.sin_port);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return mapped(bytes.data());
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  port = ntohs(v6.sin6_port);
  Bytes bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return undressed(bytes);
}

std::string textOf(const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool isFour = isV4(bytes);
  inet_ntop(isFour ? AF_INET : AF_INET6, bytes.data() + (isFour ? 12 : 0), text.data(),
            text.size());
  return text.data();
}

/// A public address of this computer leads to its own ports just as 127.0.0.1 does.
bool isOwn(const Bytes& bytes) {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return true;
  bool found = false;
  for (const ifaddrs* each = all; each && !found; each = each->ifa_next) {
    std::uint16_t port = 0;
    found = each->ifa_addr && bytesOf(*each->ifa_addr, port) == bytes;
  }
  freeifaddrs(all);
  return found;
}

std::optional<int> numberIn(std::string_view text, int most) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0 || number > most)
    return std::nullopt;
  return number;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  Network network;
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    if (!rest.empty()) port = rest.substr(1);
    text = text.substr(1, close - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    port = text.substr(text.find(':') + 1);
    text = text.substr(0, text.find(':'));
  }
  if (port) {
    const auto number = numberIn(*port, 65535);
    if (!number) return std::nullopt;
    network.port = static_cast<std::uint16_t>(*number);
  }
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  std::array<std::uint8_t, 4> v4{};
  const bool isFour = inet_pton(AF_INET, address.c_str(), v4.data()) == 1;
  if (isFour) {
    network.bytes = mapped(v4.data());
  } else if (inet_pton(AF_INET6, address.c_str(), network.bytes.data()) != 1) {
    return std::nullopt;
  }
  if (slash == std::string_view::npos) return network;
  const auto bits = numberIn(text.substr(slash + 1), isFour ? 32 : 128);
  if (!bits) return std::nullopt;
  network.bits = *bits + (isFour ? 96 : 0);
  return network;
}

bool Network::holds(const Bytes& address) const {
  const auto whole = static_cast<std::size_t>(bits) / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.begin()))
    return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return ((bytes[whole] ^ address[whole]) & mask) == 0;
}

Result<AddressGuard> AddressGuard::allowing(std::span<const std::string> networks) {
  AddressGuard guard;
  for (const std::string& text : networks) {
    const auto network = Network::parse(text);
    if (!network) {
      return Error{"E-3410",
                   "\"" + text + "\" is no network; write 10.0.0.0/8, 127.0.0.1:8080 or [::1]:8080",
                   "allow"};
    }
    guard.m_allowed.push_back(*network);
  }
  return guard;
}

std::string AddressGuard::objection(const sockaddr& address) const {
  std::uint16_t port = 0;
  const auto bytes = bytesOf(address, port);
  if (!bytes) return "an address of an unknown kind";
  const bool isNamed = std::ranges::any_of(m_allowed, [&](const Network& network) {
    return (network.port == 0 || network.port == port) && network.holds(*bytes);
  });
  if (isNamed) return {};
  std::string_view words;
  for (const ClosedNetwork& closed : closedNetworks()) {
    if (closed.network.holds(*bytes)) {
      words = closed.words;
      break;
    }
  }
  // All that is public in IPv6 is in 2000::/3.
  if (words.empty() && !isV4(*bytes) && ((*bytes)[0] & 0xe0) != 0x20) words = kSpecial;
  if (words.empty() && isOwn(*bytes)) words = kThis;
  if (words.empty()) return {};
  return textOf(*bytes) + " is " + std::string(words);
}

}  // namespace freshet::http
