// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "plugins/postgres/address.h"

namespace freshet::postgres {

/// What a statement answered. Texts are valid as long as it is.
class Answer {
 public:
  explicit Answer(PGresult* result) : m_result(result) {}
  int rows() const { return PQntuples(m_result.get()); }
  bool isNull(int row, int column) const { return PQgetisnull(m_result.get(), row, column) != 0; }
  std::string_view text(int row, int column) const {
    return {PQgetvalue(m_result.get(), row, column),
            static_cast<std::size_t>(PQgetlength(m_result.get(), row, column))};
  }
  std::int64_t integer(int row, int column) const;
  std::string_view command() const { return PQcmdStatus(m_result.get()); }
  std::int64_t changed() const;  ///< rows that an INSERT, UPDATE or DELETE touched
  const PGresult* result() const { return m_result.get(); }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> m_result;
};

/// A parameter in text form; nullopt is NULL. Text must not hold a zero byte.
using Parameter = std::optional<std::string>;

/// One connection. One thread at a time. Every call ends within the address's timeout (the server
/// has the same as its statement_timeout); meanwhile `service` is called every 100 ms. After
/// "E-3901" or "E-3902" it is of no use: drop it.
class Link {
 public:
  using Service = std::function<void()>;
  static Result<std::unique_ptr<Link>> open(const Address& address, Service service = {});

  /// A statement without parameters.
  Result<Answer> run(const std::string& sql);
  Status prepare(const char* name, const std::string& sql);
  Result<Answer> call(const char* name, std::span<const Parameter> parameters);

  // A pipeline: statements go out without waiting. After an error the server skips the rest.
  Status startPipeline();
  Status queue(const char* name, std::span<const Parameter> parameters);
  /// Lets bytes go in and out without waiting.
  Status pump();
  /// The answers to all that was queued, and the pipeline is over. The first error, if there is
  /// one.
  Result<std::vector<Answer>> finishPipeline();

  /// Between statements and outside of a transaction.
  bool isIdle() const { return PQtransactionStatus(m_connection.get()) == PQTRANS_IDLE; }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  Link(PGconn* connection, const Address& address, Service service);
  Status connect();
  Status awaitSocket(bool forWriting, std::int64_t untilNs);
  Status sendAll();
  /// The next result, null at the end of a statement's results.
  Result<PGresult*> next(std::int64_t untilNs);
  Result<Answer> answerOfOne();
  Status wanted(const Answer& answer) const;
  Error broken(const std::string& why) const;

  std::unique_ptr<PGconn, Finish> m_connection;
  std::string m_name;
  int m_timeoutMs;
  Service m_service;
  std::size_t m_queued = 0;
};

/// What a complaint of the server means, by its SQLSTATE: "E-3903" may pass, "E-3904" does not,
/// "E-3906" is the fault of a row, "E-3905" any other.
Error serverError(const std::string& server, std::string_view sqlState, std::string_view words);
/// A name as SQL takes it; "schema.table" in two parts.
std::string quoted(std::string_view name);
std::string quotedTable(std::string_view name);

}  // namespace freshet::postgres
