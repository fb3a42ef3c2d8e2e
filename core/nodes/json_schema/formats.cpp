// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/formats.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace freshet::nodes::json_schema {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isHex(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool isOneOf(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// Exactly `width` digits at `at`, moved past them.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (at + width > text.size()) return {};
  int number = 0;
  for (const std::size_t end = at + width; at < end; ++at) {
    if (!isDigit(text[at])) return {};
    number = number * 10 + (text[at] - '0');
  }
  return number;
}

bool take(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

bool isDate(std::string_view text) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::size_t at = 0;
  const auto year = digits(text, at, 4);
  if (!year || !take(text, at, '-')) return false;
  const auto month = digits(text, at, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, at, '-')) return false;
  const auto day = digits(text, at, 2);
  const bool isLeap = *year % 4 == 0 && (*year % 100 != 0 || *year % 400 == 0);
  const int days = kDays[static_cast<std::size_t>(*month - 1)] + (*month == 2 && isLeap ? 1 : 0);
  return day && *day >= 1 && *day <= days && at == text.size();
}

bool isTime(std::string_view text) {
  std::size_t at = 0;
  const auto hour = digits(text, at, 2);
  if (!hour || *hour > 23 || !take(text, at, ':')) return false;
  const auto minute = digits(text, at, 2);
  if (!minute || *minute > 59 || !take(text, at, ':')) return false;
  const auto second = digits(text, at, 2);
  if (!second || *second > 60) return false;
  if (take(text, at, '.')) {
    const std::size_t from = at;
    while (at < text.size() && isDigit(text[at])) ++at;
    if (at == from) return false;
  }
  int minutes = *hour * 60 + *minute;
  if (at + 1 == text.size()) {
    if (text[at] != 'Z' && text[at] != 'z') return false;
  } else {
    if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
    const int sign = text[at++] == '+' ? -1 : 1;
    const auto offsetHour = digits(text, at, 2);
    if (!offsetHour || *offsetHour > 23 || !take(text, at, ':')) return false;
    const auto offsetMinute = digits(text, at, 2);
    if (!offsetMinute || *offsetMinute > 59 || at != text.size()) return false;
    minutes += sign * (*offsetHour * 60 + *offsetMinute);
  }
  // A leap second is the last of a UTC day.
  return *second < 60 || (minutes + 2 * 1440) % 1440 == 1439;
}

bool isDateTime(std::string_view text) {
  return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && isDate(text.substr(0, 10)) &&
         isTime(text.substr(11));
}

bool isIpv4(std::string_view text) {
  int parts = 0;
  std::size_t at = 0;
  while (true) {
    const std::size_t from = at;
    int number = 0;
    while (at < text.size() && isDigit(text[at]) && at - from < 3) {
      number = number * 10 + (text[at++] - '0');
    }
    if (at == from || number > 255 || (at - from > 1 && text[from] == '0')) return false;
    if (++parts == 4) return at == text.size();
    if (!take(text, at, '.')) return false;
  }
}

bool isIpv6(std::string_view text) {
  int groups = 0;
  bool isShortened = false;
  std::size_t at = 0;
  if (text.starts_with("::")) {
    isShortened = true;
    at = 2;
  }
  while (at < text.size()) {
    const std::size_t from = at;
    while (at < text.size() && isHex(text[at]) && at - from < 4) ++at;
    if (at < text.size() && text[at] == '.') {
      if (!isIpv4(text.substr(from))) return false;
      groups += 2;
      at = text.size();
      break;
    }
    if (at == from) return false;
    ++groups;
    if (at == text.size()) break;
    if (!take(text, at, ':') || at == text.size()) return false;
    if (text[at] == ':') {
      if (isShortened) return false;
      isShortened = true;
      ++at;
    }
  }
  return isShortened ? groups < 8 : groups == 8;
}

bool isHostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  std::size_t label = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at == text.size() || text[at] == '.') {
      const std::size_t length = at - label;
      if (length == 0 || length > 63 || text[label] == '-' || text[at - 1] == '-') return false;
      label = at + 1;
    } else if (!isLetter(text[at]) && !isDigit(text[at]) && text[at] != '-') {
      return false;
    }
  }
  return true;
}

bool isQuotedLocalPart(std::string_view text) {
  if (text.size() < 3 || text.front() != '"' || text.back() != '"') return false;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == '\\' && ++at + 1 == text.size())
      return false;
    else if (text[at] == '"' && text[at - 1] != '\\')
      return false;
    if (text[at] < 0x20 || text[at] == 0x7f) return false;
  }
  return true;
}

