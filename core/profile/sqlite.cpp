// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/sqlite.h"

#include <sqlite3.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace freshet::profile {
namespace {

Error brokenBefore() {
  return {"E-3602",
          "The state database has failed before: nothing more is written until the next start",
          {},
          Retry::Fatal};
}

Error failure(sqlite3* db, int code, std::atomic<bool>* isBroken = nullptr) {
  const int primary = code & 0xff;
  const bool isUncertain =
      primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
  if (isBroken && isUncertain) *isBroken = true;
  if (primary == SQLITE_FULL) {
    return {"E-3601",
            "The disk is full: the state cannot be saved. Free some space, then start again.",
            {},
            Retry::Fatal};
  }
  std::string message = "The state database failed: ";
  message += db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  // After a failed write or sync nothing on disk is certain: the run stops and starts clean.
  return {"E-3602", message, {}, primary == SQLITE_BUSY ? Retry::Later : Retry::Fatal};
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

bool isNetworkFileSystem(std::int64_t type) {
  // NFS, SMB, CIFS, SMB2, AFS, Coda, Ceph, Lustre, GPFS, OCFS2, as their numbers are in the kernel.
  constexpr std::array<std::int64_t, 10> kTypes{0x6969,     0x517b,     0xff534d42, 0xfe534d42,
                                                0x5346414f, 0x73757245, 0x00c36400, 0x0bd00bd0,
                                                0x47504653, 0x7461636f};
  return std::ranges::find(kTypes, type & 0xffffffff) != kTypes.end();
}

Statement::Statement(sqlite3* db, std::string_view sql, std::atomic<bool>* isBroken)
    : m_db(db), m_isBroken(isBroken) {
  sqlite3_stmt* statement = nullptr;
  m_last = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                              SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  m_statement.reset(statement);
}

Statement& Statement::bind(int at, std::int64_t value) {
  sqlite3_bind_int64(m_statement.get(), at, value);
  return *this;
}

Statement& Statement::bind(int at, std::string_view text) {
  sqlite3_bind_text64(m_statement.get(), at, text.data() ? text.data() : "", text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bindBlob(int at, std::string_view bytes) {
  sqlite3_bind_blob64(m_statement.get(), at, bytes.data() ? bytes.data() : "", bytes.size(),
                      SQLITE_TRANSIENT);
  return *this;
}

bool Statement::step() {
  if (!m_statement || (m_isBroken && *m_isBroken)) return false;
  m_last = sqlite3_step(m_statement.get());
  return m_last == SQLITE_ROW;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(m_statement.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
  return {bytes ? bytes : "",
          static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

Status Statement::finish() {
  if (!m_statement) return failure(m_db, m_last, m_isBroken);
  if (m_isBroken && *m_isBroken) {
    sqlite3_reset(m_statement.get());
    return brokenBefore();
  }
  const bool wentWell = m_last == SQLITE_DONE || m_last == SQLITE_ROW || m_last == SQLITE_OK;
  // What stopped at a row commits in the reset.
  const int ended = sqlite3_reset(m_statement.get());
  const int last = wentWell ? ended : m_last;
  return last == SQLITE_OK ? Status() : Status(failure(m_db, last, m_isBroken));
}

Status Statement::run() {
  step();
  return finish();
}

Result<std::shared_ptr<Database>> Database::open(const std::string& path) {
  struct statfs system {};
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty() && ::statfs(folder.c_str(), &system) == 0 &&
      isNetworkFileSystem(system.f_type)) {
    return Error{"E-3609",
                 "The state would lie on another computer's disk, where locks and syncs are not "
                 "sure. Choose a local folder with --state DIR",
                 folder, Retry::Fatal};
  }
  auto made = std::shared_ptr<Database>(new Database);
  made->m_path = path;
  const int code =
      sqlite3_open_v2(path.c_str(), &made->m_db,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    Error error = failure(made->m_db, code);
    error.where = path;
    return error;
  }
  sqlite3_extended_result_codes(made->m_db, 1);
  sqlite3_busy_timeout(made->m_db, 5000);
  for (const std::string_view pragma : {"PRAGMA synchronous=FULL", "PRAGMA cell_size_check=ON",
                                        "PRAGMA secure_delete=ON", "PRAGMA foreign_keys=ON"}) {
    if (auto status = made->run(pragma); !status) {
      Error error = status.error();
      error.where = path;
      return error;
    }
  }
  if (auto status = made->useWal(); !status) {
    Error error = status.error();
    error.where = path;
    return error;
  }
  return made;
}

// SQLite keeps the journal it has where it cannot have a WAL, and calls that no error.
Status Database::useWal() {
  Statement mode = prepare("PRAGMA journal_mode=WAL");
  const std::string got(mode.step() ? mode.text(0) : std::string_view());
  if (auto status = mode.finish(); !status) return status;
  if (got == "wal" || m_path == ":memory:") return {};
  return Error{"E-3602",
               "The state database cannot keep a write-ahead log here (it keeps \"" + got + "\")",
               {},
               Retry::Fatal};
}

Result<std::shared_ptr<Database>> Database::reader(const std::shared_ptr<Database>& self) {
  if (m_path == ":memory:") return self;
  auto made = std::shared_ptr<Database>(new Database);
  made->m_path = m_path;
  const int code = sqlite3_open_v2(m_path.c_str(), &made->m_db,
                                   SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return failure(made->m_db, code);
  sqlite3_busy_timeout(made->m_db, 5000);
  return made;
}

Database::~Database() {
  sqlite3_close_v2(m_db);
}

Status Database::run(std::string_view sql) {
  if (m_isBroken && sql != "ROLLBACK") return brokenBefore();
  char* message = nullptr;
  const int code = sqlite3_exec(m_db, std::string(sql).c_str(), nullptr, nullptr, &message);
  sqlite3_free(message);
  if (code != SQLITE_OK) return failure(m_db, code, &m_isBroken);
  return {};
}

Statement Database::prepare(std::string_view sql) {
  return Statement(m_db, sql, &m_isBroken);
}

}  // namespace freshet::profile
