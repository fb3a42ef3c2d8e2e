// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/query.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"

namespace freshet::http {
namespace {

using record::Member;
using record::Value;

constexpr std::size_t kMostParameters = 100;
constexpr std::array<std::string_view, 7> kOwn = {"type",        "event",     "name",    "userId",
                                                  "anonymousId", "messageId", "writeKey"};

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Value object(const std::vector<Member>& members, Arena& arena) {
  const auto copy = arena.array<Member>(members.size());
  std::ranges::copy(members, copy.begin());
  return Value(std::span<const Member>(copy));
}

bool isUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80   ? 0
                             : lead < 0xc2 ? 9
                             : lead < 0xe0 ? 1
                             : lead < 0xf0 ? 2
                             : lead < 0xf5 ? 3
                                           : 9;
    if (more > 3 || i + more >= text.size() + (more == 0 ? 1 : 0)) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

std::string fromPercent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
      continue;
    }
    const bool isEscape = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
                          hexDigit(text[i + 2]) >= 0;
    if (!isEscape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
    i += 2;
  }
  return out;
}

std::string fromBase64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return {};
    bits = (bits << 6) | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> count) & 0xff);
  }
  return out;
}

Value eventOfQuery(std::string_view query, std::string_view referer, std::string_view userAgent,
                   Arena& arena) {
  std::vector<Member> own;
  std::vector<Member> properties;
  std::size_t count = 0;
  for (const std::string_view pair : split(query, '&')) {
    if (pair.empty() || ++count > kMostParameters) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string_view name = arena.copy(fromPercent(pair.substr(0, equals)));
    const std::string_view value =
        arena.copy(fromPercent(pair.substr(std::min(equals + 1, pair.size()))));
    if (name.empty() || value.empty() || !isUtf8(name) || !isUtf8(value)) continue;
    auto& to = std::ranges::find(kOwn, name) != kOwn.end() ? own : properties;
    if (std::ranges::find(to, name, &Member::key) == to.end()) to.push_back({name, Value(value)});
  }
  if (std::ranges::find(own, "type", &Member::key) == own.end()) {
    const bool isTrack = std::ranges::find(own, "event", &Member::key) != own.end();
    own.insert(own.begin(), {"type", Value(std::string_view(isTrack ? "track" : "page"))});
  }
  own.push_back({"properties", object(properties, arena)});
  std::vector<Member> context;
  if (!userAgent.empty() && isUtf8(userAgent))
    context.push_back({"userAgent", Value(arena.copy(userAgent))});
  if (!referer.empty() && isUtf8(referer)) {
    const Member url{"url", Value(arena.copy(referer.substr(0, 2048)))};
    context.push_back({"page", object({url}, arena)});
  }
  own.push_back({"context", object(context, arena)});
  return object(own, arena);
}

}  // namespace freshet::http
