// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/liquid/lexer.h"
#include "core/liquid/number.h"
#include "core/liquid/time.h"
#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

struct Parts {
  std::optional<std::int64_t> year;
  std::optional<int> month;
  std::optional<int> day;
  std::optional<int> weekday;
  std::optional<int> yearDay;
  std::optional<int> hour;
  int minute = 0;
  int second = 0;
  std::int64_t nanoseconds = 0;
  std::optional<std::int32_t> offset;
  std::string zone;
};

constexpr std::string_view monthNames[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                           "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view dayNames[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
struct Zone {
  std::string_view name;
  int hours;
};
constexpr Zone zones[] = {{"utc", 0},  {"gmt", 0},  {"z", 0},    {"est", -5}, {"edt", -4},
                          {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8},
                          {"pdt", -7}, {"bst", 1},  {"wet", 0},  {"cet", 1},  {"cest", 2},
                          {"eet", 2},  {"eest", 3}, {"jst", 9}};

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isLetter(char c) {
  return c >= 'a' && c <= 'z';
}

int numberOf(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::size_t digitsAt(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && isDigit(text[end])) ++end;
  return end - at;
}

template <class Names>
int nameIndex(std::string_view word, const Names& names) {
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (word.size() >= 3 && word.starts_with(names[i])) return static_cast<int>(i);
  }
  return -1;
}

std::int64_t fullYear(std::int64_t year, std::size_t digits) {
  if (digits > 2) return year;
  return year >= 69 ? 1900 + year : 2000 + year;
}

constexpr std::size_t longestText = 128;

// A short text in lower case that is read piece by piece.
class Line {
 public:
  explicit Line(std::string_view text) : m_size(std::min(text.size(), longestText)) {
    std::ranges::transform(text.substr(0, m_size), m_bytes.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
  }
  std::size_t size() const { return m_size; }
  char operator[](std::size_t at) const { return m_bytes[at]; }
  std::string_view view() const { return {m_bytes.data(), m_size}; }
  operator std::string_view() const { return view(); }
  void erase(std::size_t at, std::size_t length) {
    std::fill_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(at), length, ' ');
  }

 private:
  std::array<char, longestText> m_bytes;
  std::size_t m_size;
};

// Reads a text the way Date._parse does: a time, then a date in one of its shapes.
class Reader {
 public:
  explicit Reader(const Line& text) : m_text(text) {}

  bool read(Parts& parts) {
    clock(parts);
    weekday(parts);
    const bool isDate =
        isoDate(parts) || namedMonth(parts) || slashed(parts) || dotted(parts) || compact(parts);
    return isDate || parts.hour || parts.weekday;
  }

 private:
  void erase(std::size_t at, std::size_t length) { m_text.erase(at, length); }

  void clock(Parts& parts) {
    for (std::size_t at = 0; at < m_text.size(); ++at) {
      if (!isDigit(m_text[at]) || (at > 0 && isDigit(m_text[at - 1]))) continue;
      const std::size_t hour = digitsAt(m_text, at);
      std::size_t end = at + hour;
      if (hour > 2) {
        at = end;
        continue;
      }
      Parts found;
      found.hour = numberOf(m_text.view().substr(at, hour));
      const bool hasMinutes =
          end < m_text.size() && m_text[end] == ':' && digitsAt(m_text, end + 1) > 0;
      if (hasMinutes) {
        std::size_t length = std::min<std::size_t>(2, digitsAt(m_text, end + 1));
        found.minute = numberOf(m_text.view().substr(end + 1, length));
        end += 1 + length;
        if (end < m_text.size() && m_text[end] == ':' && digitsAt(m_text, end + 1) > 0) {
          length = std::min<std::size_t>(2, digitsAt(m_text, end + 1));
          found.second = numberOf(m_text.view().substr(end + 1, length));
          end += 1 + length;
          if (end < m_text.size() && (m_text[end] == '.' || m_text[end] == ',') &&
              digitsAt(m_text, end + 1) > 0) {
            length = digitsAt(m_text, end + 1);
            const std::string_view digits = m_text.view().substr(end + 1, length).substr(0, 9);
            found.nanoseconds = numberOf(digits);
            for (std::size_t i = digits.size(); i < 9; ++i) found.nanoseconds *= 10;
            end += 1 + length;
          }
        }
      }
      std::size_t suffix = end;
      while (suffix < m_text.size() && isSpace(m_text[suffix])) ++suffix;
      const std::string_view rest = m_text.view().substr(suffix);
      const bool isHalf = (rest.starts_with("am") || rest.starts_with("pm")) &&
                          (rest.size() == 2 || !isLetter(rest[2]));
      if (isHalf) {
        found.hour = *found.hour % 12 + (rest[0] == 'p' ? 12 : 0);
        end = suffix + 2;
      }
      if (!hasMinutes && !isHalf) {
        at = end;
        continue;
      }
      end = zone(end, found);
      parts.hour = found.hour;
      parts.minute = found.minute;
      parts.second = found.second;
      parts.nanoseconds = found.nanoseconds;
      parts.offset = found.offset;
      parts.zone = found.zone;
      // The "t" between date and time goes with it.
      std::size_t start = at;
      if (start > 0 && m_text[start - 1] == 't' && start > 1 && isDigit(m_text[start - 2])) --start;
      erase(start, end - start);
      return;
    }
  }

