// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>

#include "core/liquid/time.h"

namespace freshet::liquid {
namespace {

constexpr std::string_view months[] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};
constexpr std::string_view weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                         "Thursday", "Friday", "Saturday"};

struct Directive {
  char pad = 0;  // '0', ' ', '-' or what the conversion has of its own
  bool isUpper = false;
  bool isSwapped = false;
  int colons = 0;
  int width = -1;
};

void appendNumber(Buffer& out, std::int64_t value, const Directive& d, int width, char pad) {
  if (d.pad != 0) pad = d.pad;
  if (d.width >= 0) width = d.width;
  char digits[mostDigits];
  const char* const end = writeInteger(digits, value < 0 ? -value : value);
  const auto size = static_cast<int>(end - digits) + (value < 0 ? 1 : 0);
  const auto fill = static_cast<std::size_t>(pad == '-' ? 0 : std::max(0, width - size));
  if (pad != '0') out.fill(fill, ' ');
  if (value < 0) out += '-';
  if (pad == '0') out.fill(fill, '0');
  if (char* const to = out.extend(static_cast<std::size_t>(end - digits)))
    std::copy(static_cast<const char*>(digits), end, to);
}

void appendWord(Buffer& out, std::string_view word, const Directive& d,
                bool isLoweredBySwap = false) {
  std::string text(word);
  if (d.isUpper || (d.isSwapped && !isLoweredBySwap)) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return static_cast<char>(std::toupper(c)); });
  } else if (d.isSwapped) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return static_cast<char>(std::tolower(c)); });
  }
  const auto size = static_cast<int>(text.size());
  if (d.width > size && d.pad != '-') {
    out.fill(static_cast<std::size_t>(d.width - size), d.pad == '0' ? '0' : ' ');
  }
  out += std::string_view(text);
}

