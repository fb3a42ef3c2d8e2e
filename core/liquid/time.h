// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/liquid/values.h"

namespace freshet::liquid {

/// An instant as seen in a zone.
struct Moment {
  std::int64_t seconds = 0;  // since 1970, UTC
  std::int64_t nanoseconds = 0;
  std::int32_t offset = 0;  // seconds east of UTC
  std::string zone = "UTC";
};

struct Calendar {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;  // Sunday is 0
  int yearDay = 1;
};

Calendar calendarOf(const Moment& moment);
std::int64_t daysFromCivil(std::int64_t year, int month, int day);
/// Offset and abbreviation of an IANA zone at an instant, or at a local time.
bool placeInZone(std::string_view zone, std::int64_t utcSeconds, std::int32_t& offset,
                 std::string& name);
bool placeLocal(std::string_view zone, std::int64_t localSeconds, std::int32_t& offset,
                std::string& name);

/// What the `date` filter takes for a time: "now", seconds, or a text as Ruby's Time.parse reads
/// it.
bool readMoment(const Value& value, std::int64_t nowMs, std::string_view zone, Moment& out);
/// Ruby's strftime; false when the result would exceed `room`.
bool appendMoment(Buffer& out, std::string_view format, const Moment& moment, std::uint64_t room);

}  // namespace freshet::liquid
