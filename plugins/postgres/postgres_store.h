// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/profile/profile_store.h"
#include "plugins/postgres/link.h"

namespace freshet::postgres {

/// Profiles in a table, one row a key (README.md). Any thread: each call takes a link of its own
/// from a pool. After an error the link is dropped; a new one is made by a later call, after a
/// pause that grows to two seconds.
class PostgresStore final : public profile::ProfileStore {
 public:
  PostgresStore(Address address, std::string table);

  Status read(std::span<const std::string_view> keys, std::span<profile::StoredProfile> out,
              Arena& arena) override;
  Status write(std::span<const profile::ProfileWrite> writes) override;
  Status scan(
      std::size_t most,
      const std::function<bool(std::string_view key, std::string_view json)>& visit) override;
  /// Reaches the server once and makes the table where it is not there.
  Status probe();

 private:
  Status withLink(const std::function<Status(Link&)>& work);
  Result<std::unique_ptr<Link>> connect();
  Status prepare(Link& link) const;
  Status readSome(Link& link, std::span<const std::string_view> keys,
                  std::span<profile::StoredProfile> out, Arena& arena);
  Status writeSome(Link& link, std::span<const profile::ProfileWrite> writes);

  Address m_address;
  std::string m_table;
  std::mutex m_mutex;
  std::vector<std::unique_ptr<Link>> m_idle;
  int m_failures = 0;
  std::int64_t m_notBeforeNs = 0;
  Error m_lastFailure;
};

profile::ProfileStoreType profileStoreType();

}  // namespace freshet::postgres
