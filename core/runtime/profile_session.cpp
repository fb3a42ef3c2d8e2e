// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/profile_session.h"

#include <algorithm>
#include <utility>

namespace freshet::runtime {
namespace {

// Clean profiles kept beyond this are forgotten: they can be read again.
constexpr std::size_t kMostKeptBytes = 64 << 20;

}  // namespace

bool ProfileSession::Current::hasSeen(std::uint64_t from, std::int32_t at,
                                      std::int64_t upTo) const {
  return std::ranges::any_of(applied, [&](const profile::AppliedPosition& position) {
    return position.source == from && position.partition == at && position.offset >= upTo;
  });
}

Status ProfileSession::fetch(std::span<const std::string_view> keys, Arena& arena) {
  m_missing.clear();
  m_missingGroups.clear();
  const auto parsed = [&](std::string_view json) {
    const auto value = json.empty() ? record::Value() : m_reader.read(json, arena);
    return value ? *value : record::Value();
  };
  for (const std::string_view key : keys) {
    const std::uint32_t group = m_keys.add(key);
    if (group < m_current.size()) continue;
    m_current.push_back({});
    if (m_store->joinsCheckpoint()) {
      const auto kept = m_kept.find(std::string(key));
      if (kept != m_kept.end()) {
        const std::size_t size = kept->second.json.size() - record::kJsonPadding;
        m_current.back().value =
            parsed(arena.copy({kept->second.json.data(), size}, record::kJsonPadding));
        continue;
      }
    }
    m_missing.push_back(key);
    m_missingGroups.push_back(group);
  }
  if (m_missing.empty()) return {};
  m_stored.resize(m_missing.size());
  Status status = settle();
  if (status) status = m_store->read(m_missing, m_stored, arena);
  if (!status) {
    abandon();
    return status;
  }
  for (std::size_t i = 0; i < m_missing.size(); ++i) {
    Current& current = m_current[m_missingGroups[i]];
    current.value = parsed(standing(m_stored[i], current));
    // A group's may have to be done again: `standing` says what counts of it.
    const bool isGroups = !m_holds.empty() && m_stored[i].mark.epoch > 0;
    current.applied = isGroups ? std::span<const profile::AppliedPosition>() : m_stored[i].applied;
    if (!m_store->joinsCheckpoint()) continue;
    Kept& kept = m_kept[std::string(m_missing[i])];
    kept.json.assign(m_stored[i].json).append(record::kJsonPadding, '\0');
    m_keptBytes += kept.json.size() + m_missing[i].size();
  }
  return {};
}

Status ProfileSession::hold(std::uint32_t shard, std::int32_t partition, const Committed& at) {
  letGo(shard);
  if (m_store->joinsCheckpoint()) return {};
  const std::uint64_t source = sourceOf(shard);
  auto epoch = m_store->fence(source, partition, at.arrived);
  if (!epoch) return epoch.error();
  if (*epoch > 0) m_holds.push_back({shard, source, partition, *epoch, at});
  return {};
}

void ProfileSession::letGo(std::uint32_t shard) {
  std::erase_if(m_holds, [&](const Hold& hold) { return hold.shard == shard; });
}

std::string_view ProfileSession::standing(const profile::StoredProfile& stored,
                                          Current& current) const {
  const profile::GroupMark& mark = stored.mark;
  const auto hold = std::ranges::find_if(m_holds, [&](const Hold& each) {
    return each.source == mark.source && each.partition == mark.partition;
  });
  std::string_view json = stored.json;
  const bool isOurs = hold != m_holds.end() && hold->epoch == mark.epoch;
  if (mark.epoch > 0 && hold != m_holds.end() && !isOurs) {
    // Whoever wrote it before us had come further than was ever committed.
    const bool isBeyond = std::pair(mark.next, mark.tick) > std::pair(hold->at.next, hold->at.tick);
    if (mark.epoch < hold->at.resetUs) {
      current.seen = mark.next;
    } else if (isBeyond) {
      json = stored.before;
    }
  }
  current.before = isOurs && mark.group == m_group ? stored.before : json;
  return json;
}

record::Value ProfileSession::read(std::string_view key) {
  const std::uint32_t group = m_keys.add(key);
  if (group >= m_current.size()) m_current.resize(group + 1);
  return m_current[group].value;
}

Status ProfileSession::write(std::string_view key, const record::Value& profile,
                             const record::Origin& by) {
  const std::uint32_t group = m_keys.add(key);
  if (group >= m_current.size()) m_current.resize(group + 1);
  Current& current = m_current[group];
  const auto hold = std::ranges::find(m_holds, by.shard, &Hold::shard);
  if (hold != m_holds.end()) {
    // What a timer makes, and a letter that goes round again, becomes true with its group.
    const bool isPlaceless = by.ordinal == record::Origin::kNoOrdinal || by.retry > 0;
    const bool isSeen =
        by.offset < current.seen || current.hasSeen(hold->source, hold->partition, by.offset);
    if (!isPlaceless && isSeen) return {};
    const auto [next, tick] = isPlaceless && m_standing
                                  ? m_standing(by.shard)
                                  : std::pair<std::int64_t, std::uint64_t>(by.offset + 1, 0);
    current.mark = {hold->source, hold->partition, hold->epoch, m_group, next, tick};
    current.value = profile;
    current.isDirty = true;
    return {};
  }
  // What a timer makes has no position of its own: its origin's offset is an old one. So is that of
  // a letter that goes round again, but its ticket is its position in an order of their own.
  if (by.ordinal != record::Origin::kNoOrdinal || by.retry > 0) {
    const std::uint64_t source = by.retry > 0 ? ~sourceOf(by.shard) : sourceOf(by.shard);
    const std::int64_t offset = by.retry > 0 ? by.retry : by.offset;
    if (current.hasSeen(source, by.partition, offset)) return {};
    current.source = source;
    current.partition = by.partition;
    current.offset = offset;
  }
  current.value = profile;
  current.isDirty = true;
  return {};
}

std::uint64_t ProfileSession::sourceOf(std::uint32_t shard) {
  if (shard >= m_sources.size()) m_sources.resize(shard + 1, 0);
  if (m_sources[shard] == 0) m_sources[shard] = m_sourceOf(shard);
  return m_sources[shard];
}

Status ProfileSession::flush() {
  if (auto status = settle(); !status) return status;
  collectWrites();
  if (m_store->joinsCheckpoint()) {
    for (const profile::ProfileWrite& write : m_writes) {
      auto& entry = *m_kept.try_emplace(std::string(write.key)).first;
      entry.second.json.assign(write.json).append(record::kJsonPadding, '\0');
      if (!std::exchange(entry.second.isDirty, true)) m_dirty.push_back(&entry);
    }
  } else if (!m_writes.empty()) {
    m_pending = m_store->startWrite(m_writes);
    m_isOwed = !m_pending;
    if (m_isOwed) {
      if (auto status = settle(); !status) return status;
    }
  }
  m_keys.clear();
  m_current.clear();
  return {};
}

/// What has changed into m_writes, in memory of our own: the batch may end before it has arrived.
void ProfileSession::collectWrites() {
  m_writes.clear();
  m_bytes.clear();
  std::vector<std::size_t> ends;
  for (std::uint32_t group = 0; group < m_current.size(); ++group) {
    const Current& current = m_current[group];
    if (!current.isDirty) continue;
    m_bytes += m_keys.keys()[group];
    ends.push_back(m_bytes.size());
    record::writeJson(current.value, m_bytes);
    ends.push_back(m_bytes.size());
    m_bytes += current.before;
    ends.push_back(m_bytes.size());
    m_writes.push_back(
        {{}, {}, current.partition, current.offset, current.source, current.mark, {}});
  }
  std::size_t at = 0;
  const auto next = [&](std::size_t end) {
    const std::size_t from = std::exchange(at, end);
    return std::string_view(m_bytes).substr(from, end - from);
  };
  for (std::size_t i = 0; i < m_writes.size(); ++i) {
    m_writes[i].key = next(ends[3 * i]);
    m_writes[i].json = next(ends[3 * i + 1]);
    m_writes[i].before = next(ends[3 * i + 2]);
  }
}

Status ProfileSession::settle() {
  if (m_pending) m_isOwed = !std::exchange(m_pending, nullptr)->wait();
  if (!m_isOwed) return {};
  if (auto status = m_store->write(m_writes); !status) return status;
  m_isOwed = false;
  return {};
}

void ProfileSession::abandon() {
  m_keys.clear();
  m_current.clear();
}

void ProfileSession::discard() {
  abandon();
  m_pending.reset();
  m_isOwed = false;
  m_dirty.clear();
  m_kept.clear();
  m_keptBytes = 0;
}

std::span<const profile::ProfileWrite> ProfileSession::checkpointWrites() {
  m_writes.clear();
  for (const auto* entry : m_dirty) {
    const std::string& json = entry->second.json;
    m_writes.push_back({entry->first, {json.data(), json.size() - record::kJsonPadding}, 0, -1});
  }
  return m_writes;
}

Status ProfileSession::writeCheckpoint() {
  return m_store->write(checkpointWrites());
}

void ProfileSession::checkpointDone() {
  for (auto* entry : m_dirty) entry->second.isDirty = false;
  m_dirty.clear();
  if (m_keptBytes > kMostKeptBytes) {
    m_kept.clear();
    m_keptBytes = 0;
  }
}

}  // namespace freshet::runtime
