// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/state_db.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "core/base/text.h"

namespace freshet::runtime {
namespace {

constexpr std::string_view kSchema = R"(
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position(shard TEXT PRIMARY KEY, next INTEGER NOT NULL,
  watermark INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state(node TEXT NOT NULL, shard TEXT NOT NULL, key BLOB NOT NULL,
  bytes BLOB NOT NULL, timer INTEGER NOT NULL, PRIMARY KEY(node, shard, key)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox(sequence INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL,
  id TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS outbox_mark(node TEXT PRIMARY KEY, mark TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS prepared(writer TEXT PRIMARY KEY, mark INTEGER NOT NULL,
  bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)";

struct NamedCount {
  const char* name;
  std::uint64_t Counts::*field;
};
constexpr NamedCount kCounts[] = {{"in", &Counts::in},
                                  {"out", &Counts::out},
                                  {"filtered", &Counts::filtered},
                                  {"dead", &Counts::dead},
                                  {"emitted", &Counts::emitted},
                                  {"errors", &Counts::errors},
                                  {"withheld", &Counts::withheld}};

}  // namespace

Result<std::unique_ptr<StateDb>> StateDb::open(const std::string& folder, bool isFresh) {
  auto made = std::unique_ptr<StateDb>(new StateDb);
  std::string path = ":memory:";
  if (!folder.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    const int lock = ::open((folder + "/lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0) {
      return Error{"E-3603",
                   "The state folder cannot be written: " + std::string(std::strerror(errno)),
                   folder, Retry::Fatal};
    }
    made->m_lock = std::shared_ptr<void>(nullptr, [lock](void*) { ::close(lock); });
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
      return Error{
          "E-3604",
          "This pipeline is already running on this computer with the same state. Stop it, or "
          "give --state DIR",
          folder, Retry::Fatal};
    }
    path = folder + "/state.db";
    for (const char* suffix : {"", "-wal", "-shm"}) {
      if (isFresh) std::filesystem::remove(path + suffix, failed);
    }
  }
  auto database = profile::Database::open(path);
  if (!database) return database.error();
  made->m_database = *database;
  if (auto status = made->prepareStatements(); !status) return status.error();
  return made;
}

Status StateDb::prepareStatements() {
  profile::Database& db = *m_database;
  const std::scoped_lock lock(db.mutex());
  if (auto status = db.run(kSchema); !status) return status;
  m_letters = std::make_unique<DeadLetters>(db);
  if (auto status = m_letters->prepare(); !status) return status;
  m_putPosition = db.prepare(
      "INSERT INTO position(shard, next, watermark) VALUES(?1, ?2, ?3)"
      " ON CONFLICT(shard) DO UPDATE SET next=excluded.next, watermark=excluded.watermark");
  m_putState = db.prepare(
      "INSERT INTO state(node, shard, key, bytes, timer) VALUES(?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT(node, shard, key) DO UPDATE SET bytes=excluded.bytes, timer=excluded.timer");
  m_dropState = db.prepare("DELETE FROM state WHERE node=?1 AND shard=?2 AND key=?3");
  m_putOutbox = db.prepare("INSERT INTO outbox(node, id, body) VALUES(?1, ?2, ?3)");
  m_putCount = db.prepare(
      "INSERT INTO counter(name, value) VALUES(?1, ?2)"
      " ON CONFLICT(name) DO UPDATE SET value=value+excluded.value");
  m_putPrepared =
      db.prepare("INSERT OR REPLACE INTO prepared(writer, mark, bytes) VALUES(?1, ?2, ?3)");
  m_dropPrepared = db.prepare("DELETE FROM prepared WHERE writer=?1");
  auto size = db.prepare("SELECT count(*) FROM outbox");
  if (size.step()) m_outboxSize = size.integer(0);
  return size.finish();
}

Status StateDb::write(const Checkpoint& checkpoint) {
  for (const auto& position : checkpoint.positions) {
    auto status = m_putPosition.bind(1, position.shard)
                      .bind(2, position.offset)
                      .bind(3, position.watermarkMs)
                      .run();
    if (!status) return status;
  }
  for (const auto& state : checkpoint.states) {
    profile::Statement& statement = state.row.isGone() ? m_dropState : m_putState;
    statement.bind(1, state.node).bind(2, state.shard).bindBlob(3, state.row.key);
    if (!state.row.isGone()) statement.bindBlob(4, state.row.bytes).bind(5, state.row.timerMs);
    if (auto status = statement.run(); !status) return status;
  }
  for (const std::int64_t id : checkpoint.retried) {
    if (auto status = m_letters->remove(id); !status) return status;
  }
  for (const StoredDead& dead : checkpoint.dead) {
    if (auto status = m_letters->put(dead); !status) return status;
  }
  for (const auto& entry : checkpoint.outbox) {
    auto status = m_putOutbox.bind(1, entry.node).bind(2, entry.id).bindBlob(3, entry.body).run();
    if (!status) return status;
  }
  if (!checkpoint.prepared.empty()) {
    if (auto status = m_dropPrepared.bind(1, checkpoint.prepared).run(); !status) return status;
  }
  for (const NamedCount& count : kCounts) {
    const std::uint64_t value = checkpoint.counts.*count.field;
    if (value == 0) continue;
    auto status = m_putCount.bind(1, std::string_view(count.name))
                      .bind(2, static_cast<std::int64_t>(value))
                      .run();
    if (!status) return status;
  }
  return {};
}

Status StateDb::commit(const Checkpoint& checkpoint, const std::function<Status()>& also) {
  const std::scoped_lock lock(m_database->mutex());
  if (auto status = m_database->run("BEGIN IMMEDIATE"); !status) return status;
  Status status = write(checkpoint);
  if (status && also) status = also();
  if (status) status = m_database->run("COMMIT");
  if (!status) {
    (void)m_database->run("ROLLBACK");
    return status;
  }
  m_outboxSize += static_cast<std::int64_t>(checkpoint.outbox.size());
  return {};
}

Status StateDb::prepare(const Prepared& prepared) {
  const std::scoped_lock lock(m_database->mutex());
  return m_putPrepared.bind(1, prepared.writer)
      .bind(2, static_cast<std::int64_t>(prepared.mark))
      .bindBlob(3, prepared.bytes)
      .run();
}

Status StateDb::dropPrepared(std::string_view writer) {
  const std::scoped_lock lock(m_database->mutex());
  return m_dropPrepared.bind(1, writer).run();
}

Result<std::vector<StateDb::Prepared>> StateDb::prepared() {
  const std::scoped_lock lock(m_database->mutex());
  auto select = m_database->prepare("SELECT writer, mark, bytes FROM prepared ORDER BY mark");
  std::vector<Prepared> found;
  while (select.step()) {
    found.push_back({std::string(select.text(0)), static_cast<std::uint64_t>(select.integer(1)),
                     std::string(select.text(2))});
  }
  if (auto status = select.finish(); !status) return status.error();
  return found;
}

Result<std::map<std::string, Checkpoint::ShardPosition>> StateDb::positions() {
  const std::scoped_lock lock(m_database->mutex());
  auto select = m_database->prepare("SELECT shard, next, watermark FROM position");
  std::map<std::string, Checkpoint::ShardPosition> positions;
  while (select.step()) {
    const std::string shard(select.text(0));
    positions[shard] = {shard, select.integer(1), select.integer(2)};
  }
  if (auto status = select.finish(); !status) return status.error();
  return positions;
}

Result<std::vector<StateRow>> StateDb::state(const std::string& node, const std::string& shard) {
  const std::scoped_lock lock(m_database->mutex());
  auto select =
      m_database->prepare("SELECT key, bytes, timer FROM state WHERE node=?1 AND shard=?2");
  select.bind(1, node).bind(2, shard);
  std::vector<StateRow> rows;
  while (select.step()) {
    rows.push_back(
        {0, std::string(select.text(0)), std::string(select.text(1)), select.integer(2)});
  }
  if (auto status = select.finish(); !status) return status.error();
  return rows;
}

Result<Counts> StateDb::counts() {
  const std::scoped_lock lock(m_database->mutex());
  auto select = m_database->prepare("SELECT name, value FROM counter");
  Counts counts;
  while (select.step()) {
    for (const NamedCount& count : kCounts) {
      if (select.text(0) == count.name)
        counts.*count.field = static_cast<std::uint64_t>(select.integer(1));
    }
  }
  if (auto status = select.finish(); !status) return status.error();
  return counts;
}

Result<TimeMs> StateDb::meta(std::string_view name, TimeMs fallback) {
  const std::scoped_lock lock(m_database->mutex());
  auto select = m_database->prepare("SELECT value FROM meta WHERE name=?1");
  select.bind(1, name);
  const TimeMs value = select.step() ? select.integer(0) : fallback;
  if (auto status = select.finish(); !status) return status.error();
  return value;
}

Status StateDb::setMeta(std::string_view name, TimeMs value) {
  const std::scoped_lock lock(m_database->mutex());
  auto put = m_database->prepare(
      "INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET "
      "value=excluded.value");
  return put.bind(1, name).bind(2, value).run();
}

Status StateDb::foldLog() {
  const std::scoped_lock lock(m_database->mutex());
  return m_database->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<StateDb::OutboxBatch> StateDb::outbox(const std::string& node, std::size_t most) {
  const std::scoped_lock lock(m_database->mutex());
  auto select = m_database->prepare(
      "SELECT sequence, id, body FROM outbox WHERE node=?1 ORDER BY sequence LIMIT ?2");
  select.bind(1, node).bind(2, static_cast<std::int64_t>(most));
  OutboxBatch batch;
  while (select.step()) {
    batch.sequences.push_back(select.integer(0));
    batch.ids.emplace_back(select.text(1));
    batch.bodies.emplace_back(select.text(2));
  }
  if (auto status = select.finish(); !status) return status.error();
  return batch;
}

Result<std::string> StateDb::outboxMark(const std::string& node) {
  const std::scoped_lock lock(m_database->mutex());
  auto select = m_database->prepare("SELECT mark FROM outbox_mark WHERE node=?1");
  select.bind(1, node);
  std::string mark(select.step() ? select.text(0) : std::string_view());
  if (auto status = select.finish(); !status) return status.error();
  return mark;
}

Status StateDb::outboxDone(const std::string& node, std::int64_t upTo, std::string_view mark) {
  const std::scoped_lock lock(m_database->mutex());
  auto remove =
      m_database->prepare("DELETE FROM outbox WHERE node=?1 AND sequence<=?2 RETURNING 1");
  auto put = m_database->prepare(
      "INSERT INTO outbox_mark(node, mark) VALUES(?1, ?2) ON CONFLICT(node) DO UPDATE SET "
      "mark=excluded.mark");
  if (auto status = m_database->run("BEGIN IMMEDIATE"); !status) return status;
  std::int64_t removed = 0;
  remove.bind(1, node).bind(2, upTo);
  while (remove.step()) ++removed;
  Status status = remove.finish();
  if (status) status = put.bind(1, node).bind(2, mark).run();
  if (status) status = m_database->run("COMMIT");
  if (!status) {
    (void)m_database->run("ROLLBACK");
    return status;
  }
  m_outboxSize -= removed;
  return {};
}

std::string defaultStateFolder(const std::string& projectFolder, const std::string& name,
                               const std::string& env) {
  const char* home = std::getenv("XDG_STATE_HOME");
  std::string base = home && *home ? home : "";
  if (base.empty()) {
    const char* user = std::getenv("HOME");
    base = std::string(user && *user ? user : "/tmp") + "/.local/state";
  }
  std::error_code failed;
  const auto absolute = std::filesystem::weakly_canonical(projectFolder, failed);
  const std::string identity = sha256(absolute.string() + '\n' + env).substr(0, 12);
  return base + "/freshet/" + (name.empty() ? "pipeline" : name) + "-" + identity;
}

}  // namespace freshet::runtime
