// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/state_table.h"

#include <algorithm>

namespace freshet::runtime {

Status StateTable::get(std::span<const stage::StateKey> keys, std::span<std::string_view> values) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    values[i] = {};
    const auto shard = m_shards.find(keys[i].shard);
    if (shard == m_shards.end()) continue;
    const auto entry = shard->second.find(keys[i].key);
    if (entry != shard->second.end() && !entry->second.bytes.empty())
      values[i] = entry->second.bytes;
  }
  return {};
}

StateTable::Entry& StateTable::touch(const stage::StateKey& key) {
  Shard& shard = m_shards[key.shard];
  auto found = shard.find(key.key);
  if (found == shard.end()) found = shard.emplace(std::string(key.key), Entry{}).first;
  m_undo.push_back({key.shard, found->first, found->second.bytes, found->second.timerMs});
  if (!found->second.isDirty) {
    found->second.isDirty = true;
    m_dirty.emplace_back(key.shard, found->first);
  }
  return found->second;
}

void StateTable::put(const stage::StateKey& key, std::string_view bytes) {
  touch(key).bytes.assign(bytes);
}

void StateTable::remove(const stage::StateKey& key) {
  touch(key).bytes.clear();
}

void StateTable::moveTimer(std::uint32_t shard, std::string_view key, Entry& entry, TimeMs atMs) {
  auto& timers = m_timers[shard];
  if (entry.timerMs != StateRow::kNoTimer) timers.erase({entry.timerMs, std::string(key)});
  entry.timerMs = atMs;
  if (atMs != StateRow::kNoTimer) timers.emplace(atMs, key);
}

void StateTable::setTimer(const stage::StateKey& key, TimeMs atMs) {
  moveTimer(key.shard, key.key, touch(key), atMs);
}

void StateTable::clearTimer(const stage::StateKey& key) {
  moveTimer(key.shard, key.key, touch(key), StateRow::kNoTimer);
}

void StateTable::rollback() {
  for (auto undo = m_undo.rbegin(); undo != m_undo.rend(); ++undo) {
    Entry& entry = m_shards[undo->shard][undo->key];
    moveTimer(undo->shard, undo->key, entry, undo->timerMs);
    entry.bytes = std::move(undo->bytes);
  }
  m_undo.clear();
}

void StateTable::takeDue(std::uint32_t shard, TimeMs watermark, Arena& arena,
                         std::vector<stage::Timer>& due) {
  const auto found = m_timers.find(shard);
  if (found == m_timers.end()) return;
  auto& timers = found->second;
  while (!timers.empty() && timers.begin()->first <= watermark) {
    const std::string_view key = arena.copy(timers.begin()->second);
    due.push_back({shard, key, timers.begin()->first});
    clearTimer({shard, key});
  }
}

TimeMs StateTable::nextTimer() const {
  TimeMs next = INT64_MAX;
  for (const auto& [shard, timers] : m_timers) {
    if (!timers.empty()) next = std::min(next, timers.begin()->first);
  }
  return next;
}

void StateTable::load(StateRow row) {
  if (row.timerMs != StateRow::kNoTimer) m_timers[row.shard].emplace(row.timerMs, row.key);
  m_shards[row.shard].insert_or_assign(std::move(row.key),
                                       Entry{std::move(row.bytes), row.timerMs, false});
}

void StateTable::dropShard(std::uint32_t shard) {
  m_shards.erase(shard);
  m_timers.erase(shard);
}

std::vector<StateRow> StateTable::takeChanges() {
  std::vector<StateRow> rows;
  rows.reserve(m_dirty.size());
  for (auto& [shardId, key] : m_dirty) {
    Shard& shard = m_shards[shardId];
    const auto found = shard.find(key);
    if (found == shard.end()) continue;
    found->second.isDirty = false;
    rows.push_back({shardId, key, found->second.bytes, found->second.timerMs});
    if (rows.back().isGone()) shard.erase(found);
  }
  m_dirty.clear();
  return rows;
}

std::vector<StateRow> StateTable::rows(std::uint32_t shardId) const {
  std::vector<StateRow> rows;
  const auto shard = m_shards.find(shardId);
  if (shard == m_shards.end()) return rows;
  for (const auto& [key, entry] : shard->second) {
    StateRow row{shardId, key, entry.bytes, entry.timerMs};
    if (!row.isGone()) rows.push_back(std::move(row));
  }
  std::ranges::sort(rows, {}, &StateRow::key);
  return rows;
}

}  // namespace freshet::runtime
