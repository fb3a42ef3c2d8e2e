// SPDX-License-Identifier: GPL-3.0-or-later
// T06: every error of every call of a transaction, on librdkafka's own broker in this process.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <set>

#include "core/base/clock.h"
#include "plugins/kafka/lane_transaction.h"
#include "plugins/kafka/topic_writer.h"
#include "tests/support/fake_context.h"

namespace freshet::kafka {
namespace {

using Outcome = stage::Transaction::Outcome;

// What is asked of the broker (Kafka's numbers), by the call of the transaction that waits for it.
enum Api : std::int16_t {
  Produce = 0,
  InitProducerId = 22,
  AddPartitions = 24,
  AddOffsets = 25,
  EndTxn = 26,
  TxnOffsetCommit = 28
};

/// How a group ends after an error, and what became of the producer.
enum class End { Committed, Aborted, InDoubt, Fatal };

class TransactionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "2", nullptr, 0);
    m_owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    cluster = rd_kafka_mock_cluster_new(m_owner, 3);
    rd_kafka_mock_topic_create(cluster, "in", 2, 1);
    rd_kafka_mock_topic_create(cluster, "out", 2, 1);
    rd_kafka_conf_t* reading = rd_kafka_conf_new();
    rd_kafka_conf_set(reading, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster),
                      nullptr, 0);
    rd_kafka_conf_set(reading, "group.id", "g", nullptr, 0);
    consumer.reset(rd_kafka_new(RD_KAFKA_CONSUMER, reading, nullptr, 0));
    auto connection = std::make_shared<KafkaConnection>(rd_kafka_mock_cluster_bootstraps(cluster),
                                                        "test", stage::Mode::Live);
    transaction = std::make_unique<LaneTransaction>(
        connection, TransactionSettings{"p/g/0-0", "in", timeoutMs}, consumer.get(), context);
    writer = TopicWriter::open(connection, {"out", 1, "none"}, context, transaction.get()).value();
    ASSERT_TRUE(insist([&] { return transaction->open(); }));
  }
  void TearDown() override {
    writer.reset();
    transaction.reset();
    consumer.reset();
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(m_owner);
  }

  /// As the lane does: again while it may help, but not for ever.
  bool insist(const std::function<Status()>& call) {
    const std::int64_t until = monotonicNs() + std::int64_t{2} * timeoutMs * 1'000'000;
    for (;;) {
      const Status status = call();
      if (status) return true;
      lastError = status.error();
      if (status.error().retry != Retry::Later) return false;
      if (monotonicNs() > until) {
        ADD_FAILURE() << "it does not end: " << lastError.text();
        return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  End group() {
    if (!insist([&] { return transaction->begin(); })) return End::Fatal;
    Parcel& parcel = writer->newParcel(lease);
    Outgoing& message = parcel.messages.emplace_back();
    message.value = parcel.arena.copy("v");
    message.key = "k";
    writer->send(parcel);
    std::vector<stage::Failure> refused;
    if (!insist([&] { return writer->flush(refused); })) return End::Fatal;
    Outcome outcome = Outcome::Aborted;
    const stage::Position position{0, ++offset, "0 0.0=1"};
    const bool ended = insist([&]() -> Status {
      auto result = transaction->commit({&position, 1});
      if (!result) return result.error();
      outcome = *result;
      return {};
    });
    if (!ended) return End::Fatal;
    return outcome == Outcome::Committed ? End::Committed
           : outcome == Outcome::Aborted ? End::Aborted
                                         : End::InDoubt;
  }

  int timeoutMs = 8000;
  rd_kafka_mock_cluster_t* cluster = nullptr;
  freshet::testing::FakeContext context;
  stage::BatchLease lease = std::make_shared<int>(0);
  ClientPtr consumer;
  std::unique_ptr<LaneTransaction> transaction;
  std::unique_ptr<TopicWriter> writer;
  std::int64_t offset = 0;
  Error lastError;

 private:
  rd_kafka_t* m_owner = nullptr;
};

struct Row {
  rd_kafka_resp_err_t code;
  Api api;
  End end;
};

TEST_F(TransactionTest, aHealthyProducerStays) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(group(), End::Committed);
  EXPECT_EQ(transaction->recycles(), 0);
}

TEST_F(TransactionTest, T06everyErrorEndsInItsTabledState) {
  static const rd_kafka_resp_err_t kPassing[] = {
      RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS};
  std::vector<Row> rows;
  for (const auto code : kPassing) {
    for (const Api api : {AddPartitions, AddOffsets, EndTxn})
      rows.push_back({code, api, End::Committed});
  }
  const auto add = [&](rd_kafka_resp_err_t code, std::initializer_list<std::pair<Api, End>> ends) {
    for (const auto& [api, end] : ends) rows.push_back({code, api, end});
  };
  for (const auto code :
       {RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS})
    add(code, {{TxnOffsetCommit, End::Committed}});
  for (const auto code : {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
                          RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE,
                          RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED}) {
    add(code, {{AddPartitions, End::Aborted}, {AddOffsets, End::Aborted}, {EndTxn, End::InDoubt}});
  }
  add(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
      {{Produce, End::Aborted}, {TxnOffsetCommit, End::Aborted}});
  add(RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
      {{AddPartitions, End::Aborted}, {EndTxn, End::InDoubt}});
  add(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      {{AddOffsets, End::Aborted}, {TxnOffsetCommit, End::Aborted}});
  for (const auto code : {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
                          RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID})
    add(code, {{TxnOffsetCommit, End::Aborted}});
  add(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      {{AddPartitions, End::Aborted}, {Produce, End::Aborted}});
  // Of positions that are read it may pass; of positions that are written the client knows nothing.
  add(RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, {{TxnOffsetCommit, End::Aborted}});
  add(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, {{Produce, End::Aborted}});

  std::set<rd_kafka_resp_err_t> seen;
  for (const Row& row : rows) {
    // A fresh slot in time: being fenced twice within a minute ends a worker.
    TearDown();
    SetUp();
    seen.insert(row.code);
    ASSERT_EQ(group(), End::Committed);
    rd_kafka_mock_push_request_errors(cluster, row.api, 1, row.code);
    const std::int64_t began = monotonicNs();
    const End end = group();
    EXPECT_EQ(static_cast<int>(end), static_cast<int>(row.end))
        << rd_kafka_err2name(row.code) << " of request " << row.api << ": " << lastError.text();
    EXPECT_LT(monotonicNs() - began, std::int64_t{2} * timeoutMs * 1'000'000);
    EXPECT_EQ(group(), End::Committed) << "after " << rd_kafka_err2name(row.code) << " of request "
                                       << row.api << ": " << lastError.text();
    if (row.end != End::Committed) {
      EXPECT_GE(transaction->recycles(), 1) << rd_kafka_err2name(row.code) << " of " << row.api;
    }
  }
}

TEST_F(TransactionTest, T06aLostConnectionRecyclesBeforeTheNextBegin) {
  ASSERT_EQ(group(), End::Committed);
  const int before = transaction->watch().downs();
  for (int broker = 1; broker <= 3; ++broker) rd_kafka_mock_broker_set_down(cluster, broker);
  const std::int64_t until = monotonicNs() + 5'000'000'000;
  while (transaction->watch().downs() == before && monotonicNs() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_GT(transaction->watch().downs(), before);
  for (int broker = 1; broker <= 3; ++broker) rd_kafka_mock_broker_set_up(cluster, broker);
  EXPECT_EQ(group(), End::Committed);
  EXPECT_EQ(transaction->recycles(), 1);
}

TEST_F(TransactionTest, T06theCoordinatorMoves) {
  ASSERT_EQ(group(), End::Committed);
  for (int broker = 1; broker <= 3; ++broker) {
    rd_kafka_mock_coordinator_set(cluster, "transaction", "p/g/0-0", broker);
    rd_kafka_mock_coordinator_set(cluster, "group", "g", 1 + broker % 3);
    EXPECT_EQ(group(), End::Committed) << lastError.text();
  }
}

TEST_F(TransactionTest, T06fencedTwiceWithinAMinuteEnds) {
  ASSERT_EQ(group(), End::Committed);
  rd_kafka_mock_push_request_errors(cluster, AddOffsets, 1, RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
  EXPECT_EQ(group(), End::Aborted);
  rd_kafka_mock_push_request_errors(cluster, AddOffsets, 1, RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
  EXPECT_EQ(group(), End::Fatal);
  EXPECT_EQ(lastError.code, "E-3116");
}

TEST_F(TransactionTest, T06whatIsNotAllowedPausesAndSaysSo) {
  ASSERT_EQ(group(), End::Committed);
  rd_kafka_mock_push_request_errors(cluster, TxnOffsetCommit, 1,
                                    RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
  EXPECT_EQ(group(), End::Aborted);
  const Status paused = transaction->begin();
  ASSERT_FALSE(paused);
  EXPECT_EQ(paused.error().code, "E-3115");
  EXPECT_EQ(paused.error().retry, Retry::Later);
  EXPECT_EQ(group(), End::Committed);
}

TEST(TransactionErrors, everyRuleIsReached) {
  for (const TransactionRule& rule : transactionRules()) {
    EXPECT_EQ(actionFor(TransactionCall::Commit, {rule.code, false, false, true, ""}), rule.action);
    EXPECT_EQ(actionFor(TransactionCall::SendOffsets, {rule.code, true, false, false, ""}),
              rule.action);
  }
  const auto unknown = RD_KAFKA_RESP_ERR_UNKNOWN;
  using Action = TransactionAction;
  EXPECT_EQ(actionFor(TransactionCall::Commit, {unknown, true, false, false, ""}), Action::Recycle);
  EXPECT_EQ(actionFor(TransactionCall::Commit, {unknown, false, true, false, ""}), Action::Abort);
  EXPECT_EQ(actionFor(TransactionCall::Abort, {unknown, false, true, false, ""}), Action::Recycle);
  EXPECT_EQ(actionFor(TransactionCall::Commit, {unknown, false, false, true, ""}), Action::Retry);
  EXPECT_EQ(actionFor(TransactionCall::Commit, {unknown, false, false, false, ""}),
            Action::Recycle);
}

}  // namespace
}  // namespace freshet::kafka
