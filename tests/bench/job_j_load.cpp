// SPDX-License-Identifier: GPL-3.0-or-later
// Fills topic `in` with the events of job J and creates `out`, `dlq` and `bare`. With --mock the
// broker is librdkafka's mock cluster inside this process, which prints its address and serves
// until standard input ends; a line there announces a consumer group that is about to begin.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <memory>

#include "tests/bench/bench_events.h"
#include "tests/bench/bench_kafka.h"

namespace freshet::bench {
namespace {

constexpr std::array kTopics{"in", "out", "dlq", "bare"};

void createTopics(rd_kafka_t* client, int partitions) {
  rd_kafka_queue_t* replies = rd_kafka_queue_new(client);
  std::array<rd_kafka_NewTopic_t*, kTopics.size()> topics{};
  char why[512];
  for (std::size_t i = 0; i < kTopics.size(); ++i) {
    topics[i] = rd_kafka_NewTopic_new(kTopics[i], partitions, 1, why, sizeof why);
    // So that what was read and deleted between two runs goes away at once.
    rd_kafka_NewTopic_set_config(topics[i], "segment.bytes", "67108864");
    rd_kafka_NewTopic_set_config(topics[i], "file.delete.delay.ms", "100");
  }
  rd_kafka_CreateTopics(client, topics.data(), topics.size(), nullptr, replies);
  rd_kafka_event_t* reply = rd_kafka_queue_poll(replies, 20'000);
  if (!reply) die("the broker does not create topics");
  if (rd_kafka_event_error(reply)) die(rd_kafka_event_error_string(reply));
  std::size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(reply);
  const auto** created = rd_kafka_CreateTopics_result_topics(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_topic_result_error(created[i]);
    if (error && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      die(std::string(rd_kafka_topic_result_name(created[i])) + ": " + rd_kafka_err2str(error));
    }
  }
  rd_kafka_event_destroy(reply);
  for (auto* topic : topics) rd_kafka_NewTopic_destroy(topic);
  rd_kafka_queue_destroy(replies);
}

void onDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err) die(std::string("not delivered: ") + rd_kafka_err2str(message->err));
}

void load(const std::string& brokers, const EventPlan& plan) {
  rd_kafka_t* client = makeClient(RD_KAFKA_PRODUCER, brokers,
                                  {{"enable.idempotence", "true"},
                                   {"partitioner", "murmur2_random"},
                                   {"linger.ms", "20"},
                                   {"queue.buffering.max.messages", "1000000"}},
                                  onDelivery);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client, "in", nullptr);
  std::string event;
  for (std::uint64_t i = 0; i < plan.events; ++i) {
    writeEvent(plan, i, event);
    const std::string user = userName(eventFacts(plan, i).user);
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, event.data(),
                            event.size(), user.data(), user.size(), nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        die(rd_kafka_err2str(rd_kafka_last_error()));
      }
      rd_kafka_poll(client, 10);
    }
    if (i % 1024 == 0) rd_kafka_poll(client, 0);
  }
  if (rd_kafka_flush(client, 120'000)) die("the broker does not take the events");
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(client);
}

/// The mock calls a group complete once its leader has synced, refuses members that sync later as
/// invalid, and makes the group wait nine seconds for them to join again. Who joins first leads:
/// its answer comes last.
void expectGroup(rd_kafka_mock_cluster_t* cluster) {
  constexpr std::int32_t kBroker = 1;
  constexpr std::int16_t kJoinGroup = 11;
  constexpr int kLateMs = 300;
  rd_kafka_mock_broker_push_request_error_rtts(cluster, kBroker, kJoinGroup, 1,
                                               RD_KAFKA_RESP_ERR_NO_ERROR, kLateMs);
}

int serveMock(const EventPlan& plan, int partitions) {
  rd_kafka_t* owner = makeClient(RD_KAFKA_PRODUCER, {}, {{"log_level", "4"}});
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(owner, 1);
  for (const char* topic : kTopics) rd_kafka_mock_topic_create(cluster, topic, partitions, 1);
  const std::string brokers = rd_kafka_mock_cluster_bootstraps(cluster);
  load(brokers, plan);
  std::printf("%s\n", brokers.c_str());
  std::fflush(stdout);
  for (int read = std::getchar(); read != EOF; read = std::getchar()) {
    if (read == '\n') expectGroup(cluster);
  }
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(owner);
  return 0;
}

}  // namespace
}  // namespace freshet::bench

int main(int argc, char** argv) {
  using namespace freshet::bench;
  CLI::App app("Fills topic `in` with the events of job J");
  EventPlan plan;
  std::string brokers;
  std::string users = "zipf";
  int partitions = 4;
  bool isMock = false;
  app.add_option("--brokers", brokers, "Where to load; not with --mock");
  app.add_option("--events", plan.events, "How many");
  app.add_option("--seed", plan.seed, "The same seed makes the same events");
  app.add_option("--users", users, "How users are drawn")
      ->check(CLI::IsMember({"zipf", "uniform"}));
  app.add_option("--invalid", plan.invalid, "Share of events that break the schema");
  app.add_option("--partitions", partitions, "Of each topic");
  app.add_flag("--mock", isMock, "Be the broker, too");
  CLI11_PARSE(app, argc, argv);
  plan.isZipf = users == "zipf";
  if (isMock) return serveMock(plan, partitions);
  rd_kafka_t* client = makeClient(RD_KAFKA_PRODUCER, brokers, {});
  createTopics(client, partitions);
  rd_kafka_destroy(client);
  load(brokers, plan);
  return 0;
}
