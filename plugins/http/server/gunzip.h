// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace freshet::http {

/// 0: `out` holds the whole inflated body. 413: it would be longer than `most`; 400: no gzip, cut
/// off, or followed by something else. Never holds more than `most` bytes.
int gunzip(std::string_view body, std::size_t most, std::string& out);

}  // namespace freshet::http
