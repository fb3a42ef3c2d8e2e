// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "core/liquid/buffer.h"

namespace freshet::liquid {

/// Bytes of the well-formed UTF-8 character at `at`; 0 if there is none.
std::size_t sequenceLength(std::string_view text, std::size_t at);
/// The character at `at`, which must be well-formed.
char32_t decodePoint(std::string_view text, std::size_t at);
/// Bytes from `at` to the next character, an ill-formed byte counting as one.
std::size_t stepOf(std::string_view text, std::size_t at);
/// Characters as Ruby's String#length counts them.
std::size_t lengthOf(std::string_view text);
/// Byte offset of the character with this index (the end if there are fewer).
std::size_t offsetOf(std::string_view text, std::size_t index);
bool isPrintable(char32_t point);
bool isAscii(std::string_view text);
bool isWellFormed(std::string_view text);

void appendUpper(Buffer& out, std::string_view text);
void appendLower(Buffer& out, std::string_view text);
/// The first character in upper case, the others in lower case.
void appendCapitalized(Buffer& out, std::string_view text);

}  // namespace freshet::liquid
