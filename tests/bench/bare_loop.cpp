// SPDX-License-Identifier: GPL-3.0-or-later
// The practical limit: librdkafka alone, consuming `in` and producing the same bytes to `bare`,
// nothing copied. Ends when nothing has come for a while; one line of JSON on standard output.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/bench/bench_kafka.h"

namespace freshet::bench {
namespace {

constexpr std::size_t kBatch = 2000;

struct Tally {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void onDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  if (message->err) die(rd_kafka_err2str(message->err));
  ++static_cast<Tally*>(opaque)->out;
  rd_kafka_message_destroy(static_cast<rd_kafka_message_t*>(message->_private));
}

void produce(rd_kafka_t* producer, rd_kafka_topic_t* topic,
             std::vector<rd_kafka_message_t>& batch) {
  std::size_t from = 0;
  while (from < batch.size()) {
    rd_kafka_produce_batch(topic, RD_KAFKA_PARTITION_UA, 0, batch.data() + from,
                           static_cast<int>(batch.size() - from));
    while (from < batch.size() && batch[from].err == RD_KAFKA_RESP_ERR_NO_ERROR) ++from;
    if (from == batch.size()) break;
    if (batch[from].err != RD_KAFKA_RESP_ERR__QUEUE_FULL) die(rd_kafka_err2str(batch[from].err));
    rd_kafka_poll(producer, 5);
  }
  rd_kafka_poll(producer, 0);
}

void run(const std::string& brokers, const std::string& group, double idleSeconds) {
  Tally tally;
  rd_kafka_t* consumer = makeClient(RD_KAFKA_CONSUMER, brokers,
                                    {{"group.id", group},
                                     {"auto.offset.reset", "earliest"},
                                     {"queued.min.messages", "10000000"},
                                     {"queued.max.messages.kbytes", "262144"},
                                     {"fetch.max.bytes", "8388608"}});
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_t* producer = makeClient(RD_KAFKA_PRODUCER, brokers,
                                    {{"enable.idempotence", "true"},
                                     {"partitioner", "murmur2_random"},
                                     {"linger.ms", "5"},
                                     {"queue.buffering.max.messages", "1000000"}},
                                    onDelivery, &tally);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(producer, "bare", nullptr);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_topic_partition_list_t* topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, "in", RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(consumer, topics);

  std::vector<rd_kafka_message_t*> messages(kBatch);
  std::vector<rd_kafka_message_t> batch;
  double first = 0;
  double last = now();
  double firstCpu = 0;
  while (now() - last < idleSeconds || tally.in == 0) {
    auto count = rd_kafka_consume_batch_queue(queue, 0, messages.data(), kBatch);
    if (count <= 0) {
      messages[0] = rd_kafka_consumer_poll(consumer, 5);
      count = messages[0] ? 1 : 0;
    }
    batch.clear();
    for (ssize_t i = 0; i < count; ++i) {
      rd_kafka_message_t* message = messages[static_cast<std::size_t>(i)];
      if (message->err) {
        rd_kafka_message_destroy(message);
        continue;
      }
      rd_kafka_message_t& next = batch.emplace_back();
      next.payload = message->payload;
      next.len = message->len;
      next.key = message->key;
      next.key_len = message->key_len;
      next._private = message;
    }
    if (!batch.empty()) {
      if (tally.in == 0) {
        first = now();
        firstCpu = cpuSeconds();
      }
      tally.in += batch.size();
      produce(producer, topic, batch);
    }
    rd_kafka_poll(producer, 0);
    if (!batch.empty() || tally.out < tally.in) last = now();
  }
  const double cpu = cpuSeconds();
  std::printf("{\"in\":%llu,\"out\":%llu,\"seconds\":%.3f,\"cpuSeconds\":%.3f}\n",
              static_cast<unsigned long long>(tally.in), static_cast<unsigned long long>(tally.out),
              last - first, cpu - firstCpu);
  rd_kafka_topic_partition_list_destroy(topics);
  rd_kafka_queue_destroy(queue);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(producer);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
}

}  // namespace
}  // namespace freshet::bench

int main(int argc, char** argv) {
  CLI::App app("Consumes `in` and produces it to `bare` with librdkafka alone");
  std::string brokers;
  std::string group = "bare";
  double idleSeconds = 2;
  app.add_option("--brokers", brokers)->required();
  app.add_option("--group", group, "A new name reads from the beginning");
  app.add_option("--idle", idleSeconds, "Seconds without a message that end it");
  CLI11_PARSE(app, argc, argv);
  freshet::bench::run(brokers, group, idleSeconds);
  return 0;
}
