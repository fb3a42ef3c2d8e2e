// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/embedded_store.h"

#include "core/base/text.h"

namespace freshet::profile {

Result<std::shared_ptr<EmbeddedStore>> EmbeddedStore::open(std::shared_ptr<Database> database,
                                                           std::string_view connection) {
  auto reader = database->reader(database);
  if (!reader) return reader.error();
  std::unique_lock lock(database->mutex());
  if (auto status = database->run(
          "CREATE TABLE IF NOT EXISTS profile(connection TEXT NOT NULL, key TEXT NOT NULL,"
          " json TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY(connection, key))"
          " STRICT, WITHOUT ROWID");
      !status) {
    return status.error();
  }
  auto store = std::make_shared<EmbeddedStore>();
  store->m_connection = connection;
  store->m_upsert = database->prepare(
      "INSERT INTO profile(connection, key, json, version) VALUES(?1, ?2, ?3, 1)"
      " ON CONFLICT(connection, key) DO UPDATE SET json=excluded.json, version=version+1");
  lock.unlock();
  store->m_reader = *reader;
  const std::scoped_lock reading(store->m_reader->mutex());
  store->m_select =
      (*reader)->prepare("SELECT json, version FROM profile WHERE connection=?1 AND key=?2");
  store->m_scan = (*reader)->prepare("SELECT key, json FROM profile WHERE connection=?1 LIMIT ?2");
  store->m_database = std::move(database);
  return store;
}

Status EmbeddedStore::read(std::span<const std::string_view> keys, std::span<StoredProfile> out,
                           Arena& arena) {
  const std::scoped_lock lock(m_reader->mutex());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    m_select.bind(1, m_connection).bind(2, keys[i]);
    out[i] = {};
    if (m_select.step()) {
      out[i] = {arena.copy(m_select.text(0), record::kJsonPadding), m_select.integer(1)};
    }
    if (auto status = m_select.finish(); !status) return status;
  }
  return {};
}

Status EmbeddedStore::write(std::span<const ProfileWrite> writes) {
  for (const ProfileWrite& write : writes) {
    auto status = m_upsert.bind(1, m_connection).bind(2, write.key).bind(3, write.json).run();
    if (!status) return status;
  }
  return {};
}

Status EmbeddedStore::scan(std::size_t most,
                           const std::function<bool(std::string_view, std::string_view)>& visit) {
  const std::scoped_lock lock(m_reader->mutex());
  m_scan.bind(1, m_connection).bind(2, static_cast<std::int64_t>(most));
  while (m_scan.step() && visit(m_scan.text(0), m_scan.text(1))) {
  }
  return m_scan.finish();
}

Result<std::size_t> importPeople(ProfileStore& store, std::string_view ndjson) {
  constexpr std::size_t kBatch = 1000;
  Arena arena;
  std::vector<ProfileWrite> writes;
  std::size_t count = 0;
  std::size_t line = 0;
  record::JsonReader reader;
  const auto flush = [&]() -> Status {
    auto status = store.write(writes);
    count += writes.size();
    writes.clear();
    arena.reset();
    return status;
  };
  for (const std::string_view text : split(ndjson, '\n')) {
    ++line;
    if (trim(text).empty()) continue;
    const std::string_view kept = arena.copy(trim(text), record::kJsonPadding);
    const auto person = reader.read(kept, arena);
    const std::string_view id =
        person && person->get("id").isString() ? person->get("id").asString() : std::string_view();
    if (id.empty()) {
      return Error{"E-3201", person ? "A person needs an \"id\"" : person.error().message,
                   "line " + std::to_string(line), Retry::Never};
    }
    writes.push_back({id, kept, 0, -1});
    if (writes.size() == kBatch) {
      if (auto status = flush(); !status) return status.error();
    }
  }
  if (auto status = flush(); !status) return status.error();
  return count;
}

}  // namespace freshet::profile
