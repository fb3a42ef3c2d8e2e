// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace freshet {

/// "30 min", "1.5 h", "7 d", "250 ms" → milliseconds. Empty if it is not a duration.
std::optional<std::int64_t> parseDuration(std::string_view text);
/// The shortest exact form: 1800000 → "30 min".
std::string formatDuration(std::int64_t ms);
/// "5 MiB", "64 KiB", "10k", "512" → bytes or a count.
std::optional<std::int64_t> parseQuantity(std::string_view text);
/// "2026-11-22T14:05:10.123Z" (or with an offset) → ms since 1970. Allocates nothing.
std::optional<std::int64_t> parseIsoTime(std::string_view text);
std::string formatIsoTime(std::int64_t ms);

/// The candidate nearest to `word` by edit distance, if one is near enough to suggest.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// Shortest text that reads back as the same double ("0.1", "1e+21").
std::string formatDouble(double value);
/// Control characters, ANSI and line ends escaped: safe in a log line.
std::string oneLine(std::string_view text, std::size_t most = 400);
std::vector<std::string_view> split(std::string_view text, char separator);
/// The pieces would outlive their text.
std::vector<std::string_view> split(std::string&& text, char separator) = delete;
std::string_view trim(std::string_view text);

/// FNV-1a with a final mix: stable across machines and builds, never for security.
std::uint64_t stableHash(std::string_view bytes);
/// Kafka's murmur2 partitioner (the one Java, Flink and Kafka Streams use).
std::int32_t murmur2Partition(std::string_view key, std::int32_t partitions);
/// Lower-case hexadecimal SHA-256.
std::string sha256(std::string_view bytes);

}  // namespace freshet
