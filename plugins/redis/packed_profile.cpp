// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/packed_profile.h"

#include <charconv>

namespace freshet::redis {
namespace {

constexpr std::size_t kSourceDigits = 16;
constexpr std::size_t kPartitionDigits = 10;
constexpr std::size_t kOffsetDigits = 19;
constexpr std::size_t kMarkBytes = kSourceDigits + 1 + kPartitionDigits + 1 + kOffsetDigits;

void appendPadded(std::string& out, std::uint64_t number, std::size_t digits, int base) {
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, number, base).ptr;
  const auto size = static_cast<std::size_t>(end - text);
  out.append(digits > size ? digits - size : 0, '0').append(text, size);
}

template <class Number>
bool readPadded(std::string_view text, Number& number, int base) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, base);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

// 28 bytes of a mark name the partition, the other 19 are the offset.
const std::string_view kWriteScript = R"(
local old = redis.call('MGET', unpack(KEYS))
local fresh, out, n = {}, {}, 0
for i, key in ipairs(KEYS) do
  local mark, json = ARGV[2 * i - 1], ARGV[2 * i]
  local was, applied, isReplay = fresh[key] or old[i], '', false
  if was and string.sub(was, 1, 3) == 'f1|' then
    local stop = string.find(was, '|', 4, true)
    if stop then applied = string.sub(was, 4, stop - 1) end
  end
  if mark ~= '' then
    local at = string.find(applied, string.sub(mark, 1, 28), 1, true)
    if not at then
      applied = applied == '' and mark or applied .. ',' .. mark
    elseif string.sub(applied, at + 28, at + 46) >= string.sub(mark, 29) then
      isReplay = true
    else
      applied = string.sub(applied, 1, at - 1) .. mark .. string.sub(applied, at + 47)
    end
  end
  if not isReplay then
    local value = 'f1|' .. applied .. '|' .. json
    fresh[key] = value
    out[n + 1], out[n + 2] = key, value
    n = n + 2
  end
end
if n > 0 then redis.call('MSET', unpack(out)) end
return n / 2
)";

void appendMark(std::string& out, std::uint64_t source, std::int32_t partition,
                std::int64_t offset) {
  appendPadded(out, source, kSourceDigits, 16);
  out += ':';
  appendPadded(out, static_cast<std::uint32_t>(partition), kPartitionDigits, 10);
  out += ':';
  appendPadded(out, static_cast<std::uint64_t>(offset), kOffsetDigits, 10);
}

profile::StoredProfile unpack(std::string_view value, Arena& arena) {
  profile::StoredProfile stored;
  stored.json = value;
  if (!value.starts_with(kFormat)) return stored;
  const std::size_t stop = value.find('|', kFormat.size());
  if (stop == std::string_view::npos) return stored;
  std::string_view marks = value.substr(kFormat.size(), stop - kFormat.size());
  stored.json = value.substr(stop + 1);
  const auto applied = arena.array<profile::AppliedPosition>((marks.size() + 1) / (kMarkBytes + 1));
  for (profile::AppliedPosition& position : applied) {
    readPadded(marks.substr(0, kSourceDigits), position.source, 16);
    readPadded(marks.substr(kSourceDigits + 1, kPartitionDigits), position.partition, 10);
    readPadded(marks.substr(kMarkBytes - kOffsetDigits, kOffsetDigits), position.offset, 10);
    stored.version = std::max(stored.version, position.offset + 1);
    marks.remove_prefix(std::min(marks.size(), kMarkBytes + 1));
  }
  stored.applied = applied;
  return stored;
}

}  // namespace freshet::redis
