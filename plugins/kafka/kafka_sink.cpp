// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/kafka_sink.h"

#include "core/stage/payload.h"
#include "plugins/kafka/lane_transaction.h"
#include "plugins/kafka/topic_writer.h"

namespace freshet::kafka {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec sinkSpec() {
  spec::NodeSpec spec;
  spec.id = "kafka.sink";
  spec.family = spec::Family::Sink;
  spec.title = "To a Kafka topic";
  spec.summary = "Writes each event to a topic, acknowledged by all replicas.";
  spec.icon = "stream";
  spec.synonyms = {"kafka", "produce", "publish", "topic", "stream", "dead letters"};
  spec.capabilities = {"kafka"};
  spec.delivery = spec::DeliveryClass::Transactional;
  spec.keySummary = "topic";
  spec.fields.push_back(
      field("connection", FieldType::Connection, "Connection", "Which Kafka to write to.")
          .required()
          .of("kafka"));
  spec.fields.push_back(
      field("topic", FieldType::Text, "Topic", "The topic to write to.").required());
  spec.fields.push_back(field("key", FieldType::Expression, "Key",
                              "What decides the partition; without it, the key the event came "
                              "with."));
  spec.fields.push_back(field("value", FieldType::Expression, "Value",
                              "What to write: an object becomes JSON, text stays text; without it, "
                              "the event as it arrived."));
  spec.fields.push_back(field("include", FieldType::Map, "Include",
                              "Members to add to the event, each with its value.")
                            .orElse("{}"));
  spec.fields.push_back(field("linger", FieldType::Duration, "Linger",
                              "How long to wait for more messages to send together.")
                            .orElse("\"5 ms\"")
                            .advanced());
  spec.fields.push_back(field("compression", FieldType::Choice, "Compression",
                              "How messages are packed on their way and in the topic.")
                            .orElse("\"none\"")
                            .oneOf({"none", "lz4", "zstd", "snappy", "gzip"})
                            .advanced());
  spec.fields.push_back(field("errorHeaders", FieldType::Flag, "Error headers",
                              "What failed goes with the headers error.code, error.message, "
                              "error.pointer and error.node.")
                            .orElse("true")
                            .advanced());
  spec.fields.push_back(field("sourceHeader", FieldType::Text, "Source header",
                              "A name for where events come from: each message gets the header "
                              "src=name/partition/offset/ordinal, to recognise it by.")
                            .advanced());
  spec.examples.push_back(
      {"Events with their score",
       R"({"connection": "kafka", "topic": "scored", "include": {"score": "{{ score.value }}"}})"});
  spec.examples.push_back({"E-mails by person",
                           R"({"connection": "kafka", "topic": "shop.emails",
           "key": "{{ event.userId }}", "value": "{{ email }}"})"});
  return spec;
}

class KafkaSink final : public stage::Sink {
 public:
  KafkaSink(const spec::Config& config, stage::Payload payload)
      : m_connection(config.text("connection")),
        m_settings{config.text("topic"), config.durationMs("linger"), config.text("compression")},
        m_sourceHeader(config.text("sourceHeader")),
        m_payload(std::move(payload)) {}

  void setKey(stage::BoundExpression key) { m_key.emplace(std::move(key)); }
  void setErrorSlot(std::uint32_t slot) { m_errorSlot = slot; }

  bool join(stage::Transaction& transaction) override {
    m_transaction = dynamic_cast<LaneTransaction*>(&transaction);
    return m_transaction != nullptr;
  }
  Status open(stage::StageContext& context) override {
    auto connection = findConnection(context, m_connection);
    if (!connection) return connection.error();
    // Another cluster's transaction is none of ours.
    if (m_transaction && &m_transaction->connection() != connection->get()) m_transaction = nullptr;
    auto writer = TopicWriter::open(*connection, m_settings, context, m_transaction);
    if (!writer) return writer.error();
    m_writer = std::move(*writer);
    return {};
  }

