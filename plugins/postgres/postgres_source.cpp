// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/postgres_source.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/record/json.h"
#include "plugins/postgres/connection.h"
#include "plugins/postgres/page_query.h"

namespace freshet::postgres {
namespace {

using spec::field;
using spec::FieldType;
using stage::Polled;

// A position is a transaction's number and a row's place among its rows.
constexpr int kPlaceBits = 22;
constexpr std::int64_t kMostPlace = (std::int64_t{1} << kPlaceBits) - 1;
// A transaction's rows stay in one batch up to here, so that positions lie between transactions.
constexpr std::size_t kMostBytes = 32 << 20;

spec::NodeSpec sourceSpec() {
  spec::NodeSpec spec;
  spec.id = "postgres.source";
  spec.family = spec::Family::Source;
  spec.title = "From a PostgreSQL table";
  spec.summary = "Reads the rows of a table, and each again whenever it has changed.";
  spec.icon = "database";
  spec.synonyms = {"postgres", "postgresql", "database", "sql",
                   "table",    "poll",       "changes",  "query"};
  spec.hasInput = false;
  spec.outputs = {{"out", "Rows"}};
  spec.capabilities = {"postgres"};
  spec.keySummary = "table";
  spec.fields.push_back(
      field("connection", FieldType::Connection, "Connection", "Which database to read.")
          .required()
          .of("postgres"));
  spec.fields.push_back(
      field("table", FieldType::Text, "Table", "The table, or schema.table.").required());
  spec.fields.push_back(field("column", FieldType::Text, "Column of the last change",
                              "A timestamp with an index, so that not the whole table is looked "
                              "through each time; its value is the event's time."));
  spec.fields.push_back(field("key", FieldType::Text, "Key column",
                              "Tells rows apart and becomes the event's key; without it, the "
                              "primary key's first column."));
  spec.fields.push_back(
      field("start", FieldType::Choice, "Start",
            "earliest: with the rows that are there. latest: with what changes from now on.")
          .orElse("\"earliest\"")
          .oneOf({"earliest", "latest"}));
  spec.fields.push_back(field("every", FieldType::Duration, "Look every",
                              "How long to wait before looking for changes again.")
                            .orElse("\"1 s\""));
  spec.fields.push_back(
      field("overlap", FieldType::Duration, "Overlap",
            "How far behind the newest the column of a changed row may lie: clocks that differ, "
            "transactions that take long.")
          .orElse("\"1 d\"")
          .advanced());
  spec.fields.push_back(
      field("pageSize", FieldType::Integer, "Page size", "How many rows to fetch at once.")
          .orElse("1000")
          .between(1, 100000)
          .advanced());
  spec.fields.push_back(
      field("eventTime", FieldType::Expression, "Event time",
            "When it happened; without one, the column of the last change counts.")
          .advanced());
  spec.fields.push_back(
      field("lateness", FieldType::Duration, "Lateness",
            "How much later than newer events an event may come and still be in time for waits.")
          .orElse("\"0 s\"")
          .advanced());
  spec.examples = {{"Customers as they change",
                    R"({"connection": "shop", "table": "customers", "column": "updated_at"})"},
                   {"A small table, looked through every minute",
                    R"({"connection": "shop", "table": "crm.segments", "every": "1 min"})"}};
  return spec;
}

struct Settings {
  std::string connection;
  PageSettings page;
  bool fromLatest = false;
  std::int64_t everyMs = 1000;
  std::size_t pageSize = 1000;
};

/// One table is one partition. Lane's thread only.
class Reader final : public stage::SourceReader {
 public:
  Reader(Settings settings, bool isMine) : m_settings(std::move(settings)), m_isMine(isMine) {}

  Status open(stage::StageContext& context, std::span<const stage::Position> from,
              stage::PartitionListener&) override {
    if (!m_isMine) return {};
    m_context = &context;
    auto connection = findConnection(context, m_settings.connection);
    if (!connection) return connection.error();
    m_connection = *connection;
    if (auto status = connect(); !status) return status;
    const std::int64_t position = from.empty() ? 0 : from.front().offset;
    // In the midst of a transaction's rows: all of them again, for some may have gone meanwhile.
    m_from = position >> kPlaceBits;
    if (position > 0 || !m_settings.fromLatest) return {};
    auto now = m_query->horizon();
    if (!now) return now.error();
    m_from = now->until;
    return {};
  }

  Result<Polled> poll(Arena& arena, std::size_t most, int waitMs) override {
    Polled polled;
    polled.isEnded = !m_isMine;
    if (polled.isEnded) return polled;
    const std::int64_t from = m_from;
    if (auto filled = fill(arena, most, polled); !filled) {
      // The rows of this poll go with it, and are read again.
      m_from = from;
      m_transaction = -1;
      m_query.reset();
      m_isReading = false;
      m_page.reset();
      return filled.error();
    }
    if (polled.events.empty() && waitMs > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(waitMs));
    return polled;
  }

