// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/topic_writer.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "core/base/clock.h"
#include "tests/support/fake_context.h"

namespace freshet::kafka {
namespace {

constexpr std::int16_t kProduce = 0;

/// librdkafka's own broker in this process, for errors that a real one makes seldom.
class TopicWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "2", nullptr, 0);
    m_owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    cluster = rd_kafka_mock_cluster_new(m_owner, 1);
    rd_kafka_mock_topic_create(cluster, "out", 2, 1);
    writer =
        TopicWriter::open(std::make_shared<KafkaConnection>(
                              rd_kafka_mock_cluster_bootstraps(cluster), "test", stage::Mode::Live),
                          {"out", 1, "none"}, context)
            .value();
  }
  void TearDown() override {
    writer.reset();
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(m_owner);
  }
  void send(const std::vector<std::string>& values) {
    Parcel& parcel = writer->newParcel(lease);
    for (const std::string& value : values) {
      Outgoing& message = parcel.messages.emplace_back();
      message.value = parcel.arena.copy(value);
      message.key = "k";
    }
    writer->send(parcel);
  }
  Status flush(std::vector<stage::Failure>& refused, std::int64_t patienceNs = 20'000'000'000) {
    const std::int64_t until = monotonicNs() + patienceNs;
    for (;;) {
      Status status = writer->flush(refused);
      if (status || monotonicNs() > until) return status;
    }
  }
  /// How many messages are in the topic.
  std::int64_t count() {
    std::int64_t sum = 0;
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), nullptr,
                      0);
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    for (int partition = 0; partition < 2; ++partition) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      EXPECT_EQ(rd_kafka_query_watermark_offsets(client, "out", partition, &low, &high, 10'000),
                RD_KAFKA_RESP_ERR_NO_ERROR);
      sum += high - low;
    }
    rd_kafka_destroy(client);
    return sum;
  }

  rd_kafka_mock_cluster_t* cluster = nullptr;
  freshet::testing::FakeContext context;
  stage::BatchLease lease = std::make_shared<int>(0);
  std::unique_ptr<TopicWriter> writer;

 private:
  rd_kafka_t* m_owner = nullptr;
};

TEST_F(TopicWriterTest, keepsTheBatchUntilTheLastAnswer) {
  std::weak_ptr<const void> alive = lease;
  send({"a", "b", "c"});
  lease.reset();
  EXPECT_FALSE(alive.expired());
  std::vector<stage::Failure> refused;
  ASSERT_TRUE(flush(refused).ok());
  EXPECT_TRUE(alive.expired());
  EXPECT_TRUE(refused.empty());
  EXPECT_EQ(count(), 3);
}

TEST_F(TopicWriterTest, passingErrorsAreSentAgain) {
  rd_kafka_mock_push_request_errors(cluster, kProduce, 3, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                                    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                    RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
  send({"a", "b"});
  std::vector<stage::Failure> refused;
  const Status status = flush(refused);
  ASSERT_TRUE(status.ok()) << status.error().text();
  EXPECT_TRUE(refused.empty());
  EXPECT_EQ(count(), 2);
}

TEST_F(TopicWriterTest, whatIsRefusedForGoodComesBack) {
  send({"first"});
  std::vector<stage::Failure> refused;
  ASSERT_TRUE(flush(refused).ok());
  rd_kafka_mock_push_request_errors(cluster, kProduce, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  send({"large"});
  ASSERT_TRUE(flush(refused).ok());
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].code, "E-3112");
  EXPECT_NE(refused[0].message.find("5 bytes"), std::string::npos);
  refused.clear();
  send({"next"});
  ASSERT_TRUE(flush(refused).ok());
  EXPECT_TRUE(refused.empty());
  EXPECT_EQ(count(), 2);
}

TEST_F(TopicWriterTest, aBrokerThatComesBackGetsEverything) {
  send({"a"});
  std::vector<stage::Failure> refused;
  ASSERT_TRUE(flush(refused).ok());
  rd_kafka_mock_broker_set_down(cluster, 1);
  send({"b", "c"});
  const Status status = writer->flush(refused);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "E-3101");
  EXPECT_EQ(status.error().retry, Retry::Later);
  rd_kafka_mock_broker_set_up(cluster, 1);
  ASSERT_TRUE(flush(refused).ok());
  EXPECT_TRUE(refused.empty());
  EXPECT_EQ(count(), 3);
}

}  // namespace
}  // namespace freshet::kafka
