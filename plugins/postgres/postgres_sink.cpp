// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/postgres_sink.h"

#include <optional>

#include "core/stage/bound.h"
#include "plugins/postgres/row_writer.h"

namespace freshet::postgres {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec sinkSpec() {
  spec::NodeSpec spec;
  spec.id = "postgres.sink";
  spec.family = spec::Family::Sink;
  spec.title = "To a PostgreSQL table";
  spec.summary = "Writes each event as a row, exactly once, by key.";
  spec.icon = "database";
  spec.synonyms = {"postgres", "postgresql", "database", "sql", "table", "upsert", "insert", "row"};
  spec.capabilities = {"postgres"};
  spec.delivery = spec::DeliveryClass::Idempotent;
  spec.keySummary = "table";
  spec.fields.push_back(
      field("connection", FieldType::Connection, "Connection", "Which database to write to.")
          .required()
          .of("postgres"));
  spec.fields.push_back(
      field("table", FieldType::Text, "Table", "The table, or schema.table.").required());
  spec.fields.push_back(field("columns", FieldType::Map, "Columns",
                              "What to write: each column's name and its value.")
                            .required());
  spec.fields.push_back(field("onConflict", FieldType::Choice, "If the key is there",
                              "update: the row gets the new values. ignore: it stays as it is. "
                              "append: there is no key, every event adds a row.")
                            .orElse("\"update\"")
                            .oneOf({"update", "ignore", "append"}));
  spec.fields.push_back(field("key", FieldType::List, "Key columns",
                              "The columns that tell rows apart; the table needs a unique index on "
                              "them.")
                            .orElse("[]"));
  spec.examples.push_back({"The last order of each customer",
                           R"({"connection": "shop", "table": "last_order", "key": ["customer_id"],
           "columns": {"customer_id": "{{ event.userId }}", "total": "{{ event.total }}",
           "ordered_at": "{{ event.timestamp }}"}})"});
  spec.examples.push_back({"A log of e-mails",
                           R"({"connection": "shop", "table": "email_log", "onConflict": "append",
           "columns": {"person": "{{ event.userId }}", "subject": "{{ email.subject }}"}})"});
  return spec;
}

/// One column's value: text is an expression, anything else stands as it is.
struct Member {
  record::OwnedValue constant;
  std::optional<stage::BoundExpression> expression;

  record::Value of(const record::Record& record, Arena& arena) const {
    return expression ? expression->evaluate(record, arena) : *constant;
  }
};

class PostgresSink final : public stage::Sink {
 public:
  PostgresSink(std::string connection, WriterSettings settings, std::vector<Member> members)
      : m_connection(std::move(connection)),
        m_settings(std::move(settings)),
        m_members(std::move(members)) {}

  Status open(stage::StageContext& context) override {
    auto connection = findConnection(context, m_connection);
    if (!connection) return connection.error();
    if ((*connection)->isInert()) return {};
    auto writer = RowWriter::open(*connection, m_settings, context);
    if (!writer) return writer.error();
    m_writer = std::move(*writer);
    return {};
  }

  Status write(std::span<record::Record* const> records, const stage::BatchLease& lease) override {
    if (!m_writer) return {};
    m_ofOrigin.clear();
    m_values.resize(m_members.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      for (std::size_t column = 0; column < m_members.size(); ++column)
        m_values[column] = m_members[column].of(*records[i], m_arena);
      m_writer->add({records[i], nth(records, i)}, m_values, lease);
      if (m_arena.capacityBytes() > kMostArenaBytes) m_arena = Arena();
    }
    m_arena.reset();
    m_writer->sendFull();
    return {};
  }

