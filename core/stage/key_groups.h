// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace freshet::stage {

/// Groups the records of a batch by key without allocating in the steady state: feed keys in order,
/// get a dense group number for each. Keys must stay valid until clear().
class KeyGroups {
 public:
  void clear();
  /// The group of `key`; a new one if it was not seen since clear().
  std::uint32_t add(std::string_view key);
  std::span<const std::string_view> keys() const { return m_keys; }

 private:
  void grow();

  std::vector<std::string_view> m_keys;
  std::vector<std::uint64_t> m_hashes;
  std::vector<std::uint32_t> m_table;  ///< group + 1, open addressing, power of two
};

}  // namespace freshet::stage