 private:
  Status connect() {
    if (m_query) return {};
    auto link = m_connection->open([this] { m_context->service(); });
    if (!link) return link.error();
    auto query = PageQuery::open(std::move(*link), m_settings.page);
    if (!query) return query.error();
    m_query = std::move(*query);
    return {};
  }

  Status beginRound() {
    const TimeMs now = m_context->nowMs();
    if (m_isReading || (now < m_nextRoundMs && now > m_nextRoundMs - 2 * m_settings.everyMs))
      return {};
    if (auto status = connect(); !status) return status;
    std::optional<TimeMs> floor;
    if (m_hasReadAll) floor = m_newestMs - m_settings.page.overlapMs;
    auto begun = m_query->begin(m_from, floor);
    if (!begun) return begun.error();
    m_isReading = *begun;
    if (!m_isReading) m_nextRoundMs = now + m_settings.everyMs;
    return {};
  }

  /// The next row of the round; false: there is none.
  Result<bool> advance() {
    if (m_page && ++m_row < m_page->rows()) return true;
    auto page = m_query->page(m_settings.pageSize);
    if (!page) return page.error();
    m_row = 0;
    m_page.emplace(std::move(*page));
    if (m_page->rows() > 0) return true;
    m_page.reset();
    m_isReading = false;
    m_hasReadAll = true;
    m_from = m_query->reachedHorizon();
    m_nextRoundMs = m_context->nowMs() + m_settings.everyMs;
    return false;
  }

  Status fill(Arena& arena, std::size_t most, Polled& polled) {
    if (auto status = beginRound(); !status) return status;
    if (!m_isReading) return {};
    if (!m_page) {
      auto isThere = advance();
      if (!isThere) return isThere.error();
      if (!*isThere) return {};
    }
    std::size_t bytes = 0;
    for (;;) {
      const std::int64_t transaction = m_page->integer(m_row, 0);
      const bool isNew = transaction != m_transaction;
      if (isNew && polled.events.size() >= most) return {};
      if (bytes >= kMostBytes) return {};
      m_place = isNew ? 0 : std::min(m_place + 1, kMostPlace - 1);
      m_transaction = transaction;
      Polled::Event& event = polled.events.emplace_back();
      event.bytes = arena.copy(m_page->text(m_row, 3), record::kJsonPadding);
      event.key = arena.copy(m_page->text(m_row, 1));
      event.offset = (transaction << kPlaceBits) + m_place;
      event.timeMs = m_page->integer(m_row, 2);
      bytes += event.bytes.size();
      // A row from the future must not hide those of today.
      m_newestMs = std::max(m_newestMs, std::min(event.timeMs, m_context->nowMs()));
      auto isThere = advance();
      if (!isThere) return isThere.error();
      const bool isLast = !*isThere || m_page->integer(m_row, 0) != transaction;
      // The position behind it is the next transaction.
      if (isLast) event.offset = (transaction << kPlaceBits) + kMostPlace;
      if (!*isThere) return {};
      if (isLast) m_from = transaction + 1;
    }
  }

  Settings m_settings;
  bool m_isMine;
  stage::StageContext* m_context = nullptr;
  std::shared_ptr<const PostgresConnection> m_connection;
  std::unique_ptr<PageQuery> m_query;
  std::optional<Answer> m_page;
  int m_row = 0;
  std::int64_t m_from = 0;  ///< the first transaction whose rows are not all handed over
  std::int64_t m_transaction = -1;
  std::int64_t m_place = 0;
  TimeMs m_newestMs = 0;
  TimeMs m_nextRoundMs = 0;
  bool m_isReading = false;
  bool m_hasReadAll = false;
};

class PostgresSource final : public stage::Source {
 public:
  explicit PostgresSource(Settings settings) : m_settings(std::move(settings)) {}
  Result<int> partitions(stage::StageContext&) override { return 1; }
  std::unique_ptr<stage::SourceReader> reader(int lane, int) override {
    return std::make_unique<Reader>(m_settings, lane == 0);
  }

 private:
  Settings m_settings;
};

Result<std::unique_ptr<stage::Source>> makeSource(const spec::Config& config,
                                                  stage::BuildContext&) {
  Settings settings;
  settings.connection = config.text("connection");
  settings.page = {config.text("table"), config.text("key"), config.text("column"),
                   config.durationMs("overlap")};
  settings.fromLatest = config.text("start") == "latest";
  settings.everyMs = std::max<std::int64_t>(10, config.durationMs("every"));
  settings.pageSize =
      static_cast<std::size_t>(std::max<std::int64_t>(1, config.integer("pageSize")));
  return std::unique_ptr<stage::Source>(std::make_unique<PostgresSource>(std::move(settings)));
}

}  // namespace

stage::NodeType sourceNode() {
  stage::NodeType type;
  type.spec = sourceSpec();
  type.makeSource = makeSource;
  return type;
}

}  // namespace freshet::postgres
