// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/link.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/clock.h"
#include "core/base/text.h"

namespace freshet::postgres {
namespace {

constexpr std::int64_t kServiceMs = 100;
// The server gives up first; its words say more than our silence.
constexpr int kGraceMs = 2'000;

std::int64_t fromNow(int ms) {
  return monotonicNs() + ms * 1'000'000LL;
}

std::vector<const char*> pointers(std::span<const Parameter> parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter ? parameter->c_str() : nullptr);
  }
  return values;
}

}  // namespace

std::int64_t Answer::integer(int row, int column) const {
  std::int64_t value = 0;
  const std::string_view digits = text(row, column);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::int64_t Answer::changed() const {
  std::int64_t value = 0;
  const std::string_view digits = PQcmdTuples(m_result.get());
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

Error serverError(const std::string& server, std::string_view sqlState, std::string_view words) {
  const auto begins = [&](std::string_view with) { return sqlState.starts_with(with); };
  const std::string text = "PostgreSQL at " + server + " answers: " + oneLine(words, 300);
  constexpr std::array<std::string_view, 4> kRow{"21000", "22", "23", "44"};
  if (std::ranges::any_of(kRow, begins) || sqlState == "P0001") {
    return {"E-3906", oneLine(words, 300), {}, Retry::Never};
  }
  // Rolled back for others' sake, short of something, shutting down, or a standby for now.
  constexpr std::array<std::string_view, 8> kPassing{"08", "25006", "25P03", "40",
                                                     "53", "55",    "57",    "58"};
  if (std::ranges::any_of(kPassing, begins)) {
    return {"E-3903", text + ". It is tried again.", {}, Retry::Later};
  }
  if (begins("28") || begins("3D") || sqlState == "42501") {
    return {"E-3904",
            text + ". Correct user, password or database of the connection, or its rights.",
            {},
            Retry::Fatal};
  }
  return {"E-3905", text, {}, Retry::Fatal};
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

std::string quotedTable(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return quoted(name);
  return quoted(name.substr(0, dot)) + '.' + quoted(name.substr(dot + 1));
}

Link::Link(PGconn* connection, const Address& address, Service service)
    : m_connection(connection),
      m_name(address.name),
      m_timeoutMs(address.timeoutMs),
      m_service(std::move(service)) {}

Error Link::broken(const std::string& why) const {
  return {"E-3902",
          "PostgreSQL at " + m_name + ": " + oneLine(trim(why), 200) + ". It is tried again.",
          {},
          Retry::Later};
}

Result<std::unique_ptr<Link>> Link::open(const Address& address, Service service) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : address.parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* connection = PQconnectStartParams(keywords.data(), values.data(), 0);
  std::unique_ptr<Link> link(new Link(connection, address, std::move(service)));
  if (!connection) return link->broken("out of memory");
  if (auto status = link->connect(); !status) {
    const std::string_view words = trim(PQerrorMessage(connection));
    const bool isNotLetIn = words.find("authentication failed") != std::string_view::npos ||
                            words.find("no password supplied") != std::string_view::npos ||
                            words.find("does not exist") != std::string_view::npos ||
                            words.find("pg_hba.conf") != std::string_view::npos;
    const bool isTls = words.find("certificate") != std::string_view::npos ||
                       words.find("SSL") != std::string_view::npos;
    if (isNotLetIn || isTls) {
      return Error{"E-3904",
                   "PostgreSQL at " + address.name + " does not let us in: " + oneLine(words, 300) +
                       (isTls ? ". Correct \"tls\" or \"rootCertificate\" of the connection."
                              : ". Correct user, password or database of the connection."),
                   {},
                   Retry::Fatal};
    }
    return Error{
        "E-3901",
        "No PostgreSQL server answers at " + address.name + " (" +
            oneLine(words.empty() ? std::string_view(status.error().message) : words, 200) +
            "). Start it, or correct \"url\" of the connection; it is tried again.",
        {},
        Retry::Later};
  }
  PQsetnonblocking(connection, 1);
  // A lane that died in a transaction must not keep its locks.
  const std::string timeout = std::to_string(address.timeoutMs);
  auto set =
      link->run("SELECT set_config('statement_timeout', '" + timeout +
                "', false), set_config('idle_in_transaction_session_timeout', '" +
                std::to_string(address.timeoutMs + 30'000) +
                "', false), set_config('client_min_messages', 'warning', false),"
                " set_config('DateStyle', 'ISO', false), set_config('TimeZone', 'UTC', false),"
                " set_config('extra_float_digits', '1', false)");
  if (!set) return set.error();
  return link;
}

Status Link::connect() {
  const std::int64_t untilNs = fromNow(m_timeoutMs);
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED || PQstatus(m_connection.get()) == CONNECTION_BAD)
      return broken(PQerrorMessage(m_connection.get()));
    if (auto status = awaitSocket(state == PGRES_POLLING_WRITING, untilNs); !status) return status;
    state = PQconnectPoll(m_connection.get());
  }
  return {};
}

Status Link::awaitSocket(bool forWriting, std::int64_t untilNs) {
  for (;;) {
    const std::int64_t leftMs = (untilNs - monotonicNs()) / 1'000'000;
    if (leftMs <= 0) return broken("no answer within " + formatDuration(m_timeoutMs));
    pollfd socket{PQsocket(m_connection.get()),
                  static_cast<short>(forWriting ? POLLIN | POLLOUT : POLLIN), 0};
    if (socket.fd < 0) return broken("the connection is closed");
    const int ready = ::poll(&socket, 1, static_cast<int>(std::min(leftMs, kServiceMs)));
    if (ready > 0) return {};
    if (m_service) m_service();
  }
}

Status Link::sendAll() {
  const std::int64_t untilNs = fromNow(m_timeoutMs + kGraceMs);
  for (;;) {
    const int left = PQflush(m_connection.get());
    if (left < 0) return broken(PQerrorMessage(m_connection.get()));
    if (left == 0) return {};
    if (auto status = awaitSocket(true, untilNs); !status) return status;
    // Both sides could wait for room at the other.
    if (!PQconsumeInput(m_connection.get())) return broken(PQerrorMessage(m_connection.get()));
  }
}

Result<PGresult*> Link::next(std::int64_t untilNs) {
  while (PQisBusy(m_connection.get())) {
    if (auto status = awaitSocket(false, untilNs); !status) return status.error();
    if (!PQconsumeInput(m_connection.get())) return broken(PQerrorMessage(m_connection.get()));
  }
  return PQgetResult(m_connection.get());
}

Status Link::wanted(const Answer& answer) const {
  switch (PQresultStatus(answer.result())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_PIPELINE_SYNC:
      return {};
    default:
      break;
  }
  if (PQstatus(m_connection.get()) == CONNECTION_BAD)
    return broken(PQresultErrorMessage(answer.result()));
  const char* state = PQresultErrorField(answer.result(), PG_DIAG_SQLSTATE);
  if (!state) return broken(PQresultErrorMessage(answer.result()));
  const char* words = PQresultErrorField(answer.result(), PG_DIAG_MESSAGE_PRIMARY);
  const char* detail = PQresultErrorField(answer.result(), PG_DIAG_MESSAGE_DETAIL);
  std::string text = words ? words : "";
  if (detail) text += std::string(" (") + detail + ')';
  return serverError(m_name, state, text);
}

Result<Answer> Link::answerOfOne() {
  if (auto status = sendAll(); !status) return status.error();
  const std::int64_t untilNs = fromNow(m_timeoutMs + kGraceMs);
  std::optional<Answer> last;
  Status outcome;
  for (;;) {
    auto result = next(untilNs);
    if (!result) return result.error();
    if (!*result) break;
    last.emplace(*result);
    if (outcome) outcome = wanted(*last);
  }
  if (!outcome) return outcome.error();
  if (!last) return broken(PQerrorMessage(m_connection.get()));
  return std::move(*last);
}

Result<Answer> Link::run(const std::string& sql) {
  if (!PQsendQuery(m_connection.get(), sql.c_str()))
    return broken(PQerrorMessage(m_connection.get()));
  return answerOfOne();
}

Status Link::prepare(const char* name, const std::string& sql) {
  if (!PQsendPrepare(m_connection.get(), name, sql.c_str(), 0, nullptr))
    return broken(PQerrorMessage(m_connection.get()));
  auto done = answerOfOne();
  return done ? Status() : Status(done.error());
}

Result<Answer> Link::call(const char* name, std::span<const Parameter> parameters) {
  const auto values = pointers(parameters);
  if (!PQsendQueryPrepared(m_connection.get(), name, static_cast<int>(values.size()), values.data(),
                           nullptr, nullptr, 0)) {
    return broken(PQerrorMessage(m_connection.get()));
  }
  return answerOfOne();
}

Status Link::startPipeline() {
  m_queued = 0;
  if (!PQenterPipelineMode(m_connection.get())) return broken(PQerrorMessage(m_connection.get()));
  return {};
}

Status Link::queue(const char* name, std::span<const Parameter> parameters) {
  const auto values = pointers(parameters);
  if (!PQsendQueryPrepared(m_connection.get(), name, static_cast<int>(values.size()), values.data(),
                           nullptr, nullptr, 0)) {
    return broken(PQerrorMessage(m_connection.get()));
  }
  ++m_queued;
  return pump();
}

Status Link::pump() {
  if (PQflush(m_connection.get()) < 0 || !PQconsumeInput(m_connection.get()))
    return broken(PQerrorMessage(m_connection.get()));
  return {};
}

Result<std::vector<Answer>> Link::finishPipeline() {
  if (!PQpipelineSync(m_connection.get())) return broken(PQerrorMessage(m_connection.get()));
  if (auto status = sendAll(); !status) return status.error();
  std::vector<Answer> answers;
  Status outcome;
  std::int64_t untilNs = fromNow(m_timeoutMs + kGraceMs);
  for (std::size_t left = m_queued; left > 0; --left) {
    for (;;) {
      auto result = next(untilNs);
      if (!result) return result.error();
      if (!*result) break;
      Answer answer(*result);
      const bool isSkipped = PQresultStatus(answer.result()) == PGRES_PIPELINE_ABORTED;
      if (outcome && !isSkipped) outcome = wanted(answer);
      answers.push_back(std::move(answer));
    }
    untilNs = fromNow(m_timeoutMs + kGraceMs);
    if (PQstatus(m_connection.get()) == CONNECTION_BAD) break;
  }
  if (!outcome && outcome.error().code == "E-3902") return outcome.error();
  auto sync = next(untilNs);
  if (!sync) return sync.error();
  const Answer end(*sync);
  if (!*sync || PQresultStatus(end.result()) != PGRES_PIPELINE_SYNC)
    return broken("the answers are out of step");
  if (!PQexitPipelineMode(m_connection.get())) return broken(PQerrorMessage(m_connection.get()));
  if (!outcome) return outcome.error();
  return answers;
}

}  // namespace freshet::postgres