void appendOffset(Buffer& out, std::int32_t offset, const Directive& d) {
  const std::int32_t size = offset < 0 ? -offset : offset;
  const auto two = [](std::int32_t n) {
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  std::string hours = std::to_string(size / 3600);
  std::string rest;
  if (d.colons == 0) rest = two(size / 60 % 60);
  if (d.colons >= 1) rest = ':' + two(size / 60 % 60);
  if (d.colons >= 2) rest += ':' + two(size % 60);
  const std::size_t most = static_cast<std::size_t>(std::max(d.width, 0));
  const std::size_t fixed = 1 + rest.size();
  std::size_t room = std::max<std::size_t>(2, most > fixed ? most - fixed : 0);
  const char sign = offset < 0 ? '-' : '+';
  if (d.pad == '-') {
    out += std::string_view(sign + hours + rest);
  } else if (d.pad == ' ') {
    out.fill(room > hours.size() ? room - hours.size() : 0, ' ');
    out += std::string_view(sign + hours + rest);
  } else {
    out += sign;
    out.fill(room > hours.size() ? room - hours.size() : 0, '0');
    out += std::string_view(hours + rest);
  }
}

int weekNumber(const Calendar& c, int firstWeekday) {
  const int weekday = (c.weekday - firstWeekday + 7) % 7;
  return (c.yearDay - 1 - weekday + 7) / 7;
}

bool isLeap(std::int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

void isoWeek(const Calendar& c, std::int64_t& year, int& week) {
  const int weekday = (c.weekday + 6) % 7;
  week = (c.yearDay - 1 - weekday + 10) / 7;
  year = c.year;
  const auto weeksIn = [](std::int64_t y) {
    const auto dayOne = ((daysFromCivil(y, 1, 1) + 4) % 7 + 7) % 7;
    return dayOne == 4 || (dayOne == 3 && isLeap(y)) ? 53 : 52;
  };
  if (week < 1) {
    week = weeksIn(--year);
  } else if (week > weeksIn(year)) {
    week = 1;
    ++year;
  }
}

void appendFraction(Buffer& out, std::int64_t nanoseconds, int digits) {
  std::string text = std::to_string(nanoseconds);
  text.insert(0, 9 - text.size(), '0');
  text.resize(static_cast<std::size_t>(digits), '0');
  out += std::string_view(text);
}

bool appendDirective(Buffer& out, char c, const Directive& d, const Moment& moment,
                     const Calendar& cal, std::uint64_t room) {
  const auto composite = [&](std::string_view format) {
    const std::size_t start = out.size();
    appendMoment(out, format, moment, room);
    if (d.pad == 0 && !d.isUpper && !d.isSwapped && d.width < 0) return true;
    const std::string text(out.view().substr(start));
    out.truncate(start);
    appendWord(out, text, d);
    return true;
  };
  const int hour12 = cal.hour % 12 == 0 ? 12 : cal.hour % 12;
  std::int64_t isoYear = 0;
  int week = 0;
  switch (c) {
    case 'Y':
      return appendNumber(out, cal.year, d, cal.year < 0 ? 5 : 4, '0'), true;
    case 'C':
      return appendNumber(out, cal.year / 100, d, 2, '0'), true;
    case 'y':
      return appendNumber(out, cal.year % 100, d, 2, '0'), true;
    case 'm':
      return appendNumber(out, cal.month, d, 2, '0'), true;
    case 'B':
      return appendWord(out, months[cal.month - 1], d), true;
    case 'b':
    case 'h':
      return appendWord(out, months[cal.month - 1].substr(0, 3), d), true;
    case 'd':
      return appendNumber(out, cal.day, d, 2, '0'), true;
    case 'e':
      return appendNumber(out, cal.day, d, 2, ' '), true;
    case 'j':
      return appendNumber(out, cal.yearDay, d, 3, '0'), true;
    case 'H':
      return appendNumber(out, cal.hour, d, 2, '0'), true;
    case 'k':
      return appendNumber(out, cal.hour, d, 2, ' '), true;
    case 'I':
      return appendNumber(out, hour12, d, 2, '0'), true;
    case 'l':
      return appendNumber(out, hour12, d, 2, ' '), true;
    case 'P':
      return appendWord(out, cal.hour < 12 ? "am" : "pm", d), true;
    case 'p':
      return appendWord(out, cal.hour < 12 ? "AM" : "PM", d, true), true;
    case 'M':
      return appendNumber(out, cal.minute, d, 2, '0'), true;
    case 'S':
      return appendNumber(out, cal.second, d, 2, '0'), true;
    case 'L':
      return appendFraction(out, moment.nanoseconds, d.width > 0 ? d.width : 3), true;
    case 'N':
      return appendFraction(out, moment.nanoseconds, d.width > 0 ? d.width : 9), true;
    case 'z':
      return appendOffset(out, moment.offset, d), true;
    case 'Z':
      return appendWord(out, moment.zone, d, true), true;
    case 'A':
      return appendWord(out, weekdays[cal.weekday], d), true;
    case 'a':
      return appendWord(out, weekdays[cal.weekday].substr(0, 3), d), true;
    case 'u':
      return appendNumber(out, cal.weekday == 0 ? 7 : cal.weekday, d, 1, '0'), true;
    case 'w':
      return appendNumber(out, cal.weekday, d, 1, '0'), true;
    case 'G':
      return isoWeek(cal, isoYear, week), appendNumber(out, isoYear, d, 4, '0'), true;
    case 'g':
      return isoWeek(cal, isoYear, week), appendNumber(out, isoYear % 100, d, 2, '0'), true;
    case 'V':
      return isoWeek(cal, isoYear, week), appendNumber(out, week, d, 2, '0'), true;
    case 'U':
      return appendNumber(out, weekNumber(cal, 0), d, 2, '0'), true;
    case 'W':
      return appendNumber(out, weekNumber(cal, 1), d, 2, '0'), true;
    case 's':
      return appendNumber(out, moment.seconds, d, 1, '0'), true;
    case 'n':
      return appendWord(out, "\n", d), true;
    case 't':
      return appendWord(out, "\t", d), true;
    case '%':
      return appendWord(out, "%", d), true;
    case 'c':
      return composite("%a %b %e %H:%M:%S %Y");
    case 'D':
    case 'x':
      return composite("%m/%d/%y");
    case 'F':
      return composite("%Y-%m-%d");
    case 'v':
      return composite("%e-%^b-%Y");
    case 'X':
    case 'T':
      return composite("%H:%M:%S");
    case 'r':
      return composite("%I:%M:%S %p");
    case 'R':
      return composite("%H:%M");
    default:
      return false;
  }
}

}  // namespace

bool appendMoment(Buffer& out, std::string_view format, const Moment& moment, std::uint64_t room) {
  const Calendar calendar = calendarOf(moment);
  for (std::size_t i = 0; i < format.size();) {
    if (format[i] != '%') {
      out += format[i++];
      continue;
    }
    Directive d;
    std::size_t at = i + 1;
    for (; at < format.size(); ++at) {
      const char c = format[at];
      if (c == '-') {
        d.pad = '-';
      } else if (c == '_') {
        d.pad = ' ';
      } else if (c == '0') {
        d.pad = '0';
      } else if (c == '^') {
        d.isUpper = true;
      } else if (c == '#') {
        d.isSwapped = true;
      } else if (c == ':') {
        ++d.colons;
      } else {
        break;
      }
    }
    while (at < format.size() && format[at] >= '0' && format[at] <= '9') {
      d.width = std::min(std::max(d.width, 0) * 10 + (format[at++] - '0'), 1 << 20);
    }
    if (d.width > 1024 || out.size() > room) return false;
    if (at < format.size() && (format[at] == 'E' || format[at] == 'O') && at + 1 < format.size())
      ++at;
    const bool isKnown = at < format.size() && (d.colons == 0 || format[at] == 'z') &&
                         appendDirective(out, format[at], d, moment, calendar, room);
    if (isKnown) {
      i = at + 1;
    } else {
      const std::size_t end = std::min(at + 1, format.size());
      out += format.substr(i, end - i);
      i = end;
    }
  }
  return true;
}

}  // namespace freshet::liquid
