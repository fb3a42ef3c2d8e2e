// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/sqlite.h"

#include <sqlite3.h>

namespace freshet::profile {
namespace {

Error failure(sqlite3* db, int code) {
  const int primary = code & 0xff;
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

Statement::Statement(sqlite3* db, std::string_view sql) : m_db(db) {
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
  if (!m_statement) return false;
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
  if (!m_statement) return failure(m_db, m_last);
  const int last = m_last;
  sqlite3_reset(m_statement.get());
  if (last == SQLITE_DONE || last == SQLITE_ROW || last == SQLITE_OK) return {};
  return failure(m_db, last);
}

Status Statement::run() {
  step();
  return finish();
}

Result<std::shared_ptr<Database>> Database::open(const std::string& path) {
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
  for (const std::string_view pragma :
       {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cell_size_check=ON",
        "PRAGMA secure_delete=ON", "PRAGMA foreign_keys=ON"}) {
    if (auto status = made->run(pragma); !status) {
      Error error = status.error();
      error.where = path;
      return error;
    }
  }
  return made;
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
  char* message = nullptr;
  const int code = sqlite3_exec(m_db, std::string(sql).c_str(), nullptr, nullptr, &message);
  sqlite3_free(message);
  if (code != SQLITE_OK) return failure(m_db, code);
  return {};
}

Statement Database::prepare(std::string_view sql) {
  return Statement(m_db, sql);
}

}  // namespace freshet::profile
