// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/profile/profile_store.h"

namespace freshet::redis {

/// A profile's value in Redis: "f1|" applied positions "|" JSON (README.md). Numbers are padded
/// with zeros, so that the script compares them as text.
inline constexpr std::string_view kFormat = "f1|";

/// The mark of one applied position, 47 bytes: source:partition:offset.
void appendMark(std::string& out, std::uint64_t source, std::int32_t partition,
                std::int64_t offset);
/// Views into `value`, positions in `arena`. A value that is not in our format is bare JSON.
profile::StoredProfile unpack(std::string_view value, Arena& arena);

/// The script that writes profiles by the guard: KEYS are keys; ARGV holds a mark (empty:
/// unconditional) and the JSON for each. Returns how many it wrote.
extern const std::string_view kWriteScript;

}  // namespace freshet::redis
