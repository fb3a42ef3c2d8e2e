// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/redis_store.h"

#include <algorithm>
#include <charconv>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/spec/config.h"
#include "plugins/redis/packed_profile.h"

namespace freshet::redis {
namespace {

using profile::ProfileWrite;
using profile::StoredProfile;
using spec::field;
using spec::FieldType;

constexpr std::size_t kKeysOfARead = 512;
constexpr std::size_t kKeysOfAWrite = 256;
constexpr std::int64_t kFirstPauseNs = 50'000'000;
constexpr std::int64_t kLongestPauseNs = 2'000'000'000;
constexpr std::int64_t kScanBudgetNs = 2'000'000'000;
constexpr std::string_view kScanCount = "1000";
constexpr std::string_view kFencePrefix = "freshet:fence:";
constexpr std::string_view kRebuiltSuffix = ":rebuilt";

std::string globEscaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("*?[]^-\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

bool isGrouped(std::span<const ProfileWrite> writes) {
  return !writes.empty() && writes.front().mark.epoch > 0;
}

/// The partitions of a script's writes, each once.
std::vector<const profile::GroupMark*> partitionsOf(std::span<const ProfileWrite> writes) {
  std::vector<const profile::GroupMark*> partitions;
  for (const ProfileWrite& write : writes) {
    const bool isKnown = std::ranges::any_of(partitions, [&](const profile::GroupMark* known) {
      return known->source == write.mark.source && known->partition == write.mark.partition;
    });
    if (!isKnown) partitions.push_back(&write.mark);
  }
  return partitions;
}

template <class T>
std::span<const T> chunk(std::span<const T> all, std::size_t from, std::size_t most) {
  return all.subspan(from, std::min(most, all.size() - from));
}

}  // namespace

RedisStore::RedisStore(StoreSettings settings) : m_settings(std::move(settings)) {}

Result<std::unique_ptr<Link>> RedisStore::connect() {
  {
    const std::scoped_lock lock(m_mutex);
    if (monotonicNs() < m_notBeforeNs) return m_lastFailure;
  }
  auto link = Link::open(m_settings.address, m_settings.timeoutMs);
  Status status = link ? Status() : Status(link.error());
  std::string digest;
  std::string groupDigest;
  if (link) {
    for (const std::string_view script : {kWriteScript, kGroupScript}) {
      (*link)->begin(3);
      (*link)->add("SCRIPT");
      (*link)->add("LOAD");
      (*link)->add(script);
    }
    status = (*link)->send();
    Arena arena(1024);
    for (std::string* into : {&digest, &groupDigest}) {
      if (!status.ok()) break;
      auto reply = (*link)->receive(arena);
      if (!reply) {
        status = reply.error();
      } else if (const Leaf* complaint = (*reply)->error()) {
        status = serverError(m_settings.address.name(), complaint->text);
      } else {
        *into = (*reply)->leaves.at(0).text;
      }
    }
  }
  const std::scoped_lock lock(m_mutex);
  if (status.ok()) {
    m_failures = 0;
    m_notBeforeNs = 0;
    m_scriptDigest = std::move(digest);
    m_groupDigest = std::move(groupDigest);
    return link;
  }
  const int doublings = std::min(m_failures++, 6);
  m_notBeforeNs = monotonicNs() + std::min(kLongestPauseNs, kFirstPauseNs << doublings);
  m_lastFailure = status.error();
  return m_lastFailure;
}

std::unique_ptr<Link> RedisStore::takeIdle() {
  const std::scoped_lock lock(m_mutex);
  if (m_idle.empty()) return {};
  std::unique_ptr<Link> link = std::move(m_idle.back());
  m_idle.pop_back();
  return link;
}

void RedisStore::giveBack(std::unique_ptr<Link> link) {
  const std::scoped_lock lock(m_mutex);
  m_idle.push_back(std::move(link));
}

Status RedisStore::withLink(const std::function<Status(Link&)>& work) {
  std::unique_ptr<Link> link = takeIdle();
  for (bool isFresh = !link;; isFresh = true) {
    if (!link) {
      auto opened = connect();
      if (!opened) return opened.error();
      link = std::move(*opened);
    }
    Status status = work(*link);
    if (status.ok()) {
      giveBack(std::move(link));
      return status;
    }
    link.reset();
    // A connection that had rested may have been closed meanwhile: once more on a new one. Both
    // reads and guarded writes may be repeated.
    if (isFresh || status.error().code != "E-3202") return status;
    const std::scoped_lock lock(m_mutex);
    m_idle.clear();
  }
}

Status RedisStore::probe() {
  return withLink([](Link&) { return Status(); });
}

void RedisStore::addKey(Link& link, std::string_view key) {
  if (m_settings.prefix.empty()) {
    link.add(key);
  } else {
    link.add(m_settings.prefix + std::string(key));
  }
}

Error RedisStore::unexpected(const Reply& reply) const {
  if (const Leaf* complaint = reply.error()) {
    if (complaint->text.starts_with("FENCED")) {
      return {std::string(profile::kFencedCode),
              "Another worker has taken these profiles' partition over", "", Retry::Fatal};
    }
    // The group is given up; whoever takes the partition again is told what that means.
    if (complaint->text.starts_with("LOST")) {
      return {std::string(profile::kFencedCode),
              "Redis at " + m_settings.address.name() + " has lost writes that had arrived", "",
              Retry::Fatal};
    }
    return serverError(m_settings.address.name(), complaint->text);
  }
  return {"E-3202",
          "Redis at " + m_settings.address.name() + " answers something else than it was asked",
          {},
          Retry::Later};
}

Status RedisStore::read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
                        Arena& arena) {
  if (keys.empty()) return {};
  return withLink([&](Link& link) { return readAll(link, keys, out, arena); });
}

Status RedisStore::readAll(Link& link, std::span<const std::string_view> keys,
                           std::span<StoredProfile> out, Arena& arena) {
  for (std::size_t from = 0; from < keys.size(); from += kKeysOfARead) {
    const auto part = chunk(keys, from, kKeysOfARead);
    link.begin(part.size() + 1);
    link.add("MGET");
    for (const std::string_view key : part) addKey(link, key);
  }
  if (auto status = link.send(); !status) return status;
  for (std::size_t from = 0; from < keys.size(); from += kKeysOfARead) {
    const auto part = chunk(keys, from, kKeysOfARead);
    auto reply = link.receive(arena);
    if (!reply) return reply.error();
    if (!(*reply)->isArray || (*reply)->leaves.size() != part.size()) return unexpected(**reply);
    for (std::size_t i = 0; i < part.size(); ++i) {
      const Leaf& leaf = (*reply)->leaves[i];
      out[from + i] = leaf.kind == Leaf::Kind::Text ? unpack(leaf.text, arena) : StoredProfile();
    }
  }
  return {};
}

std::string RedisStore::fenceKey(const Partition& partition) const {
  return m_settings.prefix + std::string(kFencePrefix) + std::to_string(partition.first) + ':' +
         std::to_string(partition.second);
}

Result<std::string> RedisStore::ask(std::string_view script, std::span<const std::string> keys,
                                    std::span<const std::string> arguments) {
  std::string answer;
  auto status = withLink([&](Link& link) -> Status {
    link.begin(3 + keys.size() + arguments.size());
    link.add("EVAL");
    link.add(script);
    link.add(std::to_string(keys.size()));
    for (const std::string& key : keys) link.add(key);
    for (const std::string& argument : arguments) link.add(argument);
    if (auto sent = link.send(); !sent) return sent;
    Arena arena(1024);
    auto reply = link.receive(arena);
    if (!reply) return reply.error();
    if ((*reply)->error() || (*reply)->isArray || (*reply)->leaves.empty())
      return unexpected(**reply);
    answer = (*reply)->leaves[0].text;
    return {};
  });
  if (!status) return status.error();
  return answer;
}

Result<std::uint64_t> RedisStore::fence(std::uint64_t source, std::int32_t partition,
                                        std::uint64_t known) {
  const std::string key = fenceKey({source, partition});
  const std::string keys[] = {key, key + std::string(kRebuiltSuffix)};
  const std::string arguments[] = {std::to_string(known)};
  auto answer = ask(kFenceScript, keys, arguments);
  if (!answer && answer.error().code == profile::kFencedCode) {
    return Error{"E-3207",
                 "Redis at " + m_settings.address.name() + " has lost writes of partition " +
                     std::to_string(partition) +
                     " that are committed: it was restored from an older copy, or crashed without "
                     "appendfsync always. Apply the events again (freshet run … --backfill --fresh "
                     "--until-idle 5s), then start this run again.",
                 {},
                 Retry::Fatal};
  }
  if (!answer) return answer.error();
  std::uint64_t epoch = 0;
  std::from_chars(answer->data(), answer->data() + answer->size(), epoch);
  const std::scoped_lock lock(m_mutex);
  m_pulse = std::max(m_pulse, epoch);
  m_arrived[{source, partition}] = known;
  return epoch;
}

std::uint64_t RedisStore::arrived(std::uint64_t source, std::int32_t partition) {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_arrived.find({source, partition});
  return found == m_arrived.end() ? 0 : found->second;
}

Status RedisStore::rebuilt(std::uint64_t source, std::int32_t partition) {
  const std::string keys[] = {fenceKey({source, partition}) + std::string(kRebuiltSuffix)};
  auto answer = ask(kRebuiltScript, keys, {});
  return answer ? Status() : Status(answer.error());
}

Status RedisStore::write(std::span<const ProfileWrite> writes) {
  if (writes.empty()) return {};
  const std::uint64_t pulse = takePulses(writes.size());
  return withLink([&](Link& link) {
    Status status = sendWrites(link, writes, pulse);
    return status ? receiveWrites(link, writes, pulse) : status;
  });
}

/// A write that has been sent, and the connection its answer comes by.
class RedisStore::Writing final : public profile::PendingWrite {
 public:
  Writing(RedisStore& store, std::unique_ptr<Link> link, Writes writes, std::uint64_t pulse)
      : m_store(store), m_link(std::move(link)), m_writes(writes), m_pulse(pulse) {}

