// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/profile_store.h"
#include "core/profile/sqlite.h"

namespace freshet::profile {

/// Profiles in the run's own SQLite database, so that a checkpoint and the profiles it wrote are
/// one transaction. `write` expects to be called inside that transaction, with the mutex held;
/// `read` and `scan` take the mutex themselves.
class EmbeddedStore final : public ProfileStore {
 public:
  static Result<std::shared_ptr<EmbeddedStore>> open(std::shared_ptr<Database> database,
                                                     std::string_view connection);

  Status read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
              Arena& arena) override;
  Status write(std::span<const ProfileWrite> writes) override;
  bool joinsCheckpoint() const override { return true; }
  Status scan(std::size_t most,
              const std::function<bool(std::string_view, std::string_view)>& visit) override;

 private:
  std::shared_ptr<Database> m_database;
  std::shared_ptr<Database> m_reader;
  std::string m_connection;
  Statement m_select;
  Statement m_upsert;
  Statement m_scan;
};

/// Imports NDJSON people ({"id": …} a line) in batches; returns how many.
Result<std::size_t> importPeople(ProfileStore& store, std::string_view ndjson);

}  // namespace freshet::profile
