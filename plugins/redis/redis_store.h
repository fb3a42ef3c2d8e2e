// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/profile/profile_store.h"
#include "core/spec/catalog.h"
#include "plugins/redis/link.h"

namespace freshet::redis {

struct StoreSettings {
  Address address;
  int timeoutMs = 2000;
  std::string prefix;
};

/// Profiles in Redis, one packed string a key. Any thread: each call takes a connection of its own
/// from a pool, so lanes never wait for one another. After an error the connection is dropped; a
/// new one is made by a later call, after a pause that grows to two seconds.
class RedisStore final : public profile::ProfileStore {
 public:
  explicit RedisStore(StoreSettings settings);

  Status read(std::span<const std::string_view> keys, std::span<profile::StoredProfile> out,
              Arena& arena) override;
  Status write(std::span<const profile::ProfileWrite> writes) override;
  std::unique_ptr<profile::PendingWrite> startWrite(
      std::span<const profile::ProfileWrite> writes) override;
  Status scan(
      std::size_t most,
      const std::function<bool(std::string_view key, std::string_view json)>& visit) override;
  Result<std::uint64_t> fence(std::uint64_t source, std::int32_t partition,
                              std::uint64_t known) override;
  std::uint64_t arrived(std::uint64_t source, std::int32_t partition) override;
  Status rebuilt(std::uint64_t source, std::int32_t partition) override;
  /// Reaches the server once: "E-3201" or "E-3204" if that fails.
  Status probe();

 private:
  using Links = std::vector<std::unique_ptr<Link>>;
  using Writes = std::span<const profile::ProfileWrite>;
  using Partition = std::pair<std::uint64_t, std::int32_t>;  ///< of which source

  Status withLink(const std::function<Status(Link&)>& work);
  Result<std::unique_ptr<Link>> connect();
  Status readAll(Link& link, std::span<const std::string_view> keys,
                 std::span<profile::StoredProfile> out, Arena& arena);
  class Writing;
  std::unique_ptr<Link> takeIdle();
  void giveBack(std::unique_ptr<Link> link);
  /// The scripts of these writes have the pulses from `pulse` on.
  Status sendWrites(Link& link, Writes writes, std::uint64_t pulse);
  Status receiveWrites(Link& link, Writes writes, std::uint64_t pulse);
  std::uint64_t takePulses(std::size_t writes);
  void putWrites(Link& link, std::string_view command, std::string_view script, Writes writes,
                 std::uint64_t pulse);
  void putGroup(Link& link, std::string_view command, std::string_view script, Writes writes,
                std::uint64_t pulse);
  Result<std::string> ask(std::string_view script, std::span<const std::string> keys,
                          std::span<const std::string> arguments);
  std::string fenceKey(const Partition& partition) const;
  Status scanAll(Link& link, std::size_t most,
                 const std::function<bool(std::string_view, std::string_view)>& visit,
                 std::unordered_set<std::string>& seen);
  Error unexpected(const Reply& reply) const;
  void addKey(Link& link, std::string_view key);

  StoreSettings m_settings;
  std::string m_scriptDigest;
  std::string m_groupDigest;
  std::mutex m_mutex;
  Links m_idle;
  int m_failures = 0;
  std::int64_t m_notBeforeNs = 0;
  Error m_lastFailure;
  std::uint64_t m_pulse = 0;
  std::map<Partition, std::uint64_t> m_arrived;  ///< the last pulse of each that is known
};

spec::ConnectionSpec connectionSpec();
profile::ProfileStoreType profileStoreType();

}  // namespace freshet::redis