  Status wait() override {
    Status status = m_store.receiveWrites(*m_link, m_writes, m_pulse);
    if (status) m_store.giveBack(std::move(m_link));
    return status;
  }

 private:
  RedisStore& m_store;
  std::unique_ptr<Link> m_link;
  Writes m_writes;
  std::uint64_t m_pulse;
};

std::unique_ptr<profile::PendingWrite> RedisStore::startWrite(Writes writes) {
  std::unique_ptr<Link> link = takeIdle();
  const std::uint64_t pulse = takePulses(writes.size());
  if (!link || !sendWrites(*link, writes, pulse)) return {};
  return std::make_unique<Writing>(*this, std::move(link), writes, pulse);
}

std::uint64_t RedisStore::takePulses(std::size_t writes) {
  const std::scoped_lock lock(m_mutex);
  const std::uint64_t first = m_pulse + 1;
  m_pulse += (writes + kKeysOfAWrite - 1) / kKeysOfAWrite;
  return first;
}

void RedisStore::putWrites(Link& link, std::string_view command, std::string_view script,
                           Writes writes, std::uint64_t pulse) {
  if (isGrouped(writes)) return putGroup(link, command, script, writes, pulse);
  link.begin(3 + 3 * writes.size());
  link.add(command);
  link.add(script);
  link.add(std::to_string(writes.size()));
  for (const ProfileWrite& write : writes) addKey(link, write.key);
  std::string mark;
  for (const ProfileWrite& write : writes) {
    mark.clear();
    if (write.offset >= 0) appendMark(mark, write.source, write.partition, write.offset);
    link.add(mark);
    link.add(write.json);
  }
}

void RedisStore::putGroup(Link& link, std::string_view command, std::string_view script,
                          Writes writes, std::uint64_t pulse) {
  const auto fences = partitionsOf(writes);
  link.begin(5 + 3 * fences.size() + 2 * writes.size());
  link.add(command);
  link.add(script);
  link.add(std::to_string(fences.size() + writes.size()));
  for (const profile::GroupMark* mark : fences) link.add(fenceKey({mark->source, mark->partition}));
  for (const ProfileWrite& write : writes) addKey(link, write.key);
  link.add(std::to_string(fences.size()));
  link.add(std::to_string(pulse));
  for (const profile::GroupMark* mark : fences) {
    link.add(std::to_string(mark->epoch));
    link.add(std::to_string(arrived(mark->source, mark->partition)));
  }
  std::string value;
  for (const ProfileWrite& write : writes) {
    value.clear();
    appendGrouped(value, write.mark, write.before, write.json);
    link.add(value);
  }
}

Status RedisStore::sendWrites(Link& link, Writes writes, std::uint64_t pulse) {
  std::string digest;
  {
    const std::scoped_lock lock(m_mutex);
    digest = isGrouped(writes) ? m_groupDigest : m_scriptDigest;
  }
  for (std::size_t from = 0; from < writes.size(); from += kKeysOfAWrite) {
    putWrites(link, "EVALSHA", digest, chunk(writes, from, kKeysOfAWrite),
              pulse + from / kKeysOfAWrite);
  }
  return link.send();
}

Status RedisStore::receiveWrites(Link& link, Writes writes, std::uint64_t pulse) {
  std::vector<std::size_t> forgotten;
  Arena arena(1024);
  for (std::size_t from = 0; from < writes.size(); from += kKeysOfAWrite) {
    auto reply = link.receive(arena);
    if (!reply) return reply.error();
    const Leaf* complaint = (*reply)->error();
    if (complaint && complaint->text.starts_with("NOSCRIPT")) {
      forgotten.push_back(from);
    } else if (complaint || (*reply)->isArray) {
      return unexpected(**reply);
    }
  }
  for (const std::size_t from : forgotten) {
    putWrites(link, "EVAL", isGrouped(writes) ? kGroupScript : kWriteScript,
              chunk(writes, from, kKeysOfAWrite), pulse + from / kKeysOfAWrite);
    if (auto status = link.send(); !status) return status;
    auto reply = link.receive(arena);
    if (!reply) return reply.error();
    if ((*reply)->error() || (*reply)->isArray) return unexpected(**reply);
  }
  if (!isGrouped(writes)) return {};
  const std::scoped_lock lock(m_mutex);
  for (std::size_t from = 0; from < writes.size(); from += kKeysOfAWrite) {
    for (const profile::GroupMark* mark : partitionsOf(chunk(writes, from, kKeysOfAWrite))) {
      m_arrived[{mark->source, mark->partition}] = pulse + from / kKeysOfAWrite;
    }
  }
  return {};
}

Status RedisStore::scan(std::size_t most,
                        const std::function<bool(std::string_view, std::string_view)>& visit) {
  if (most == 0) return {};
  std::unordered_set<std::string> seen;
  return withLink([&](Link& link) { return scanAll(link, most, visit, seen); });
}

Status RedisStore::scanAll(Link& link, std::size_t most,
                           const std::function<bool(std::string_view, std::string_view)>& visit,
                           std::unordered_set<std::string>& seen) {
  const std::int64_t until = monotonicNs() + kScanBudgetNs;
  const std::string pattern = globEscaped(m_settings.prefix) + '*';
  std::string cursor = "0";
  do {
    Arena arena;
    link.begin(6);
    for (const std::string_view word :
         {std::string_view("SCAN"), std::string_view(cursor), std::string_view("MATCH"),
          std::string_view(pattern), std::string_view("COUNT"), kScanCount}) {
      link.add(word);
    }
    if (auto status = link.send(); !status) return status;
    auto reply = link.receive(arena);
    if (!reply) return reply.error();
    if (!(*reply)->isArray || (*reply)->leaves.empty()) return unexpected(**reply);
    cursor = (*reply)->leaves[0].text;
    std::vector<std::string_view> keys;
    for (std::size_t i = 1; i < (*reply)->leaves.size(); ++i) {
      const std::string_view key = (*reply)->leaves[i].text.substr(m_settings.prefix.size());
      if (key.starts_with(kFencePrefix)) continue;
      if (seen.size() < most && seen.emplace(key).second) keys.push_back(key);
    }
    std::vector<StoredProfile> stored(keys.size());
    if (!keys.empty()) {
      if (auto status = readAll(link, keys, stored, arena); !status) return status;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!stored[i].json.empty() && !visit(keys[i], stored[i].json)) return {};
    }
  } while (cursor != "0" && seen.size() < most && monotonicNs() < until);
  return {};
}

