// SPDX-License-Identifier: GPL-3.0-or-later
// The bare loop beside postgres.sink: rows are upserted through libpq, nothing else. It prints one
// line of JSON. Way "copy": COPY into a temporary table, then INSERT … SELECT … ON CONFLICT; way
// "unnest": one prepared INSERT over arrays.
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

PGconn* connection = nullptr;

void check(PGresult* result, ExecStatusType wanted) {
  if (PQresultStatus(result) != wanted) {
    std::fprintf(stderr, "bare_upsert: %s\n", PQerrorMessage(connection));
    std::exit(1);
  }
  PQclear(result);
}

void run(const std::string& sql) {
  check(PQexec(connection, sql.c_str()), PGRES_COMMAND_OK);
}

struct Row {
  long id;
  long user;
  double total;
  std::string event;
};

Row rowAt(long i) {
  return {i, i * 7919 % 10007, static_cast<double>(i % 1000) / 4, i % 3 ? "view" : "add"};
}

void viaCopy(const std::string& table, long from, long until) {
  run("BEGIN");
  check(PQexec(connection, "COPY rows_in FROM STDIN"), PGRES_COPY_IN);
  std::string text;
  for (long i = from; i < until; ++i) {
    const Row row = rowAt(i);
    text += std::to_string(row.id) + '\t' + std::to_string(row.user) + '\t' +
            std::to_string(row.total) + '\t' + row.event + '\n';
  }
  PQputCopyData(connection, text.data(), static_cast<int>(text.size()));
  PQputCopyEnd(connection, nullptr);
  check(PQgetResult(connection), PGRES_COMMAND_OK);
  while (PQgetResult(connection)) {
  }
  run("INSERT INTO " + table +
      " SELECT * FROM rows_in ON CONFLICT (id) DO UPDATE SET user_id=excluded.user_id,"
      " total=excluded.total, event=excluded.event");
  run("COMMIT");
}

void viaArrays(long from, long until) {
  std::string arrays[4];
  for (std::string& array : arrays) array = "{";
  for (long i = from; i < until; ++i) {
    const Row row = rowAt(i);
    const std::string values[] = {std::to_string(row.id), std::to_string(row.user),
                                  std::to_string(row.total), '"' + row.event + '"'};
    for (int column = 0; column < 4; ++column) arrays[column] += values[column] + ',';
  }
  const char* parameters[4];
  for (int column = 0; column < 4; ++column) {
    arrays[column].back() = '}';
    parameters[column] = arrays[column].c_str();
  }
  run("BEGIN");
  check(PQexecPrepared(connection, "put", 4, parameters, nullptr, nullptr, 0), PGRES_COMMAND_OK);
  run("COMMIT");
}

}  // namespace

// bare_upsert ADDRESS copy|unnest ROWS BATCH TABLE
int main(int argc, char** argv) {
  if (argc != 6) return 2;
  connection = PQconnectdb(argv[1]);
  const bool isCopy = std::strcmp(argv[2], "copy") == 0;
  const long rows = std::atol(argv[3]);
  const long batch = std::atol(argv[4]);
  const std::string table = argv[5];
  run("SET client_min_messages=warning");
  run("CREATE TABLE IF NOT EXISTS " + table +
      "(id bigint PRIMARY KEY, user_id bigint NOT NULL, total float8, event text)");
  if (isCopy) {
    run("CREATE TEMP TABLE rows_in (LIKE " + table + ") ON COMMIT DELETE ROWS");
  } else {
    check(PQprepare(connection, "put",
                    ("INSERT INTO " + table +
                     " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::float8[], $4::text[])"
                     " ON CONFLICT (id) DO UPDATE SET user_id=excluded.user_id,"
                     " total=excluded.total, event=excluded.event")
                        .c_str(),
                    4, nullptr),
          PGRES_COMMAND_OK);
  }
  const auto begin = std::chrono::steady_clock::now();
  for (long from = 0; from < rows; from += batch) {
    const long until = std::min(rows, from + batch);
    isCopy ? viaCopy(table, from, until) : viaArrays(from, until);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("{\"rows\": %ld, \"seconds\": %.3f, \"rate\": %.0f}\n", rows, took.count(),
              static_cast<double>(rows) / took.count());
  PQfinish(connection);
}
