// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "plugins/kafka/connection.h"
#include "tests/support/fake_context.h"

namespace freshet::testing {

inline std::string realBrokers() {
  const char* address = std::getenv("FRESHET_KAFKA");
  return address ? address : "";
}

/// A name that no other test and no other run uses.
inline std::string uniqueName(const std::string& about) {
  static std::atomic<int> count{0};
  return about + "-" + std::to_string(getpid()) + "-" + std::to_string(count++);
}

inline std::shared_ptr<kafka::KafkaConnection> realConnection(
    stage::Mode mode = stage::Mode::Live) {
  return std::make_shared<kafka::KafkaConnection>(realBrokers(), "test", mode);
}

struct Message {
  std::string key;
  std::string value;
  std::int32_t partition = RD_KAFKA_PARTITION_UA;
  std::int64_t offset = -1;
  bool hasValue = true;
  std::map<std::string, std::string> headers = {};
};

/// What a test asks of the broker beside the plugin: topics, messages, positions.
class RealKafka {
 public:
  RealKafka() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", realBrokers());
    set(conf, "partitioner", "murmur2_random");
    set(conf, "linger.ms", "1");
    set(conf, "message.max.bytes", "8388608");
    char why[512];
    m_client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    EXPECT_TRUE(m_client) << why;
  }
  ~RealKafka() { rd_kafka_destroy(m_client); }

  std::string makeTopic(int partitions, const std::string& maxMessageBytes = "8388608") {
    const std::string name = uniqueName("topic");
    char why[512];
    rd_kafka_NewTopic_t* topic =
        rd_kafka_NewTopic_new(name.c_str(), partitions, 1, why, sizeof why);
    rd_kafka_NewTopic_set_config(topic, "max.message.bytes", maxMessageBytes.c_str());
    rd_kafka_queue_t* replies = rd_kafka_queue_new(m_client);
    rd_kafka_CreateTopics(m_client, &topic, 1, nullptr, replies);
    rd_kafka_event_t* reply = rd_kafka_queue_poll(replies, 20'000);
    EXPECT_TRUE(reply);
    EXPECT_EQ(rd_kafka_event_error(reply), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(reply);
    rd_kafka_queue_destroy(replies);
    rd_kafka_NewTopic_destroy(topic);
    return name;
  }

  void produce(const std::string& topic, const std::vector<Message>& messages) {
    for (const Message& message : messages) {
      rd_kafka_headers_t* headers = rd_kafka_headers_new(1);
      for (const auto& [name, value] : message.headers) {
        rd_kafka_header_add(headers, name.c_str(), -1, value.data(),
                            static_cast<ssize_t>(value.size()));
      }
      const auto error = rd_kafka_producev(
          m_client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(message.partition),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK),
          RD_KAFKA_V_KEY(message.key.empty() ? nullptr : message.key.data(), message.key.size()),
          RD_KAFKA_V_VALUE(message.hasValue ? const_cast<char*>(message.value.data()) : nullptr,
                           message.value.size()),
          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
      EXPECT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_err2str(error);
      rd_kafka_poll(m_client, 0);
    }
    EXPECT_EQ(rd_kafka_flush(m_client, 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  /// All that is in a topic now, by partition and offset.
  std::vector<Message> readAll(const std::string& topic, int partitions) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", realBrokers());
    set(conf, "group.id", "reader-of-a-test");
    set(conf, "enable.partition.eof", "true");
    char why[512];
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    rd_kafka_poll_set_consumer(client);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; ++i) {
      rd_kafka_topic_partition_list_add(list, topic.c_str(), i)->offset = 0;
    }
    rd_kafka_assign(client, list);
    std::vector<Message> all;
    for (int ends = 0; ends < partitions;) {
      rd_kafka_message_t* message = rd_kafka_consumer_poll(client, 20'000);
      if (!message) {
        ADD_FAILURE() << topic << " cannot be read";
        break;
      }
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) ++ends;
      if (!message->err) all.push_back(copyOf(*message));
      rd_kafka_message_destroy(message);
    }
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
    return all;
  }

  std::int64_t committed(const std::string& group, const std::string& topic, int partition) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", realBrokers());
    set(conf, "group.id", group);
    char why[512];
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
    EXPECT_EQ(rd_kafka_committed(client, list, 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
    const std::int64_t offset = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(client);
    return offset;
  }

  /// Deletes what a partition holds before `offset`, as retention would.
  void deleteBefore(const std::string& topic, int partition, std::int64_t offset) {
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
    rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list);
    rd_kafka_queue_t* replies = rd_kafka_queue_new(m_client);
    rd_kafka_DeleteRecords(m_client, &request, 1, nullptr, replies);
    rd_kafka_event_t* reply = rd_kafka_queue_poll(replies, 20'000);
    EXPECT_EQ(rd_kafka_event_error(reply), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(reply);
    rd_kafka_queue_destroy(replies);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_topic_partition_list_destroy(list);
  }

 private:
  static void set(rd_kafka_conf_t* conf, const char* name, const std::string& value) {
    char why[512];
    EXPECT_EQ(rd_kafka_conf_set(conf, name, value.c_str(), why, sizeof why), RD_KAFKA_CONF_OK)
        << why;
  }
  static Message copyOf(const rd_kafka_message_t& message) {
    Message copy;
    if (message.key) copy.key.assign(static_cast<const char*>(message.key), message.key_len);
    copy.hasValue = message.payload != nullptr;
    if (message.payload) copy.value.assign(static_cast<const char*>(message.payload), message.len);
    copy.partition = message.partition;
    copy.offset = message.offset;
    rd_kafka_headers_t* headers = nullptr;
    if (!rd_kafka_message_headers(&message, &headers)) {
      const char* name = nullptr;
      const void* value = nullptr;
      std::size_t size = 0;
      for (std::size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &size); ++i) {
        copy.headers[name] = std::string(static_cast<const char*>(value), size);
      }
    }
    return copy;
  }

  rd_kafka_t* m_client = nullptr;
};

}  // namespace freshet::testing
