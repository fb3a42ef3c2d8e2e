// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::http {

/// HMAC-SHA256, 32 bytes.
std::string hmac(std::string_view key, std::string_view bytes);
std::string hexOf(std::string_view bytes);

/// The value of `webhook-signature` as in standardwebhooks.com: "v1," and the HMAC of
/// "id.seconds.body" in base64. A key that begins with "whsec_" is base64 behind it.
std::string signatureOf(std::string_view key, std::string_view id, std::int64_t seconds,
                        std::string_view body);

}  // namespace freshet::http
