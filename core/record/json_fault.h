// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace freshet::record {

// Where a document that was refused as a whole goes wrong: a byte offset, -1 if it does not.
// Slow and plain: only asked once the answer to "is it all right?" was no.

/// The first byte that is no UTF-8 (overlong forms, surrogates and what is beyond U+10FFFF too).
std::ptrdiff_t findBadUtf8(std::string_view document);
/// The first control character in a text, or the quote that opens a text without an end.
std::ptrdiff_t findBadText(std::string_view document);

}  // namespace freshet::record