  std::size_t zone(std::size_t end, Parts& parts) {
    std::size_t at = end;
    while (at < m_text.size() && isSpace(m_text[at])) ++at;
    const std::string_view rest = m_text.view().substr(at);
    std::size_t word = 0;
    while (word < rest.size() && isLetter(rest[word])) ++word;
    std::size_t sign = 0;
    if (word > 0) {
      const std::string_view name = rest.substr(0, word);
      for (const Zone& known : zones) {
        if (name != known.name) continue;
        parts.offset = known.hours * 3600;
        parts.zone = name == "z" ? "UTC" : std::string(name);
        std::ranges::transform(parts.zone, parts.zone.begin(),
                               [](char c) { return isLetter(c) ? static_cast<char>(c - 32) : c; });
      }
      if (!parts.offset) return end;
      const bool isShifted = (name == "utc" || name == "gmt") && word < rest.size() &&
                             (rest[word] == '+' || rest[word] == '-');
      if (!isShifted) return at + word;
      sign = word;
    }
    if (sign >= rest.size() || (rest[sign] != '+' && rest[sign] != '-')) return end;
    std::size_t digits = digitsAt(rest, sign + 1);
    if (digits == 0 || digits > 4) return end;
    int hours = numberOf(rest.substr(sign + 1, digits));
    int minutes = 0;
    std::size_t stop = sign + 1 + digits;
    if (digits > 2) {
      minutes = hours % 100;
      hours /= 100;
    } else if (stop < rest.size() && rest[stop] == ':' && digitsAt(rest, stop + 1) >= 2) {
      minutes = numberOf(rest.substr(stop + 1, 2));
      stop += 3;
    }
    parts.offset = (hours * 3600 + minutes * 60) * (rest[sign] == '-' ? -1 : 1);
    parts.zone.clear();
    return at + stop;
  }

  void weekday(Parts& parts) {
    for (std::size_t at = 0; at < m_text.size(); ++at) {
      if (!isLetter(m_text[at]) || (at > 0 && isLetter(m_text[at - 1]))) continue;
      std::size_t end = at;
      while (end < m_text.size() && isLetter(m_text[end])) ++end;
      const int index = nameIndex(m_text.view().substr(at, end - at), dayNames);
      if (index < 0) continue;
      parts.weekday = index;
      erase(at, end - at);
      return;
    }
  }

  bool isoDate(Parts& parts) {
    for (std::size_t at = 0; at < m_text.size(); ++at) {
      if (!isDigit(m_text[at]) || (at > 0 && isDigit(m_text[at - 1]))) continue;
      const std::size_t first = digitsAt(m_text, at);
      const std::size_t second = at + first + 1;
      if (second >= m_text.size() || m_text[second - 1] != '-') continue;
      const std::size_t monthDigits = digitsAt(m_text, second);
      if (monthDigits == 0 || monthDigits > 2) continue;
      const std::size_t third = second + monthDigits + 1;
      const std::size_t dayDigits =
          third <= m_text.size() && m_text[third - 1] == '-' ? digitsAt(m_text, third) : 0;
      const std::string_view text = m_text;
      if (dayDigits == 0) continue;
      order(parts, text.substr(at, first), text.substr(second, monthDigits),
            text.substr(third, dayDigits));
      return true;
    }
    return false;
  }

