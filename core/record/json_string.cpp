// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/json_string.h"

#include <cstdint>

namespace freshet::record {
namespace {

constexpr std::uint32_t kNoCode = UINT32_MAX;

std::uint32_t hexCode(std::string_view inside, std::size_t at) {
  if (at + 4 > inside.size()) return kNoCode;
  std::uint32_t code = 0;
  for (const char c : inside.substr(at, 4)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return kNoCode;
    }
    code = code * 16 + digit;
  }
  return code;
}

char* writeUtf8(std::uint32_t code, char* to) {
  const auto put = [&](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
  return to;
}

/// The code point of a \u escape whose digits begin at `at`; moves past it and its second half.
std::uint32_t codePoint(std::string_view inside, std::size_t& at) {
  const std::uint32_t first = hexCode(inside, at);
  if (first == kNoCode || (first >= 0xdc00 && first < 0xe000)) return kNoCode;
  at += 4;
  if (first < 0xd800 || first >= 0xdc00) return first;
  if (at + 2 > inside.size() || inside[at] != '\\' || inside[at + 1] != 'u') return kNoCode;
  const std::uint32_t second = hexCode(inside, at + 2);
  if (second < 0xdc00 || second >= 0xe000) return kNoCode;
  at += 6;
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

char plainEscape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

bool unescapeJson(std::string_view inside, Arena& arena, std::string_view& text) {
  // No escape is shorter than what it stands for.
  char* const begin = static_cast<char*>(arena.allocate(inside.size(), 1));
  char* to = begin;
  for (std::size_t at = 0; at < inside.size();) {
    if (inside[at] != '\\') {
      *to++ = inside[at++];
      continue;
    }
    if (at + 1 == inside.size()) return false;
    const char kind = inside[at + 1];
    at += 2;
    if (kind == 'u') {
      const std::uint32_t code = codePoint(inside, at);
      if (code == kNoCode) return false;
      to = writeUtf8(code, to);
    } else if (const char plain = plainEscape(kind)) {
      *to++ = plain;
    } else {
      return false;
    }
  }
  text = {begin, static_cast<std::size_t>(to - begin)};
  return true;
}

}  // namespace freshet::record
