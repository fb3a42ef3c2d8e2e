// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/kafka_source.h"

#include "core/base/clock.h"
#include "plugins/kafka/group_reader.h"
#include "plugins/kafka/lane_transaction.h"
#include "plugins/kafka/topic.h"

namespace freshet::kafka {
namespace {

using spec::field;
using spec::FieldType;

constexpr std::int64_t kSettleNs = 30'000'000'000;

spec::NodeSpec sourceSpec() {
  spec::NodeSpec spec;
  spec.id = "kafka.source";
  spec.family = spec::Family::Source;
  spec.title = "Kafka topic";
  spec.summary = "Reads a topic as a member of a consumer group; the group keeps the positions.";
  spec.icon = "stream";
  spec.synonyms = {"kafka", "consume", "subscribe", "topic", "stream", "redpanda"};
  spec.hasInput = false;
  spec.outputs = {{"out", "Out"}};
  spec.capabilities = {"kafka"};
  spec.delivery = spec::DeliveryClass::Transactional;
  spec.keySummary = "topic";
  spec.fields.push_back(
      field("connection", FieldType::Connection, "Connection", "Which Kafka to read from.")
          .required()
          .of("kafka"));
  spec.fields.push_back(
      field("topic", FieldType::Text, "Topic", "The topic to read, all of its partitions.")
          .required());
  spec.fields.push_back(field("group", FieldType::Text, "Consumer group",
                              "Readers of one group share the partitions and their positions.")
                            .required());
  spec.fields.push_back(field("start", FieldType::Choice, "Start",
                              "Where to begin in a partition of which the group has no position.")
                            .orElse("\"earliest\"")
                            .oneOf({"earliest", "latest"}));
  spec.fields.push_back(field("eventTime", FieldType::Expression, "Event time",
                              "When it happened, as milliseconds or ISO 8601; without it, the time "
                              "in Kafka's record."));
  spec.fields.push_back(field("lateness", FieldType::Duration, "Allowed lateness",
                              "How long after newer events an older one is still waited for.")
                            .orElse("\"5 s\""));
  spec.fields.push_back(field("delivery", FieldType::Choice, "Delivery",
                              "auto: exactly once to every step that can take part, by "
                              "transactions of this connection. exactly-once: nothing less will "
                              "do. at-least-once: without transactions.")
                            .orElse("\"auto\"")
                            .oneOf({"auto", "exactly-once", "at-least-once"}));
  spec.fields.push_back(field("commitEvery", FieldType::Duration, "Commit every",
                              "How often what is done is committed (100 ms to 1 s): readers see "
                              "results of transactions no sooner.")
                            .orElse("\"100 ms\"")
                            .advanced());
  spec.fields.push_back(field("transactionTimeout", FieldType::Duration, "Transaction timeout",
                              "How long a transaction may stay open before the broker aborts it; "
                              "at most the broker's transaction.max.timeout.ms.")
                            .orElse("\"60 s\"")
                            .advanced());
  spec.examples.push_back(
      {"Events of a shop",
       R"({"connection": "kafka", "topic": "shop.events", "group": "abandoned-basket"})"});
  spec.examples.push_back(
      {"Only what is new, by the time in the event",
       R"({"connection": "kafka", "topic": "clicks", "group": "live", "start": "latest",
           "eventTime": "{{ event.ts }}", "lateness": "30 s"})"});
  return spec;
}

class KafkaSource final : public stage::Source {
 public:
  explicit KafkaSource(SourceSettings settings)
      : m_settings(std::make_shared<const SourceSettings>(std::move(settings))) {}

  Result<int> partitions(stage::StageContext& context) override {
    auto connection = findConnection(context, m_settings->connection);
    if (!connection) return connection.error();
    return countPartitions(**connection, m_settings->topic);
  }
  std::unique_ptr<stage::SourceReader> reader(int lane, int lanes) override {
    return std::make_unique<GroupReader>(m_settings, lane, lanes);
  }
  bool keepsPositions() const override { return true; }
  Result<std::vector<stage::Position>> settle(stage::StageContext& context, int lane) override {
    auto connection = findConnection(context, m_settings->connection);
    if (!connection) return connection.error();
    const std::int64_t until = monotonicNs() + kSettleNs;
    const SourceSettings read = m_settings->in(context);
    LaneTransaction left(
        *connection,
        {transactionalId(context, read.group, lane), read.topic, read.transactionTimeoutMs},
        nullptr, context);
    for (Status ended = left.open(); !ended; ended = left.open()) {
      if (ended.error().retry != Retry::Later || monotonicNs() > until) return ended.error();
    }
    return committedPositions(**connection, read.topic, read.group);
  }
  Status forgetPositions(stage::StageContext& context) override {
    auto connection = findConnection(context, m_settings->connection);
    if (!connection) return connection.error();
    if ((*connection)->isInert()) return {};
    const SourceSettings read = m_settings->in(context);
    return resetGroup(**connection, read.topic, read.group, read.startsAtEnd);
  }

 private:
  std::shared_ptr<const SourceSettings> m_settings;
};

}  // namespace

SourceSettings SourceSettings::in(const stage::StageContext& context) const {
  SourceSettings settings = *this;
  if (context.isBackfill()) {
    settings.group += "-backfill";
    settings.startsAtEnd = false;
  }
  return settings;
}

stage::NodeType sourceNode() {
  stage::NodeType type;
  type.spec = sourceSpec();
  type.makeSource = [](const spec::Config& config,
                       stage::BuildContext&) -> Result<std::unique_ptr<stage::Source>> {
    for (const char* name : {"topic", "group"}) {
      if (config.text(name).empty()) {
        return Error{"E-3100", std::string("\"") + name + "\" is empty", name, Retry::Never};
      }
    }
    return std::unique_ptr<stage::Source>(std::make_unique<KafkaSource>(
        SourceSettings{config.text("connection"), config.text("topic"), config.text("group"),
                       static_cast<int>(config.durationMs("transactionTimeout")),
                       config.text("start") == "latest"}));
  };
  return type;
}

}  // namespace freshet::kafka