  // Three numbers: the year first, unless only the last can be one.
  static void order(Parts& parts, std::string_view a, std::string_view b, std::string_view c) {
    if (a.size() < 3 && c.size() > 2) std::swap(a, c);
    parts.year = fullYear(numberOf(a), a.size());
    parts.month = numberOf(b);
    parts.day = numberOf(c);
  }

  bool namedMonth(Parts& parts) {
    for (std::size_t at = 0; at < m_text.size(); ++at) {
      if (!isLetter(m_text[at]) || (at > 0 && isLetter(m_text[at - 1]))) continue;
      std::size_t end = at;
      while (end < m_text.size() && isLetter(m_text[end])) ++end;
      const int month = nameIndex(m_text.view().substr(at, end - at), monthNames);
      if (month < 0) {
        at = end - 1;
        continue;
      }
      parts.month = month + 1;
      std::string_view before = m_text.view().substr(0, at);
      while (!before.empty() && !isDigit(before.back()) && before.back() != '\'') {
        if (isLetter(before.back()) && !isOrdinal(before)) break;
        before.remove_suffix(isLetter(before.back()) ? 2 : 1);
      }
      std::size_t start = before.size();
      while (start > 0 && isDigit(before[start - 1])) --start;
      const std::string_view leading = before.substr(start);
      std::array<std::string_view, 2> after;
      std::size_t numbers = 0;
      const std::string_view rest = m_text.view().substr(end);
      for (std::size_t i = 0; i < rest.size() && numbers < after.size();) {
        if (!isDigit(rest[i])) {
          ++i;
          continue;
        }
        const std::size_t length = digitsAt(rest, i);
        after[numbers++] = rest.substr(i, length);
        i += length;
      }
      if (!leading.empty() && leading.size() <= 2) {
        parts.day = numberOf(leading);
        if (numbers > 0) parts.year = fullYear(numberOf(after[0]), after[0].size());
      } else if (numbers > 0 && after[0].size() <= 2) {
        parts.day = numberOf(after[0]);
        if (numbers > 1) parts.year = fullYear(numberOf(after[1]), after[1].size());
        if (numbers == 1 && !leading.empty()) parts.year = numberOf(leading);
      } else if (numbers > 0) {
        parts.year = numberOf(after[0]);
        parts.day = 1;
      } else {
        if (!leading.empty()) parts.year = numberOf(leading);
        parts.day = 1;
      }
      return true;
    }
    return false;
  }

