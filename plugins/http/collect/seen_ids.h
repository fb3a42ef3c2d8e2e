// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"

namespace freshet::http {

/// The newest 262,144 ids that senders gave their events, so that one sent again because its answer
/// was lost is not taken twice. They survive a killed process (a file mapped into memory), not a
/// power cut. Any thread.
class SeenIds {
 public:
  static constexpr std::size_t kCount = 1 << 18;
  enum class Claim { New, UnderWay, Safe };

  /// In a folder that exists; empty: in memory only.
  static Result<std::unique_ptr<SeenIds>> open(const std::string& folder);
  ~SeenIds();
  SeenIds(const SeenIds&) = delete;
  SeenIds& operator=(const SeenIds&) = delete;

  /// A number for a person's event; never 0.
  static std::uint64_t of(std::string_view person, std::string_view messageId);
  /// New: it is under way from now on, until `keep` or `forget`.
  Claim claim(std::uint64_t id);
  /// Their events are on disk. Earlier, and a crash between the two would lose the event.
  void keep(std::span<const std::uint64_t> ids);
  void forget(std::span<const std::uint64_t> ids);
  bool areSafe(std::span<const std::uint64_t> ids) const;

 private:
  SeenIds() = default;
  void insert(std::uint64_t id);

  mutable std::mutex m_mutex;
  std::unordered_set<std::uint64_t> m_underWay;
  std::unordered_set<std::uint64_t> m_safe;
  std::vector<std::uint64_t> m_memory;
  std::span<std::uint64_t> m_ring;  ///< its first: where the next one goes; then ids, 0: none
  void* m_mapped = nullptr;
};

}  // namespace freshet::http
