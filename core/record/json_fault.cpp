// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/json_fault.h"

namespace freshet::record {
namespace {

/// The bytes of the code point that begins with `lead`, 0 if none does; `low` and `high` bound the
/// second byte.
std::size_t sequenceLength(unsigned char lead, unsigned char& low, unsigned char& high) {
  low = 0x80;
  high = 0xbf;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    return 4;
  }
  return 0;
}

}  // namespace

std::ptrdiff_t findBadUtf8(std::string_view document) {
  for (std::size_t at = 0; at < document.size();) {
    unsigned char low = 0;
    unsigned char high = 0;
    const std::size_t length = sequenceLength(static_cast<unsigned char>(document[at]), low, high);
    if (length == 0 || at + length > document.size()) return static_cast<std::ptrdiff_t>(at);
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(document[at + i]);
      if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xbf)) {
        return static_cast<std::ptrdiff_t>(at);
      }
    }
    at += length;
  }
  return -1;
}

std::ptrdiff_t findBadText(std::string_view document) {
  std::ptrdiff_t open = -1;
  for (std::size_t at = 0; at < document.size(); ++at) {
    const char c = document[at];
    if (open < 0) {
      if (c == '"') open = static_cast<std::ptrdiff_t>(at);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return static_cast<std::ptrdiff_t>(at);
    } else if (c == '"') {
      open = -1;
    } else if (c == '\\') {
      ++at;
    }
  }
  return open;
}

}  // namespace freshet::record
