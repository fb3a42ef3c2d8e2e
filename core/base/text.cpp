// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <ctime>

namespace freshet {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};
// The first name of a factor is the one that is written.
constexpr Unit kDurations[] = {{"d", 86400000.0}, {"day", 86400000.0}, {"days", 86400000.0},
                               {"h", 3600000.0},  {"hour", 3600000.0}, {"hours", 3600000.0},
                               {"min", 60000.0},  {"m", 60000.0},      {"s", 1000.0},
                               {"sec", 1000.0},   {"ms", 1.0}};
constexpr Unit kQuantities[] = {{"", 1.0},          {"B", 1.0},           {"k", 1e3},
                                {"M", 1e6},         {"G", 1e9},           {"KB", 1e3},
                                {"MB", 1e6},        {"GB", 1e9},          {"KiB", 1024.0},
                                {"MiB", 1048576.0}, {"GiB", 1073741824.0}};

std::optional<std::int64_t> parseWithUnit(std::string_view text, std::span<const Unit> units) {
  text = trim(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  const std::string_view name =
      trim({end, static_cast<std::size_t>(text.data() + text.size() - end)});
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    const double value = number * unit.factor;
    if (value > 9e18) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(value));
  }
  return std::nullopt;
}

std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto yoe = static_cast<unsigned>(year - era * 400);
  const unsigned doy = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

/// Reads exactly `digits` digits at `at` and moves past them; false if they are not digits.
bool readDigits(std::string_view text, std::size_t& at, unsigned digits, unsigned& value) {
  if (at + digits > text.size()) return false;
  value = 0;
  for (unsigned i = 0; i < digits; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  at += digits;
  return true;
}

// Two neighbours the wrong way round count as one edit.
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitute});
      const bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (isSwap) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::int64_t> parseDuration(std::string_view text) {
  return parseWithUnit(text, kDurations);
}

std::string formatDuration(std::int64_t ms) {
  for (const Unit& unit : {kDurations[0], kDurations[3], kDurations[6], kDurations[8]}) {
    const auto factor = static_cast<std::int64_t>(unit.factor);
    if (ms != 0 && ms % factor == 0)
      return std::to_string(ms / factor) + ' ' + std::string(unit.name);
  }
  return std::to_string(ms) + " ms";
}

std::optional<std::int64_t> parseQuantity(std::string_view text) {
  return parseWithUnit(text, kQuantities);
}

std::optional<std::int64_t> parseIsoTime(std::string_view text) {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::size_t at = 0;
  const auto skip = [&](char c) {
    return at < text.size() && text[at] == c ? (++at, true) : false;
  };
  if (!readDigits(text, at, 4, year) || !skip('-') || !readDigits(text, at, 2, month) ||
      !skip('-') || !readDigits(text, at, 2, day)) {
    return std::nullopt;
  }
  std::int64_t fraction = 0;
  std::int64_t offsetMs = 0;
  if (at < text.size()) {
    if (!skip('T') && !skip(' ')) return std::nullopt;
    if (!readDigits(text, at, 2, hour) || !skip(':') || !readDigits(text, at, 2, minute)) {
      return std::nullopt;
    }
    if (skip(':') && !readDigits(text, at, 2, second)) return std::nullopt;
    if (skip('.')) {
      int place = 100;
      if (at == text.size() || text[at] < '0' || text[at] > '9') return std::nullopt;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, place /= 10) {
        fraction += (text[at] - '0') * place;
      }
    }
    if (!skip('Z') && !skip('z') && at < text.size()) {
      const char sign = text[at++];
      unsigned offsetHour = 0, offsetMinute = 0;
      if ((sign != '+' && sign != '-') || !readDigits(text, at, 2, offsetHour)) return std::nullopt;
      skip(':');
      if (!readDigits(text, at, 2, offsetMinute)) return std::nullopt;
      offsetMs = (offsetHour * 60LL + offsetMinute) * 60000LL * (sign == '-' ? -1 : 1);
    }
  }
  if (at != text.size() || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 ||
      minute > 59 || second > 60) {
    return std::nullopt;
  }
  return (daysFromCivil(year, month, day) * 86400LL + hour * 3600LL + minute * 60LL + second) *
             1000 +
         fraction - offsetMs;
}

std::string formatIsoTime(std::int64_t ms) {
  std::int64_t seconds = ms / 1000;
  std::int64_t rest = ms % 1000;
  if (rest < 0) {
    rest += 1000;
    --seconds;
  }
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> out{};
  const int length =
      std::snprintf(out.data(), out.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                    parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                    parts.tm_min, parts.tm_sec, static_cast<int>(rest));
  return {out.data(), static_cast<std::size_t>(length)};
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  const std::string* best = nullptr;
  std::size_t bestDistance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = &candidate;
    }
  }
  if (!best) return std::nullopt;
  return *best;
}

std::string formatDouble(double value) {
  std::array<char, 32> out{};
  const auto [end, error] = std::to_chars(out.data(), out.data() + out.size(), value);
  return {out.data(), end};
}

std::string oneLine(std::string_view text, std::size_t most) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  if (text.size() > most) out += "…";
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t at; (at = text.find(separator, from)) != std::string_view::npos; from = at + 1) {
    parts.push_back(text.substr(from, at - from));
  }
  parts.push_back(text.substr(from));
  return parts;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::uint64_t stableHash(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  return hash;
}

std::int32_t murmur2Partition(std::string_view key, std::int32_t partitions) {
  constexpr std::uint32_t m = 0x5bd1e995;
  std::uint32_t h = 0x9747b28cU ^ static_cast<std::uint32_t>(key.size());
  std::size_t at = 0;
  for (; at + 4 <= key.size(); at += 4) {
    std::uint32_t k = 0;
    std::memcpy(&k, key.data() + at, 4);
    k *= m;
    k ^= k >> 24;
    h = (h * m) ^ (k * m);
  }
  const auto tail = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(key[at + i]));
  };
  switch (key.size() - at) {
    case 3:
      h ^= tail(2) << 16;
      [[fallthrough]];
    case 2:
      h ^= tail(1) << 8;
      [[fallthrough]];
    case 1:
      h = (h ^ tail(0)) * m;
      break;
    default:
      break;
  }
  h ^= h >> 13;
  h *= m;
  h ^= h >> 15;
  return static_cast<std::int32_t>(h & 0x7fffffffU) % partitions;
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

}  // namespace freshet