spec::ConnectionSpec connectionSpec() {
  spec::ConnectionSpec spec;
  spec.type = "redis";
  spec.kind = "profiles";
  spec.title = "Profiles in Redis";
  spec.fields.push_back(
      field("url", FieldType::Text, "Address",
            "redis://[user:password@]host[:port][/database]; rediss:// speaks TLS.")
          .required());
  spec.fields.push_back(field("ca", FieldType::Text, "Certificate authority",
                              "Path of a PEM file: who may vouch for the server under rediss://; "
                              "without it, whom this computer trusts.")
                            .advanced());
  spec.fields.push_back(field("prefix", FieldType::Text, "Key prefix",
                              "Stands before every key, so that several projects share a database.")
                            .advanced());
  spec.fields.push_back(field("timeout", FieldType::Duration, "Patience",
                              "How long to wait for the server, to connect and for each answer.")
                            .orElse("\"2 s\"")
                            .advanced());
  spec.fields.push_back(field("seed", FieldType::File, "First profiles",
                              "NDJSON of profiles that are put in where there are none yet.")
                            .advanced());
  return spec;
}

profile::ProfileStoreType profileStoreType() {
  profile::ProfileStoreType type;
  type.connectionType = "redis";
  type.open =
      [](const record::OwnedValue& settings) -> Result<std::shared_ptr<profile::ProfileStore>> {
    spec::NodeSpec fields;
    fields.fields = connectionSpec().fields;
    const spec::Config config(fields, settings);
    auto address = parseAddress(config.text("url"));
    if (!address) return address.error();
    address->caFile = config.text("ca");
    const auto timeoutMs =
        static_cast<int>(std::clamp<std::int64_t>(config.durationMs("timeout"), 10, 600'000));
    auto store = std::make_shared<RedisStore>(
        StoreSettings{std::move(*address), timeoutMs, config.text("prefix")});
    // What may pass is waited for by whoever reads: a worker starts beside a server that is away.
    if (auto status = store->probe(); !status && status.error().retry != Retry::Later) {
      return status.error();
    }
    return std::shared_ptr<profile::ProfileStore>(std::move(store));
  };
  return type;
}

}  // namespace freshet::redis
