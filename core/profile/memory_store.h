// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/profile/profile_store.h"

namespace freshet::profile {

/// Profiles in memory: of a lane that is driven by hand. One thread.
class MemoryStore final : public ProfileStore {
 public:
  Status read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
              Arena& arena) override;
  Status write(std::span<const ProfileWrite> writes) override;
  Status scan(std::size_t most,
              const std::function<bool(std::string_view, std::string_view)>& visit) override;

  /// As if somebody else had written it; empty: it is gone.
  void put(std::string_view key, std::string_view json, std::span<const AppliedPosition> applied);
  /// From here on nothing counts as written yet: these were the first people.
  void settle();
  /// What was written, by key.
  std::map<std::string, std::string> written() const;
  /// How often a key was read that nobody had put or written.
  std::uint64_t unknown() const { return m_unknown; }

 private:
  struct Entry {
    std::string json;
    std::vector<AppliedPosition> applied;
    bool isWritten = false;
  };
  std::map<std::string, Entry, std::less<>> m_entries;
  std::uint64_t m_unknown = 0;
};

}  // namespace freshet::profile
