// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/roots.h"

#include <algorithm>
#include <chrono>

namespace freshet::stage {
namespace {

using record::Member;
using record::Value;

constexpr std::string_view kMeta = "meta";
constexpr std::uint32_t kMetaSlot = UINT32_MAX;

void putDigits(char* to, int digits, int value) {
  for (; digits > 0; --digits, value /= 10) to[digits - 1] = static_cast<char>('0' + value % 10);
}

/// As formatIsoTime writes it, without memory of its own; years 0 to 9999.
std::string_view isoTime(TimeMs ms, Arena& arena) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  char* text = static_cast<char*>(arena.allocate(kForm.size(), 1));
  std::ranges::copy(kForm, text);
  putDigits(text, 4, static_cast<int>(date.year()));
  putDigits(text + 5, 2, static_cast<int>(static_cast<unsigned>(date.month())));
  putDigits(text + 8, 2, static_cast<int>(static_cast<unsigned>(date.day())));
  putDigits(text + 11, 2, static_cast<int>(clock.hours().count()));
  putDigits(text + 14, 2, static_cast<int>(clock.minutes().count()));
  putDigits(text + 17, 2, static_cast<int>(clock.seconds().count()));
  putDigits(text + 20, 3, static_cast<int>(clock.subseconds().count()));
  return {text, kForm.size()};
}

Value metaOf(const record::Origin& origin, Arena& arena) {
  const auto members = arena.array<Member>(6);
  members[0] = {"key", Value(origin.key)};
  members[1] = {"time", Value(isoTime(origin.timeMs, arena))};
  members[2] = {"time_ms", Value(origin.timeMs)};
  members[3] = {"partition", Value(static_cast<std::int64_t>(origin.partition))};
  members[4] = {"offset", Value(origin.offset)};
  members[5] = {"arrived", Value(origin.arrivedMs)};
  return Value(std::span<const Member>(members));
}

}  // namespace

Roots::Roots(std::span<const std::string> names, BuildContext& context) : m_values(names.size()) {
  for (const std::string& name : names) {
    m_slots.push_back(name == kMeta ? kMetaSlot : context.slot(name));
  }
}

std::span<const Value> Roots::of(const record::Record& record, Arena& arena) {
  for (std::size_t i = 0; i < m_slots.size(); ++i) {
    m_values[i] =
        m_slots[i] == kMetaSlot ? metaOf(*record.origin, arena) : record.sections[m_slots[i]];
  }
  return m_values;
}

}  // namespace freshet::stage
