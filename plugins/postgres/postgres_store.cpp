// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/postgres_store.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "core/base/clock.h"
#include "core/record/json.h"
#include "plugins/postgres/connection.h"

namespace freshet::postgres {
namespace {

using profile::ProfileWrite;
using profile::StoredProfile;

constexpr std::size_t kMostKeys = 1000;
constexpr std::int64_t kFirstPauseNs = 50'000'000;
constexpr std::int64_t kLongestPauseNs = 2'000'000'000;

/// A text that holds no zero byte, which PostgreSQL cannot store: U+2400 shows one.
std::string storable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\0') {
      out += "\xe2\x90\x80";
    } else {
      out += c;
    }
  }
  return out;
}

void appendElement(std::string& array, std::string_view text) {
  array += array.size() > 1 ? ",\"" : "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

std::string markOf(const ProfileWrite& write) {
  char digits[17] = {};
  std::to_chars(digits, digits + 16, write.source, 16);
  return std::string(digits) + ':' + std::to_string(write.partition);
}

/// {"source:partition": offset}
std::span<const profile::AppliedPosition> appliedOf(std::string_view json, Arena& arena) {
  const auto map = record::parseJson(json, arena);
  if (!map || !map->isObject()) return {};
  const auto all = arena.array<profile::AppliedPosition>(map->size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const record::Member& member = map->asObject()[i];
    const char* end = member.key.data() + member.key.size();
    const auto source = std::from_chars(member.key.data(), end, all[i].source, 16);
    if (source.ptr != end) std::from_chars(source.ptr + 1, end, all[i].partition);
    if (member.value.isInt()) all[i].offset = member.value.asInt();
  }
  return all;
}

}  // namespace

PostgresStore::PostgresStore(Address address, std::string table)
    : m_address(std::move(address)), m_table(std::move(table)) {}

Status PostgresStore::prepare(Link& link) const {
  const std::string table = quotedTable(m_table);
  if (auto status = link.prepare("exists", "SELECT to_regclass($1) IS NOT NULL"); !status)
    return status;
  const Parameter name[] = {table};
  auto found = link.call("exists", name);
  if (!found) return found.error();
  for (int attempt = 0; found->text(0, 0) != "t"; ++attempt) {
    auto made = link.run("CREATE TABLE IF NOT EXISTS " + table +
                         "(key text PRIMARY KEY, profile json NOT NULL,"
                         " applied jsonb NOT NULL DEFAULT '{}', version bigint NOT NULL DEFAULT 1,"
                         " updated timestamptz NOT NULL DEFAULT now())");
    if (made) break;
    if (attempt > 0 || made.error().code != "E-3906") return made.error();
  }
  if (auto status = link.prepare("read", "SELECT key, profile, version, applied FROM " + table +
                                             " WHERE key = ANY ($1::text[])");
      !status) {
    return status;
  }
  // Sorted, so that two lanes never wait for one another in a circle.
  if (auto status = link.prepare(
          "write",
          "INSERT INTO " + table +
              " AS p(key, profile, applied) SELECT k, j::json, CASE WHEN o < 0 THEN '{}'::jsonb"
              " ELSE jsonb_build_object(m, o) END"
              " FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS w(k, j, m, o)"
              " ORDER BY k ON CONFLICT (key) DO UPDATE SET profile=excluded.profile,"
              " applied=p.applied || excluded.applied, version=p.version + 1, updated=now()"
              " WHERE NOT EXISTS (SELECT FROM jsonb_each(excluded.applied) AS e(mark, next)"
              " WHERE (p.applied -> e.mark) >= e.next)");
      !status) {
    return status;
  }
  return link.prepare("scan", "SELECT key, profile FROM " + table +
                                  " WHERE key > $1 ORDER BY key LIMIT $2::bigint");
}

Result<std::unique_ptr<Link>> PostgresStore::connect() {
  {
    const std::scoped_lock lock(m_mutex);
    if (monotonicNs() < m_notBeforeNs) return m_lastFailure;
  }
  auto link = Link::open(m_address);
  Status status = link ? prepare(**link) : Status(link.error());
  const std::scoped_lock lock(m_mutex);
  if (status) {
    m_failures = 0;
    m_notBeforeNs = 0;
    return link;
  }
  const int doublings = std::min(m_failures++, 6);
  m_notBeforeNs = monotonicNs() + std::min(kLongestPauseNs, kFirstPauseNs << doublings);
  m_lastFailure = status.error();
  return m_lastFailure;
}

