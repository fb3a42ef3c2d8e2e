// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/address.h"

#include <charconv>
#include <optional>

namespace freshet::redis {
namespace {

Error wrong(const std::string& what) {
  return {"E-3200",
          "The address of the Redis server " + what +
              "; it is written redis[s]://[user:password@]host[:port][/database]",
          "url", Retry::Never};
}

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < 0 || value > most) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned code = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (failed != std::errc() || digits.size() != 2 || end != digits.data() + 2) {
      return std::nullopt;
    }
    out += static_cast<char>(code);
    i += 2;
  }
  return out;
}

}  // namespace

Result<Address> parseAddress(std::string_view url) {
  Address address;
  address.isTls = url.starts_with("rediss://");
  const std::string_view scheme = address.isTls ? "rediss://" : "redis://";
  if (!url.starts_with(scheme)) return wrong("does not begin with redis:// or rediss://");
  url.remove_prefix(scheme.size());

  std::string_view place = url.substr(0, url.find('/'));
  if (const std::size_t slash = url.find('/'); slash != std::string_view::npos) {
    const std::string_view database = url.substr(slash + 1);
    const auto value = database.empty() ? 0 : number(database, 1'000'000);
    if (!value) return wrong("names a database that is no number");
    address.database = *value;
  }
  if (const std::size_t at = place.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = place.substr(0, at);
    place.remove_prefix(at + 1);
    const std::size_t colon = who.find(':');
    const auto user = unescaped(who.substr(0, colon));
    const auto password =
        unescaped(colon == std::string_view::npos ? std::string_view() : who.substr(colon + 1));
    if (!user || !password) return wrong("has a broken % escape");
    address.user = *user;
    address.password = *password;
  }
  if (place.starts_with('[')) {  // IPv6
    const std::size_t close = place.find(']');
    if (close == std::string_view::npos) return wrong("lacks a ]");
    address.host = place.substr(1, close - 1);
    place.remove_prefix(close + 1);
  } else {
    address.host = place.substr(0, place.find(':'));
    place.remove_prefix(address.host.size());
  }
  if (address.host.empty()) return wrong("names no host");
  if (!place.empty()) {
    const auto port = place.front() == ':' ? number(place.substr(1), 65535) : std::nullopt;
    if (!port || *port == 0) return wrong("names no port between 1 and 65535");
    address.port = *port;
  }
  return address;
}

}  // namespace freshet::redis