  Status flush(std::vector<stage::Failure>& refused) override {
    return m_writer ? m_writer->flush(refused) : Status();
  }
  Result<std::optional<stage::Reach>> takeOver(
      std::uint32_t shard, std::string_view name,
      std::vector<stage::RefusedBefore>& refused) override {
    if (!m_writer) return std::optional<stage::Reach>();
    auto reach = m_writer->takeOver(shard, name, refused);
    if (!reach) return reach.error();
    return std::optional(*reach);
  }
  void reached(std::span<const stage::Reach> reach) override {
    if (m_writer) m_writer->reached(reach);
  }
  void settled() override {
    if (m_writer) m_writer->settled();
  }
  void discard() override {
    if (m_writer) m_writer->discard();
  }
  Status forgetPositions(stage::StageContext& context, std::string_view prefix) override {
    auto connection = findConnection(context, m_connection);
    if (!connection) return connection.error();
    auto link = (*connection)->open({});
    if (!link) return link.error();
    if (auto status = PositionTable::open(**link); !status) return status;
    return PositionTable::forget(**link, context.nodeId(), prefix);
  }

 private:
  static constexpr std::size_t kMostArenaBytes = 8 << 20;

  std::uint32_t nth(std::span<record::Record* const> records, std::size_t at) {
    const std::uint32_t ordinal = records[at]->origin->ordinal;
    if (ordinal == record::Origin::kNoOrdinal) return stage::nthOfOrigin(records, at);
    if (ordinal >= m_ofOrigin.size()) m_ofOrigin.resize(ordinal + 1, 0);
    return m_ofOrigin[ordinal]++;
  }

  std::string m_connection;
  WriterSettings m_settings;
  std::vector<Member> m_members;
  std::vector<record::Value> m_values;
  std::vector<std::uint32_t> m_ofOrigin;  ///< how many there were, by ordinal
  Arena m_arena;
  std::unique_ptr<RowWriter> m_writer;
};

Error wrong(std::string message, std::string field) {
  return {"E-3900", std::move(message), std::move(field), Retry::Never};
}

Result<std::unique_ptr<stage::Sink>> makeSink(const spec::Config& config,
                                              stage::BuildContext& context) {
  WriterSettings settings;
  settings.table = config.text("table");
  const std::string onConflict = config.text("onConflict");
  settings.onConflict = onConflict == "append"   ? OnConflict::Append
                        : onConflict == "ignore" ? OnConflict::Ignore
                                                 : OnConflict::Update;
  if (const record::Value keys = config.value("key"); keys.isArray()) {
    for (const record::Value& key : keys.asArray()) {
      if (key.isString()) settings.keys.emplace_back(key.asString());
    }
  }
  std::vector<Member> members;
  const record::Value columns = config.value("columns");
  if (!columns.isObject() || columns.size() == 0)
    return wrong("No columns are written; give each its value", "columns");
  for (const record::Member& column : columns.asObject()) {
    settings.columns.emplace_back(column.key);
    Member& member = members.emplace_back();
    if (!column.value.isString()) {
      member.constant = record::OwnedValue(column.value);
      continue;
    }
    auto bound = stage::BoundExpression::bind(column.value.asString(), context);
    if (!bound) {
      Error error = bound.error();
      error.where = "columns." + std::string(column.key);
      return error;
    }
    member.expression = std::move(*bound);
  }
  const bool isAppend = settings.onConflict == OnConflict::Append;
  if (!isAppend && settings.keys.empty())
    return wrong("Without key columns a row cannot be told; name them, or choose append", "key");
  if (isAppend && !settings.keys.empty())
    return wrong("append goes by no key; remove the key columns, or choose update or ignore",
                 "key");
  for (const std::string& key : settings.keys) {
    if (!columns.find(key))
      return wrong("The key column " + key + " is not among the columns", "key");
  }
  return std::unique_ptr<stage::Sink>(std::make_unique<PostgresSink>(
      config.text("connection"), std::move(settings), std::move(members)));
}

}  // namespace

stage::NodeType sinkNode() {
  stage::NodeType type;
  type.spec = sinkSpec();
  type.makeSink = makeSink;
  return type;
}

}  // namespace freshet::postgres