Status PostgresStore::withLink(const std::function<Status(Link&)>& work) {
  for (;;) {
    std::unique_ptr<Link> link;
    {
      const std::scoped_lock lock(m_mutex);
      if (!m_idle.empty()) {
        link = std::move(m_idle.back());
        m_idle.pop_back();
      }
    }
    const bool isFresh = !link;
    if (isFresh) {
      auto opened = connect();
      if (!opened) return opened.error();
      link = std::move(*opened);
    }
    Status status = work(*link);
    const std::scoped_lock lock(m_mutex);
    if (status && link->isIdle()) {
      m_idle.push_back(std::move(link));
      return status;
    }
    // A link that had rested may have been closed meanwhile: once more on a new one. Reads and
    // guarded writes may both be repeated.
    if (status || isFresh || status.error().retry != Retry::Later) return status;
    m_idle.clear();
  }
}

Status PostgresStore::probe() {
  return withLink([](Link&) { return Status(); });
}

Status PostgresStore::read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
                           Arena& arena) {
  if (keys.empty()) return {};
  return withLink([&](Link& link) -> Status {
    for (std::size_t from = 0; from < keys.size(); from += kMostKeys) {
      const std::size_t size = std::min(kMostKeys, keys.size() - from);
      if (auto status = readSome(link, keys.subspan(from, size), out.subspan(from, size), arena);
          !status) {
        return status;
      }
    }
    return {};
  });
}

Status PostgresStore::readSome(Link& link, std::span<const std::string_view> keys,
                               std::span<StoredProfile> out, Arena& arena) {
  std::string array = "{";
  std::unordered_map<std::string, StoredProfile> found;
  for (const std::string_view key : keys) {
    const std::string name = storable(key);
    if (found.try_emplace(name).second) appendElement(array, name);
  }
  const Parameter parameters[] = {array + '}'};
  auto answer = link.call("read", parameters);
  if (!answer) return answer.error();
  for (int row = 0; row < answer->rows(); ++row) {
    StoredProfile& stored = found[std::string(answer->text(row, 0))];
    stored.json = arena.copy(answer->text(row, 1), record::kJsonPadding);
    stored.version = answer->integer(row, 2);
    stored.applied = appliedOf(answer->text(row, 3), arena);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) out[i] = found[storable(keys[i])];
  return {};
}

Status PostgresStore::write(std::span<const ProfileWrite> writes) {
  if (writes.empty()) return {};
  return withLink([&](Link& link) -> Status {
    // One statement takes a key once.
    std::unordered_set<std::string_view> seen;
    std::size_t from = 0;
    for (std::size_t at = 0; at <= writes.size(); ++at) {
      const bool isEnd =
          at == writes.size() || at - from == kMostKeys || seen.contains(writes[at].key);
      if (isEnd && at > from) {
        if (auto status = writeSome(link, writes.subspan(from, at - from)); !status) return status;
        from = at;
        seen.clear();
      }
      if (at < writes.size()) seen.insert(writes[at].key);
    }
    return {};
  });
}

Status PostgresStore::writeSome(Link& link, std::span<const ProfileWrite> writes) {
  std::string keys = "{", profiles = "{", marks = "{", offsets = "{";
  for (const ProfileWrite& write : writes) {
    appendElement(keys, storable(write.key));
    appendElement(profiles, write.json);
    appendElement(marks, markOf(write));
    if (offsets.size() > 1) offsets += ',';
    offsets += std::to_string(write.offset);
  }
  const Parameter parameters[] = {keys + '}', profiles + '}', marks + '}', offsets + '}'};
  auto answer = link.call("write", parameters);
  return answer ? Status() : Status(answer.error());
}

Status PostgresStore::scan(std::size_t most,
                           const std::function<bool(std::string_view, std::string_view)>& visit) {
  return withLink([&](Link& link) -> Status {
    std::string last;
    for (std::size_t left = most; left > 0;) {
      const std::size_t page = std::min(left, kMostKeys);
      const Parameter parameters[] = {last, std::to_string(page)};
      auto answer = link.call("scan", parameters);
      if (!answer) return answer.error();
      for (int row = 0; row < answer->rows(); ++row) {
        if (!visit(answer->text(row, 0), answer->text(row, 1))) return {};
      }
      if (answer->rows() < static_cast<int>(page)) return {};
      last = answer->text(answer->rows() - 1, 0);
      left -= page;
    }
    return {};
  });
}

profile::ProfileStoreType profileStoreType() {
  profile::ProfileStoreType type;
  type.connectionType = "postgres";
  type.open =
      [](const record::OwnedValue& settings) -> Result<std::shared_ptr<profile::ProfileStore>> {
    spec::NodeSpec fields;
    fields.fields = connectionSpec().fields;
    const spec::Config config(fields, settings);
    auto address = makeAddress(config);
    if (!address) return address.error();
    auto store = std::make_shared<PostgresStore>(std::move(*address), config.text("table"));
    if (auto status = store->probe(); !status) return status.error();
    return std::shared_ptr<profile::ProfileStore>(std::move(store));
  };
  return type;
}

}  // namespace freshet::postgres
