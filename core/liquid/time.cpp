// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/time.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include <map>
#include <memory>

namespace freshet::liquid {
namespace {

struct CloseCalendar {
  void operator()(UCalendar* calendar) const { ucal_close(calendar); }
};
using ZoneCalendar = std::unique_ptr<UCalendar, CloseCalendar>;

// Opening a zone costs microseconds and a calendar is not thread-safe: each thread keeps its own.
UCalendar* calendarFor(std::string_view zone) {
  static thread_local std::map<std::string, ZoneCalendar, std::less<>> open;
  const auto found = open.find(zone);
  if (found != open.end()) return found->second.get();
  UChar id[64];
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t length = 0;
  u_strFromUTF8(id, 64, &length, zone.data(), static_cast<std::int32_t>(zone.size()), &status);
  UChar canonical[64];
  UBool isSystem = 0;
  ucal_getCanonicalTimeZoneID(id, length, canonical, 64, &isSystem, &status);
  UCalendar* made =
      U_SUCCESS(status) ? ucal_open(id, length, "en_US", UCAL_GREGORIAN, &status) : nullptr;
  if (U_FAILURE(status)) made = nullptr;
  return open.emplace(std::string(zone), ZoneCalendar(made)).first->second.get();
}

std::string shortName(UCalendar* calendar, bool isSummer, std::int32_t offset) {
  // Only the locales of a region know its abbreviations.
  for (const char* locale : {"en_US", "en_GB", "en_AU", "en_IN", "en_CA"}) {
    UChar text[64];
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t length = ucal_getTimeZoneDisplayName(
        calendar, isSummer ? UCAL_SHORT_DST : UCAL_SHORT_STANDARD, locale, text, 64, &status);
    if (U_FAILURE(status)) continue;
    std::string name;
    for (std::int32_t i = 0; i < length; ++i)
      name += static_cast<char>(text[i] < 0x80 ? text[i] : '?');
    if (!name.starts_with("GMT") || name == "GMT") return name;
  }
  std::string name = offset < 0 ? "-" : "+";
  const int minutes = std::abs(offset) / 60;
  for (const int part : {minutes / 60, minutes % 60}) {
    name += static_cast<char>('0' + part / 10);
    name += static_cast<char>('0' + part % 10);
  }
  if (name.ends_with("00")) name.resize(3);
  return name;
}

}  // namespace

std::int64_t daysFromCivil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t ofEra = year - era * 400;
  const std::int64_t ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468;
}

Calendar calendarOf(const Moment& moment) {
  const std::int64_t local = moment.seconds + moment.offset;
  std::int64_t days = local / 86400;
  std::int64_t rest = local % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  Calendar c;
  c.hour = static_cast<int>(rest / 3600);
  c.minute = static_cast<int>(rest / 60 % 60);
  c.second = static_cast<int>(rest % 60);
  c.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t ofEra = shifted - era * 146097;
  const std::int64_t yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
  const std::int64_t ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const std::int64_t m = (5 * ofYear + 2) / 153;
  c.day = static_cast<int>(ofYear - (153 * m + 2) / 5 + 1);
  c.month = static_cast<int>(m < 10 ? m + 3 : m - 9);
  c.year = yearOfEra + era * 400 + (c.month <= 2 ? 1 : 0);
  c.yearDay = static_cast<int>(days - daysFromCivil(c.year, 1, 1)) + 1;
  return c;
}

bool placeInZone(std::string_view zone, std::int64_t seconds, std::int32_t& offset,
                 std::string& name) {
  offset = 0;
  name = "UTC";
  if (zone == "UTC" || zone == "Etc/UTC" || zone.empty()) return true;
  UCalendar* calendar = calendarFor(zone);
  if (!calendar) return false;
  UErrorCode status = U_ZERO_ERROR;
  ucal_setMillis(calendar, static_cast<double>(seconds) * 1000, &status);
  const std::int32_t summer = ucal_get(calendar, UCAL_DST_OFFSET, &status);
  offset = (ucal_get(calendar, UCAL_ZONE_OFFSET, &status) + summer) / 1000;
  if (U_FAILURE(status)) return false;
  name = shortName(calendar, summer != 0, offset);
  return true;
}

bool placeLocal(std::string_view zone, std::int64_t local, std::int32_t& offset,
                std::string& name) {
  if (!placeInZone(zone, local, offset, name)) return false;
  // The offset there may differ from the one here when a change lies between.
  std::int32_t second = 0;
  if (!placeInZone(zone, local - offset, second, name)) return false;
  if (second != offset) {
    offset = second;
    return placeInZone(zone, local - offset, offset, name);
  }
  return true;
}

}  // namespace freshet::liquid
