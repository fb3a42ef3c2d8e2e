// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/record/value.h"

namespace freshet::http {

/// "a%20b+c" → "a b c"; what is no escape stays as it is.
std::string fromPercent(std::string_view text);
/// Standard alphabet, with or without padding; empty if it is no base64.
std::string fromBase64(std::string_view text);

/// The pixel's query as an event: type, event, name, userId, anonymousId, messageId and writeKey
/// are its own members, all others properties. Without a type it is a track call if it names an
/// event, else a page call. At most 100 parameters.
record::Value eventOfQuery(std::string_view query, std::string_view referer,
                           std::string_view userAgent, Arena& arena);

}  // namespace freshet::http