  static bool isOrdinal(std::string_view text) {
    for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
      if (text.ends_with(ending) && text.size() > 2 && isDigit(text[text.size() - 3])) return true;
    }
    return false;
  }

  bool separated(Parts& parts, char separator) {
    for (std::size_t at = 0; at < m_text.size(); ++at) {
      if (!isDigit(m_text[at]) || (at > 0 && isDigit(m_text[at - 1]))) continue;
      const std::string_view text = m_text;
      const std::size_t first = digitsAt(text, at);
      const std::size_t second = at + first + 1;
      if (second >= text.size() || text[second - 1] != separator) continue;
      const std::size_t monthDigits = digitsAt(text, second);
      if (monthDigits == 0) continue;
      const std::size_t third = second + monthDigits + 1;
      const std::size_t dayDigits =
          third <= text.size() && third > 0 && text[third - 1] == separator ? digitsAt(text, third)
                                                                            : 0;
      if (dayDigits > 0) {
        order(parts, text.substr(at, first), text.substr(second, monthDigits),
              text.substr(third, dayDigits));
        return true;
      }
      if (separator != '/') continue;
      parts.month = numberOf(text.substr(at, first));
      parts.day = numberOf(text.substr(second, monthDigits));
      return true;
    }
    return false;
  }

  bool slashed(Parts& parts) { return separated(parts, '/'); }
  bool dotted(Parts& parts) { return separated(parts, '.'); }

  // A run of digits alone, by its length: 14, 0314, 160314, 20160314, 20160314t101112, 2016074.
  bool compact(Parts& parts) {
    for (std::size_t at = 0; at + 1 < m_text.size(); ++at) {
      const std::size_t run = digitsAt(m_text, at);
      if (run < 2) continue;
      const std::string_view digits = m_text.view().substr(at, std::min<std::size_t>(run, 14));
      const auto part = [&](std::size_t from, std::size_t length) {
        return numberOf(digits.substr(from, length));
      };
      std::size_t end = at + digits.size();
      switch (digits.size()) {
        case 2:
          parts.day = part(0, 2);
          break;
        case 4:
          parts.month = part(0, 2);
          parts.day = part(2, 2);
          break;
        case 6:
          parts.year = fullYear(part(0, 2), 2);
          parts.month = part(2, 2);
          parts.day = part(4, 2);
          break;
        case 3:
        case 5:
        case 7: {
          const std::size_t ofYear = digits.size() - 3;
          if (ofYear > 0) parts.year = fullYear(part(0, ofYear), ofYear);
          parts.yearDay = part(ofYear, 3);
          break;
        }
        case 8:
        case 10:
        case 12:
        case 14: {
          parts.year = part(0, 4);
          parts.month = part(4, 2);
          parts.day = part(6, 2);
          std::string_view time = digits.substr(8);
          if (time.empty() && end < m_text.size() && m_text[end] == 't') {
            time = m_text.view().substr(end + 1, digitsAt(m_text, end + 1));
            end += 1 + time.size();
          }
          if (time.size() >= 2) parts.hour = numberOf(time.substr(0, 2));
          if (time.size() >= 4) parts.minute = numberOf(time.substr(2, 2));
          if (time.size() >= 6) parts.second = numberOf(time.substr(4, 2));
          if (!time.empty()) zone(end, parts);
          break;
        }
        default:
          return false;
      }
      return true;
    }
    return false;
  }

  Line m_text;
};

bool readText(const Line& text, std::int64_t nowMs, std::string_view zone, Moment& out) {
  Parts parts;
  if (!Reader(text).read(parts)) return false;
  Moment now;
  now.seconds = nowMs / 1000;
  placeInZone(zone, now.seconds, now.offset, now.zone);
  const Calendar today = calendarOf(now);
  const bool isDated = parts.year || parts.month || parts.day || parts.yearDay;
  const std::int64_t year = parts.year.value_or(today.year);
  const int month = parts.month.value_or(parts.year ? 1 : today.month);
  const int day = parts.day.value_or(isDated ? 1 : today.day);
  // Days up to 31 run over into the next month, as Ruby's Time does it.
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const int hour = parts.hour.value_or(0);
  if (hour > 24 || (hour == 24 && parts.minute + parts.second > 0) || parts.minute > 59 ||
      parts.second > 60)
    return false;
  std::int64_t days = daysFromCivil(year, month, 1) + day - 1;
  if (parts.yearDay) days = daysFromCivil(year, 1, 1) + *parts.yearDay - 1;
  if (!isDated && parts.weekday) days += *parts.weekday - today.weekday;
  const std::int64_t local = days * 86400 + hour * 3600 + parts.minute * 60 + parts.second;
  out.nanoseconds = parts.nanoseconds;
  if (parts.offset) {
    out.offset = *parts.offset;
    out.zone = parts.zone;
  } else if (!placeLocal(zone, local, out.offset, out.zone)) {
    return false;
  }
  out.seconds = local - out.offset;
  return true;
}

}  // namespace

bool readMoment(const Value& value, std::int64_t nowMs, std::string_view zone, Moment& out) {
  out = {};
  std::optional<std::int64_t> seconds;
  if (value.isInt()) seconds = value.asInt();
  if (value.isString()) {
    if (value.size() == 0 || value.size() > longestText) return false;
    const Line text(value.asString());
    if (text.view() == "now" || text.view() == "today") {
      seconds = nowMs / 1000;
      out.nanoseconds = nowMs % 1000 * 1'000'000;
    } else if (std::ranges::all_of(text.view(), isDigit)) {
      seconds = leadingInteger(text);
    } else {
      return readText(text, nowMs, zone, out);
    }
  }
  constexpr std::int64_t furthest = 100'000'000'000'000;
  if (!seconds || *seconds > furthest || *seconds < -furthest) return false;
  out.seconds = *seconds;
  return placeInZone(zone, out.seconds, out.offset, out.zone);
}

}  // namespace freshet::liquid