bool isEmail(std::string_view text) {
  const std::size_t split = text.rfind('@');
  if (split == std::string_view::npos || split == 0 || split > 64) return false;
  const std::string_view local = text.substr(0, split);
  const std::string_view domain = text.substr(split + 1);
  if (!isQuotedLocalPart(local)) {
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
      return false;
    const bool isAtoms = std::ranges::all_of(local, [](char c) {
      return isLetter(c) || isDigit(c) || isOneOf(c, ".!#$%&'*+-/=?^_`{|}~");
    });
    if (!isAtoms) return false;
  }
  if (domain.starts_with('[') && domain.ends_with(']')) {
    const std::string_view address = domain.substr(1, domain.size() - 2);
    return address.starts_with("IPv6:") ? isIpv6(address.substr(5)) : isIpv4(address);
  }
  return isHostname(domain);
}

/// Every character is one of `extra`, unreserved, a sub-delimiter or a complete %XX.
bool isUriText(std::string_view text, std::string_view extra) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%') {
      if (at + 2 >= text.size() || !isHex(text[at + 1]) || !isHex(text[at + 2])) return false;
      at += 2;
    } else if (!isLetter(c) && !isDigit(c) && !isOneOf(c, "-._~!$&'()*+,;=") &&
               !isOneOf(c, extra)) {
      return false;
    }
  }
  return true;
}

bool isAuthority(std::string_view text) {
  if (const auto user = text.find('@'); user != std::string_view::npos) {
    if (!isUriText(text.substr(0, user), ":")) return false;
    text.remove_prefix(user + 1);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos || !isIpv6(text.substr(1, close - 1))) return false;
    port = text.substr(close + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    if (!isUriText(text.substr(0, colon), "")) return false;
    port = text.substr(colon);
  }
  return port.empty() || (port.front() == ':' && std::ranges::all_of(port.substr(1), isDigit));
}

std::size_t schemeLength(std::string_view text) {
  if (text.empty() || !isLetter(text.front())) return 0;
  std::size_t at = 1;
  while (at < text.size() &&
         (isLetter(text[at]) || isDigit(text[at]) || isOneOf(text[at], "+-."))) {
    ++at;
  }
  return at < text.size() && text[at] == ':' ? at : 0;
}

bool isUriReference(std::string_view text) {
  const bool hasScheme = schemeLength(text) > 0;
  if (hasScheme) text.remove_prefix(schemeLength(text) + 1);
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    if (!isUriText(text.substr(hash + 1), ":@/?")) return false;
    text = text.substr(0, hash);
  }
  if (const auto query = text.find('?'); query != std::string_view::npos) {
    if (!isUriText(text.substr(query + 1), ":@/?")) return false;
    text = text.substr(0, query);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const auto slash = std::min(text.find('/'), text.size());
    if (!isAuthority(text.substr(0, slash))) return false;
    text.remove_prefix(slash);
  } else if (!hasScheme && text.substr(0, text.find('/')).find(':') != std::string_view::npos) {
    return false;
  }
  return isUriText(text, ":@/");
}

bool isUri(std::string_view text) {
  return schemeLength(text) > 0 && isUriReference(text);
}

bool isUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool isDash = at == 8 || at == 13 || at == 18 || at == 23;
    if (isDash ? text[at] != '-' : !isHex(text[at])) return false;
  }
  return true;
}

bool isJsonPointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '~' && (at + 1 == text.size() || !isOneOf(text[at + 1], "01"))) return false;
  }
  return true;
}

constexpr std::array kFormats = {
    Format{"date-time", "a date and time such as 2026-11-22T14:05:10Z", isDateTime},
    Format{"date", "a date such as 2026-11-22", isDate},
    Format{"time", "a time such as 14:05:10Z", isTime},
    Format{"email", "an e-mail address", isEmail},
    Format{"uri", "a complete address such as https://shop.example/p/1", isUri},
    Format{"uri-reference", "an address", isUriReference},
    Format{"uuid", "a UUID", isUuid},
    Format{"ipv4", "an IPv4 address", isIpv4},
    Format{"ipv6", "an IPv6 address", isIpv6},
    Format{"hostname", "a host name", isHostname},
    Format{"json-pointer", "a JSON pointer", isJsonPointer},
};

}  // namespace

const Format* findFormat(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace freshet::nodes::json_schema
