// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/profile/profile_store.h"

namespace freshet::redis {

/// A profile's value in Redis: "f1|" applied positions "|" JSON, or in groups "f2|" mark "|" size
/// "|" the profile before, JSON (README.md). Numbers are padded with zeros, so that scripts compare
/// them as text.
inline constexpr std::string_view kFormat = "f1|";
inline constexpr std::string_view kGroupFormat = "f2|";

/// The mark of one applied position, 47 bytes: source:partition:offset.
void appendMark(std::string& out, std::uint64_t source, std::int32_t partition,
                std::int64_t offset);
/// A profile as a group writes it.
void appendGrouped(std::string& out, const profile::GroupMark& mark, std::string_view before,
                   std::string_view json);
/// Views into `value`, positions in `arena`. A value that is not in our format is bare JSON.
profile::StoredProfile unpack(std::string_view value, Arena& arena);

/// The script that writes profiles by the guard: KEYS are keys; ARGV holds a mark (empty:
/// unconditional) and the JSON for each. Returns how many it wrote.
extern const std::string_view kWriteScript;
/// Writes grouped values if their epochs still hold: KEYS are keys of fences, then of profiles;
/// ARGV holds how many fences, this write's pulse, for each fence an epoch and the last pulse that
/// is known to have arrived, and the values. "FENCED" if an epoch does not hold, "LOST" if a fence
/// holds less than is known. A fence is "epoch|pulse": its partition's last write.
extern const std::string_view kGroupScript;
/// A new epoch for the fence KEYS[1], later than any before. "LOST" if it holds less than the pulse
/// ARGV[1] and was not rebuilt since (KEYS[2]).
extern const std::string_view kFenceScript;
/// KEYS[1]: all of a partition's events were applied again, now.
extern const std::string_view kRebuiltScript;

}  // namespace freshet::redis
