// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/topic.h"

#include <cstring>

#include "core/base/clock.h"

namespace freshet::kafka {
namespace {

constexpr std::int64_t kPatienceNs = 8'000'000'000;
constexpr std::int64_t kPatienceWhenAwayNs = 3'000'000'000;
constexpr std::int64_t kPropagationNs = 1'500'000'000;
constexpr int kPauseMs = 50;
constexpr int kCallMs = 5000;
constexpr int kCommittedMs = 3000;
constexpr int kUndecidedMs = 700;

struct MetadataRelease {
  void operator()(const rd_kafka_metadata_t* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};

/// A short-lived client for questions.
struct Asking {
  BrokerWatch watch;
  ClientPtr client;

  static Result<std::unique_ptr<Asking>> about(const KafkaConnection& connection,
                                               const std::string& group) {
    auto asking = std::make_unique<Asking>();
    ClientSettings settings = connection.settings();
    settings.emplace_back("allow.auto.create.topics", "false");
    if (!group.empty()) {
      settings.emplace_back("group.id", group);
      settings.emplace_back("enable.auto.commit", "false");
    }
    auto conf = makeConf(settings, asking->watch);
    if (!conf) return conf.error();
    auto client = makeClient(RD_KAFKA_CONSUMER, std::move(*conf));
    if (!client) return client.error();
    asking->client = std::move(*client);
    return asking;
  }
};

Error refused(const std::string& group, rd_kafka_resp_err_t error) {
  return {
      "E-3106",
      "The positions of group \"" + group + "\" cannot be set back: " + rd_kafka_err2str(error) +
          ". Stop what else reads as this group; a reader that was killed leaves it after 10 s.",
      {},
      Retry::Later};
}

}  // namespace

Result<int> countPartitions(const KafkaConnection& connection, const std::string& topic) {
  auto asking = Asking::about(connection, {});
  if (!asking) return asking.error();
  rd_kafka_t* client = (*asking)->client.get();
  const TopicPtr handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const std::int64_t begin = monotonicNs();
  for (;;) {
    const rd_kafka_metadata_t* raw = nullptr;
    const auto error = rd_kafka_metadata(client, 0, handle.get(), &raw, 1000);
    const std::unique_ptr<const rd_kafka_metadata_t, MetadataRelease> metadata(raw);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1) {
      const auto& found = metadata->topics[0];
      if (found.err == RD_KAFKA_RESP_ERR_NO_ERROR && found.partition_cnt > 0) {
        return found.partition_cnt;
      }
      // A topic that was just made is not known to every broker yet.
      if (found.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE &&
          monotonicNs() - begin > kPropagationNs) {
        return Error{"E-3102",
                     "Kafka at " + connection.brokers() + " has no topic \"" + topic +
                         "\" to read (" + rd_kafka_err2str(found.err) +
                         "). Create it, or correct the topic's name.",
                     "topic", Retry::Later};
      }
    }
    rd_kafka_poll(client, kPauseMs);
    const std::int64_t waited = monotonicNs() - begin;
    if (waited > kPatienceNs || ((*asking)->watch.isAway() && waited > kPatienceWhenAwayNs)) {
      return connection.brokersAway((*asking)->watch);
    }
  }
}

std::vector<stage::Position> positionsOf(const rd_kafka_topic_partition_list_t& list) {
  std::vector<stage::Position> positions;
  for (int i = 0; i < list.cnt; ++i) {
    const auto& entry = list.elems[i];
    positions.push_back({entry.partition, entry.offset, {}});
    if (entry.metadata)
      positions.back().note.assign(static_cast<const char*>(entry.metadata), entry.metadata_size);
  }
  return positions;
}

Result<std::vector<stage::Position>> committedPositions(const KafkaConnection& connection,
                                                        const std::string& topic,
                                                        const std::string& group) {
  auto count = countPartitions(connection, topic);
  if (!count) return count.error();
  auto asking = Asking::about(connection, group);
  if (!asking) return asking.error();
  // One by one: those that another's open transaction keeps undecided are left out.
  std::vector<stage::Position> positions;
  rd_kafka_resp_err_t last = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (int partition = 0; partition < *count; ++partition) {
    const PartitionsPtr list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
    const int waitMs = positions.empty() && partition == 0 ? kCommittedMs : kUndecidedMs;
    const auto error = rd_kafka_committed((*asking)->client.get(), list.get(), waitMs);
    if (error) {
      last = error;
    } else {
      positions.push_back(positionsOf(*list).front());
    }
  }
  if (positions.empty()) {
    return Error{
        "E-3103",
        "The positions of group \"" + group + "\" cannot be read: " + rd_kafka_err2str(last),
        "group", Retry::Later};
  }
  return positions;
}

std::optional<std::string> brokerSetting(const KafkaConnection& connection,
                                         const std::string& name) {
  auto asking = Asking::about(connection, {});
  if (!asking) return std::nullopt;
  rd_kafka_t* client = (*asking)->client.get();
  const std::int32_t broker = rd_kafka_controllerid(client, kCallMs);
  if (broker < 0) return std::nullopt;
  rd_kafka_ConfigResource_t* resource =
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, std::to_string(broker).c_str());
  const QueuePtr replies(rd_kafka_queue_new(client));
  rd_kafka_DescribeConfigs(client, &resource, 1, nullptr, replies.get());
  rd_kafka_ConfigResource_destroy(resource);
  rd_kafka_event_t* reply = rd_kafka_queue_poll(replies.get(), kCallMs);
  std::optional<std::string> value;
  if (const auto* result = rd_kafka_event_DescribeConfigs_result(reply)) {
    std::size_t resources = 0;
    const auto* list = rd_kafka_DescribeConfigs_result_resources(result, &resources);
    std::size_t count = 0;
    const auto* entries =
        resources > 0 ? rd_kafka_ConfigResource_configs(list[0], &count) : nullptr;
    for (std::size_t i = 0; i < count; ++i) {
      const char* text = rd_kafka_ConfigEntry_value(entries[i]);
      if (name == rd_kafka_ConfigEntry_name(entries[i]) && text) value = text;
    }
  }
  if (reply) rd_kafka_event_destroy(reply);
  return value;
}

Status resetGroup(const KafkaConnection& connection, const std::string& topic,
                  const std::string& group, bool toEnd) {
  auto count = countPartitions(connection, topic);
  if (!count) return count.error();
  auto asking = Asking::about(connection, group);
  if (!asking) return asking.error();
  rd_kafka_t* client = (*asking)->client.get();
  const PartitionsPtr positions(rd_kafka_topic_partition_list_new(*count));
  for (int partition = 0; partition < *count; ++partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (const auto error = rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low,
                                                            &high, kCallMs)) {
      return refused(group, error);
    }
    rd_kafka_topic_partition_list_add(positions.get(), topic.c_str(), partition)->offset =
        toEnd ? high : low;
    // As a lane would mark it: profiles of before are not taken for what was never committed.
    const std::string note = "0 reset=" + std::to_string(wallClockMs() * 1000);
    auto& entry = positions->elems[partition];
    entry.metadata = strdup(note.c_str());
    entry.metadata_size = note.size();
  }
  if (const auto error = rd_kafka_commit(client, positions.get(), 0)) return refused(group, error);
  return {};
}

}  // namespace freshet::kafka
