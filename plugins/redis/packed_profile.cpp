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

// 28 bytes of a mark name the partition, the other 19 are the offset. What a group wrote (f2) has
// seen all before its `next`.
const std::string_view kWriteScript = R"(
local old = redis.call('MGET', unpack(KEYS))
local fresh, out, n = {}, {}, 0
for i, key in ipairs(KEYS) do
  local mark, json = ARGV[2 * i - 1], ARGV[2 * i]
  local was, applied, isReplay = fresh[key] or old[i], '', false
  if was and string.sub(was, 1, 3) == 'f1|' then
    local stop = string.find(was, '|', 4, true)
    if stop then applied = string.sub(was, 4, stop - 1) end
  elseif was and string.sub(was, 1, 3) == 'f2|' then
    local upTo = (tonumber(string.sub(was, 66, 84)) or 0) - 1
    if upTo >= 0 then applied = string.sub(was, 4, 31) .. string.format('%019.0f', upTo) end
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

// 44 characters behind "f2|" name partition and epoch; next and tick are the last 30 of the mark. A
// late copy of an earlier write, from a connection that broke, changes nothing. (Redis puts ERR
// before an error of one word.)
const std::string_view kGroupScript = R"(
local fences, pulse = tonumber(ARGV[1]), ARGV[2]
local beats = {}
for i = 1, fences do
  local epoch, known = ARGV[1 + 2 * i], ARGV[2 + 2 * i]
  local held, seen = string.match(redis.call('GET', KEYS[i]) or '', '^(%d+)|?(%d*)$')
  held, seen = tonumber(held) or 0, tonumber(seen) or 0
  if held > tonumber(epoch) then return redis.error_reply('FENCED by a later worker') end
  if held < tonumber(epoch) or seen < tonumber(known) then return redis.error_reply('LOST what had arrived') end
  if tonumber(pulse) > seen then beats[i] = epoch .. '|' .. pulse end
end
local keys, out, n = {}, {}, 0
for i = fences + 1, #KEYS do keys[i - fences] = KEYS[i] end
local old = redis.call('MGET', unpack(keys))
for i, key in ipairs(keys) do
  local value, was = ARGV[2 + 2 * fences + i], old[i]
  local isLate = was and string.sub(was, 1, 47) == string.sub(value, 1, 47) and
                 string.sub(was, 66, 95) > string.sub(value, 66, 95)
  if not isLate then
    out[n + 1], out[n + 2] = key, value
    n = n + 2
  end
end
if n > 0 then redis.call('MSET', unpack(out)) end
for i, beat in pairs(beats) do redis.call('SET', KEYS[i], beat) end
return n / 2
)";

const std::string_view kFenceScript = R"(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local held, seen = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+)|?(%d*)$')
held, seen = tonumber(held) or 0, tonumber(seen) or 0
local known = tonumber(ARGV[1])
if math.max(seen, tonumber(redis.call('GET', KEYS[2]) or '0')) < known then
  return redis.error_reply('LOST what had arrived')
end
seen = math.max(seen, known)
local epoch = string.format('%.0f', math.max(held + 1, seen + 1, now))
redis.call('SET', KEYS[1], epoch .. '|' .. string.format('%.0f', seen))
return epoch
)";

const std::string_view kRebuiltScript = R"(
local time = redis.call('TIME')
redis.call('SET', KEYS[1], string.format('%.0f', time[1] * 1000000 + time[2]))
return 'OK'
)";

void appendGrouped(std::string& out, const profile::GroupMark& mark, std::string_view before,
                   std::string_view json) {
  out += kGroupFormat;
  appendPadded(out, mark.source, 16, 16);
  out += ':';
  appendPadded(out, static_cast<std::uint32_t>(mark.partition), 10, 10);
  out += ':';
  appendPadded(out, mark.epoch, 16, 10);
  out += ':';
  appendPadded(out, mark.group, 16, 10);
  out += ':';
  appendPadded(out, static_cast<std::uint64_t>(mark.next), 19, 10);
  out += ':';
  appendPadded(out, mark.tick, 10, 10);
  out += '|';
  appendPadded(out, before.size(), 10, 10);
  out += '|';
  out += before;
  out += json;
}

namespace {

constexpr std::size_t kGroupMarkBytes = 92;
constexpr std::size_t kGroupHeadBytes = 3 + kGroupMarkBytes + 1 + 10 + 1;

/// Nothing if the value is not as `appendGrouped` makes it.
bool unpackGrouped(std::string_view value, profile::StoredProfile& stored, Arena& arena) {
  if (value.size() < kGroupHeadBytes) return false;
  profile::GroupMark& mark = stored.mark;
  std::size_t size = 0;
  const auto read = [&](std::size_t from, std::size_t digits, auto& number, int base) {
    return readPadded(value.substr(from, digits), number, base);
  };
  const bool isGood = read(3, 16, mark.source, 16) && read(20, 10, mark.partition, 10) &&
                      read(31, 16, mark.epoch, 10) && read(48, 16, mark.group, 10) &&
                      read(65, 19, mark.next, 10) && read(85, 10, mark.tick, 10) &&
                      read(96, 10, size, 10);
  if (!isGood || size > value.size() - kGroupHeadBytes) {
    mark = {};
    return false;
  }
  stored.before = value.substr(kGroupHeadBytes, size);
  stored.json = value.substr(kGroupHeadBytes + size);
  stored.version = mark.next;
  const auto applied = arena.array<profile::AppliedPosition>(1);
  applied[0] = {mark.source, mark.partition, mark.next - 1};
  stored.applied = applied;
  return true;
}

}  // namespace

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
  if (value.starts_with(kGroupFormat) && unpackGrouped(value, stored, arena)) return stored;
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