  Status write(std::span<record::Record* const> records, const stage::BatchLease& lease) override {
    if (auto status = m_writer->makeRoom(); !status) return status;
    Parcel& parcel = m_writer->newParcel(lease);
    parcel.messages.reserve(records.size());
    const record::Origin* previous = nullptr;
    std::uint32_t ordinal = 0;
    for (record::Record* record : records) {
      stage::Failure failure{record, {}, {}, {}};
      const auto value = m_payload.compose(*record, parcel.arena, failure);
      if (!value) {
        m_writer->refuse(failure, lease);
        continue;
      }
      ordinal = record->origin == previous ? ordinal + 1 : 0;
      previous = record->origin;
      Outgoing& message = parcel.messages.emplace_back();
      message.record = record;
      message.value = *value;
      message.key = m_key ? m_key->text(*record, parcel.arena) : record->origin->key;
      if (message.key.empty()) message.key = {};
      message.headers = headers(*record, parcel.arena, ordinal);
      message.ordinal = ordinal;
    }
    m_writer->send(parcel);
    return {};
  }

  Status flush(std::vector<stage::Failure>& refused) override { return m_writer->flush(refused); }

 private:
  std::span<const record::Header> headers(const record::Record& record, Arena& arena,
                                          std::uint32_t ordinal) const {
    const record::Origin& origin = *record.origin;
    const record::Value error = m_errorSlot ? record.sections[*m_errorSlot] : record::Value();
    const bool hasOwn = m_payload.isEvent() && !origin.headers.empty();
    if (!hasOwn && !error.isObject() && m_sourceHeader.empty()) return {};
    const std::size_t most = (hasOwn ? origin.headers.size() : 0) + error.size() + 1;
    const auto list = arena.array<record::Header>(most);
    std::size_t count = 0;
    if (hasOwn) {
      for (const record::Header& header : origin.headers) list[count++] = header;
    }
    if (error.isObject()) {
      for (const record::Member& member : error.asObject()) {
        if (!member.value.isString() || member.value.size() == 0) continue;
        list[count++] = {arena.copy("error." + std::string(member.key)), member.value.asString()};
      }
    }
    if (!m_sourceHeader.empty()) {
      list[count++] = {"src",
                       arena.copy(m_sourceHeader + '/' + std::to_string(origin.partition) + '/' +
                                  std::to_string(origin.offset) + '/' + std::to_string(ordinal))};
    }
    return list.first(count);
  }

  std::string m_connection;
  WriterSettings m_settings;
  std::string m_sourceHeader;
  stage::Payload m_payload;
  std::optional<stage::BoundExpression> m_key;
  std::optional<std::uint32_t> m_errorSlot;
  LaneTransaction* m_transaction = nullptr;
  std::unique_ptr<TopicWriter> m_writer;
};

Result<std::unique_ptr<stage::Sink>> makeSink(const spec::Config& config,
                                              stage::BuildContext& context) {
  if (config.text("topic").empty()) {
    return Error{"E-3100", "\"topic\" is empty", "topic", Retry::Never};
  }
  auto payload = stage::Payload::compile(config, "value", context);
  if (!payload) return payload.error();
  auto sink = std::make_unique<KafkaSink>(config, std::move(*payload));
  if (config.has("key")) {
    auto key = stage::BoundExpression::bind(config.text("key"), context);
    if (!key) {
      Error error = key.error();
      error.where = "key";
      return error;
    }
    sink->setKey(std::move(*key));
  }
  if (config.flag("errorHeaders")) sink->setErrorSlot(context.slot("error"));
  return std::unique_ptr<stage::Sink>(std::move(sink));
}

}  // namespace

stage::NodeType sinkNode() {
  stage::NodeType type;
  type.spec = sinkSpec();
  type.makeSink = makeSink;
  return type;
}

}  // namespace freshet::kafka
