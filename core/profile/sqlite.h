// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace freshet::profile {

/// A prepared statement. Bind by position from 1, step, read by column from 0, reset by run() or at
/// the next bind. Guarded by its database's mutex.
class Statement {
 public:
  Statement() = default;
  /// `isBroken` is set by an error after which nothing on disk is certain.
  Statement(sqlite3* db, std::string_view sql, std::atomic<bool>* isBroken = nullptr);

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::string_view text);
  Statement& bindBlob(int at, std::string_view bytes);
  /// True while there is a row. An error ends the rows and is kept for `finish`.
  bool step();
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  ///< valid until the next step
  Status finish();
  /// For statements without rows: steps once and resets.
  Status run();

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
  sqlite3* m_db = nullptr;
  std::atomic<bool>* m_isBroken = nullptr;
  int m_last = 0;
};

/// Whether a file system, by the number that statfs gives, belongs to another computer: there locks
/// and syncs do not keep their word.
bool isNetworkFileSystem(std::int64_t type);

/// One SQLite database with one connection that does all writes and all checkpoints: WAL,
/// synchronous=FULL. Hold `mutex()` while using statements; transactions do not nest. After a
/// failed write or sync everything else fails too ("E-3602"): what the disk holds is known at the
/// next start alone. Refused on the file system of another computer ("E-3609").
class Database {
 public:
  /// ":memory:" for a dry run.
  static Result<std::shared_ptr<Database>> open(const std::string& path);
  ~Database();

  std::mutex& mutex() { return m_mutex; }
  /// A second connection that only reads what is committed, so that a reader never waits for a
  /// sync. The same database in memory.
  Result<std::shared_ptr<Database>> reader(const std::shared_ptr<Database>& self);
  Status run(std::string_view sql);
  Statement prepare(std::string_view sql);
  sqlite3* handle() { return m_db; }

 private:
  Database() = default;
  Status useWal();

  sqlite3* m_db = nullptr;
  std::atomic<bool> m_isBroken{false};
  std::string m_path;
  std::mutex m_mutex;
};

}  // namespace freshet::profile
