// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_kafka.h"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace freshet::bench {

void die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

double cpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

rd_kafka_t* makeClient(rd_kafka_type_t type, const std::string& brokers, const Settings& settings,
                       void (*onDelivery)(rd_kafka_t*, const rd_kafka_message_t*, void*),
                       void* opaque) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[512];
  Settings all = settings;
  if (!brokers.empty()) all.emplace_back("bootstrap.servers", brokers);
  for (const auto& [name, value] : all) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) {
      die(why);
    }
  }
  rd_kafka_conf_set_opaque(conf, opaque);
  if (onDelivery) rd_kafka_conf_set_dr_msg_cb(conf, onDelivery);
  rd_kafka_t* client = rd_kafka_new(type, conf, why, sizeof why);
  if (!client) die(why);
  return client;
}

std::vector<Range> topicRanges(rd_kafka_t* client, const std::string& topic) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto error = rd_kafka_metadata(client, 0, handle, &metadata, 10'000)) {
    die(topic + ": " + rd_kafka_err2str(error));
  }
  std::vector<Range> ranges(static_cast<std::size_t>(metadata->topics[0].partition_cnt));
  rd_kafka_metadata_destroy(metadata);
  rd_kafka_topic_destroy(handle);
  for (std::size_t partition = 0; partition < ranges.size(); ++partition) {
    if (const auto error = rd_kafka_query_watermark_offsets(
            client, topic.c_str(), static_cast<std::int32_t>(partition), &ranges[partition].low,
            &ranges[partition].high, 10'000)) {
      die(topic + ": " + rd_kafka_err2str(error));
    }
  }
  return ranges;
}

void readTopic(const std::string& brokers, const std::string& topic,
               const std::vector<std::int64_t>& from,
               const std::function<void(const rd_kafka_message_t&)>& visit) {
  rd_kafka_t* client = makeClient(RD_KAFKA_CONSUMER, brokers,
                                  {{"group.id", "bench-reader"},
                                   {"enable.auto.commit", "false"},
                                   {"enable.partition.eof", "true"},
                                   {"queued.min.messages", "1000000"}});
  rd_kafka_poll_set_consumer(client);
  const std::vector<Range> ranges = topicRanges(client, topic);
  rd_kafka_topic_partition_list_t* list =
      rd_kafka_topic_partition_list_new(static_cast<int>(ranges.size()));
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::int64_t begin = std::max(ranges[i].low, i < from.size() ? from[i] : 0);
    if (begin >= ranges[i].high) continue;
    rd_kafka_topic_partition_list_add(list, topic.c_str(), static_cast<std::int32_t>(i))->offset =
        begin;
  }
  rd_kafka_assign(client, list);
  // Transactions leave markers at the end that are no messages: a partition is read at its end.
  for (int left = list->cnt; left > 0;) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client, 20'000);
    if (!message) die(topic + ": " + std::to_string(left) + " partitions do not come to their end");
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      --left;
    } else if (!message->err &&
               message->offset < ranges[static_cast<std::size_t>(message->partition)].high) {
      visit(*message);
    }
    rd_kafka_message_destroy(message);
  }
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_consumer_close(client);
  rd_kafka_destroy(client);
}

}  // namespace freshet::bench
