// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/unicode.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>

namespace freshet::liquid {
namespace {

bool isContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

void appendPoint(Buffer& out, UChar32 point) {
  char bytes[U8_MAX_LENGTH];
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, point);
  out.append(bytes, static_cast<std::size_t>(length));
}

using FullMapping = std::int32_t (*)(UChar*, std::int32_t, const UChar*, std::int32_t, const char*,
                                     UErrorCode*);

std::int32_t toTitle(UChar* to, std::int32_t room, const UChar* from, std::int32_t length,
                     const char* locale, UErrorCode* status) {
  return u_strToTitle(to, room, from, length, nullptr, locale, status);
}

// One character at a time: Ruby maps without looking at the neighbours.
void appendMapped(Buffer& out, std::string_view text, std::size_t at, std::size_t length,
                  FullMapping map) {
  UChar from[2];
  std::int32_t size = 0;
  U16_APPEND_UNSAFE(from, size, static_cast<UChar32>(decodePoint(text, at)));
  UChar to[8];
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t units = map(to, 8, from, size, "", &status);
  if (U_FAILURE(status)) {
    out += text.substr(at, length);
    return;
  }
  for (std::int32_t i = 0; i < units;) {
    UChar32 point = 0;
    U16_NEXT(to, i, units, point);
    appendPoint(out, point);
  }
}

template <class Ascii>
void appendCase(Buffer& out, std::string_view text, Ascii ascii, FullMapping map) {
  if (isAscii(text)) {
    if (char* to = out.extend(text.size())) {
      for (std::size_t i = 0; i < text.size(); ++i) to[i] = ascii(text[i]);
    }
    return;
  }
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      out += ascii(text[i++]);
      continue;
    }
    const std::size_t length = sequenceLength(text, i);
    if (length == 0) {
      out += text[i++];
      continue;
    }
    appendMapped(out, text, i, length, map);
    i += length;
  }
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::int32_t toLower(UChar* to, std::int32_t room, const UChar* from, std::int32_t length,
                     const char* locale, UErrorCode* status) {
  // Alone, a capital sigma is not final.
  return u_strToLower(to, room, from, length, locale, status);
}

}  // namespace

std::size_t sequenceLength(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!isContinuation(text[at + i])) return 0;
  }
  const char32_t point = decodePoint(text, at);
  if (length == 3 && (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF))) return 0;
  if (length == 4 && (point < 0x10000 || point > 0x10FFFF)) return 0;
  return length;
}

char32_t decodePoint(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t first = byte(0);
  if (first < 0x80) return first;
  if (first < 0xE0) return (first & 0x1F) << 6 | (byte(1) & 0x3F);
  if (first < 0xF0) return (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
}

std::size_t stepOf(std::string_view text, std::size_t at) {
  return std::max<std::size_t>(1, sequenceLength(text, at));
}

bool isAscii(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080U) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return false;
  }
  return true;
}

bool isWellFormed(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequenceLength(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::size_t lengthOf(std::string_view text) {
  if (isAscii(text)) return text.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += stepOf(text, i)) ++count;
  return count;
}

std::size_t offsetOf(std::string_view text, std::size_t index) {
  if (isAscii(text)) return std::min(index, text.size());
  std::size_t at = 0;
  while (index > 0 && at < text.size()) {
    at += stepOf(text, at);
    --index;
  }
  return at;
}

bool isPrintable(char32_t point) {
  const auto type = u_charType(static_cast<UChar32>(point));
  return type != U_CONTROL_CHAR && type != U_UNASSIGNED && type != U_SURROGATE &&
         type != U_PRIVATE_USE_CHAR && type != U_LINE_SEPARATOR && type != U_PARAGRAPH_SEPARATOR;
}

void appendUpper(Buffer& out, std::string_view text) {
  appendCase(out, text, upper, u_strToUpper);
}
void appendLower(Buffer& out, std::string_view text) {
  appendCase(out, text, lower, toLower);
}

void appendCapitalized(Buffer& out, std::string_view text) {
  if (text.empty()) return;
  const std::size_t first = stepOf(text, 0);
  appendCase(out, text.substr(0, first), upper, toTitle);
  appendLower(out, text.substr(first));
}

}  // namespace freshet::liquid
