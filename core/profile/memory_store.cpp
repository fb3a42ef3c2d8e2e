// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/memory_store.h"

#include <algorithm>

#include "core/record/json.h"

namespace freshet::profile {

Status MemoryStore::read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
                         Arena& arena) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto found = m_entries.find(keys[i]);
    if (found == m_entries.end()) ++m_unknown;
    if (found == m_entries.end() || found->second.json.empty()) {
      out[i] = {};
      continue;
    }
    const auto applied = arena.array<AppliedPosition>(found->second.applied.size());
    std::ranges::copy(found->second.applied, applied.begin());
    out[i] = {arena.copy(found->second.json, record::kJsonPadding), 0, applied};
  }
  return {};
}

Status MemoryStore::write(std::span<const ProfileWrite> writes) {
  for (const ProfileWrite& write : writes) {
    Entry& entry = m_entries[std::string(write.key)];
    entry.json = write.json;
    entry.isWritten = true;
  }
  return {};
}

Status MemoryStore::scan(std::size_t most,
                         const std::function<bool(std::string_view, std::string_view)>& visit) {
  for (const auto& [key, entry] : m_entries) {
    if (entry.json.empty()) continue;
    if (most-- == 0 || !visit(key, entry.json)) break;
  }
  return {};
}

void MemoryStore::put(std::string_view key, std::string_view json,
                      std::span<const AppliedPosition> applied) {
  Entry& entry = m_entries[std::string(key)];
  entry.json = json;
  entry.applied.assign(applied.begin(), applied.end());
}

void MemoryStore::settle() {
  for (auto& [key, entry] : m_entries) entry.isWritten = false;
}

std::map<std::string, std::string> MemoryStore::written() const {
  std::map<std::string, std::string> written;
  for (const auto& [key, entry] : m_entries) {
    if (entry.isWritten) written[key] = entry.json;
  }
  return written;
}

}  // namespace freshet::profile
