// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/kafka_sink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/liquid/environment.h"
#include "tests/integration/real_kafka.h"

namespace freshet::kafka {
namespace {

using freshet::testing::FakeBuild;
using freshet::testing::FakeContext;
using freshet::testing::Message;
using freshet::testing::RealKafka;

/// A batch as a lane has it: its memory lives as long as somebody holds the lease.
struct TestBatch {
  Arena arena;
  std::vector<record::Record*> records;
};

class KafkaSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(freshet::testing::realBrokers().empty());
    context.fakeCapability = freshet::testing::realConnection();
    topic = broker.makeTopic(4, "1000000");
  }

  std::unique_ptr<stage::Sink> sink(const std::string& more = "", const std::string& to = "") {
    const stage::NodeType type = sinkNode();
    const auto settings = record::OwnedValue::fromJson(R"({"connection":"kafka","topic":")" +
                                                       (to.empty() ? topic : to) + '"' +
                                                       (more.empty() ? "" : ',' + more) + '}');
    EXPECT_TRUE(settings.ok());
    auto made = type.makeSink(spec::Config(type.spec, *settings), build);
    EXPECT_TRUE(made.ok()) << made.error().text();
    EXPECT_TRUE((*made)->open(context).ok());
    return std::move(*made);
  }
  record::Record* add(TestBatch& batch, std::string_view bytes, std::string_view key) {
    auto* origin = batch.arena.make<record::Origin>();
    origin->bytes = batch.arena.copy(bytes, record::kJsonPadding);
    origin->key = batch.arena.copy(key);
    origin->offset = static_cast<std::int64_t>(batch.records.size());
    auto* made = batch.arena.make<record::Record>(
        origin, batch.arena.array<record::Value>(build.slots.size()));
    made->sections[0] = record::parseJson(bytes, batch.arena).value();
    batch.records.push_back(made);
    return made;
  }
  std::vector<stage::Failure> flush(stage::Sink& to) {
    std::vector<stage::Failure> refused;
    Status status;
    const std::int64_t until = monotonicNs() + 30'000'000'000;
    do {
      status = to.flush(refused);
    } while (!status && status.error().retry == Retry::Later && monotonicNs() < until);
    EXPECT_TRUE(status.ok()) << status.error().text();
    return refused;
  }

  RealKafka broker;
  FakeContext context;
  liquid::TemplateEnvironment liquid;
  FakeBuild build{&liquid};
  std::string topic;
};

TEST_F(KafkaSinkTest, writesEventsAsTheyCameAndFreesTheBatchWhenAcknowledged) {
  auto to = sink();
  std::weak_ptr<TestBatch> alive;
  {
    auto batch = std::make_shared<TestBatch>();
    alive = batch;
    for (int i = 0; i < 3000; ++i) {
      const std::string n = std::to_string(i);
      add(*batch, R"( {"n": )" + n + " }\n", std::string("k").append(std::to_string(i % 50)));
    }
    ASSERT_TRUE(to->write(batch->records, batch).ok());
  }
  EXPECT_TRUE(flush(*to).empty());
  EXPECT_TRUE(alive.expired());
  const auto all = broker.readAll(topic, 4);
  ASSERT_EQ(all.size(), 3000u);
  std::map<std::string, int> lastOfKey;
  for (const Message& message : all) {
    EXPECT_EQ(message.partition, murmur2Partition(message.key, 4));
    const int n = std::stoi(message.value.substr(7));
    EXPECT_EQ(message.value, R"( {"n": )" + std::to_string(n) + " }\n");
    if (lastOfKey.contains(message.key)) {
      EXPECT_GT(n, lastOfKey[message.key]);
    }
    lastOfKey[message.key] = n;
    EXPECT_TRUE(message.headers.empty());
  }
}

TEST_F(KafkaSinkTest, includesMembersByteForByte) {
  auto to = sink(R"("include": {"score": "{{ score.value }}", "who": "{{ profile }}"})");
  auto batch = std::make_shared<TestBatch>();
  const auto score = record::OwnedValue::fromJson(R"({"value": 12.345})");
  const auto profile = record::OwnedValue::fromJson(R"({"name": "Ad\"a"})");
  for (const char* bytes : {R"({"a":1})", "{ \"a\" : 1.0e2 } \n", "{}", "{ }"}) {
    add(*batch, bytes, "k")->sections[build.slot("score")] = **score;
  }
  auto* last = add(*batch, R"({"b":2})", "k");
  last->sections[build.slot("profile")] = **profile;
  ASSERT_TRUE(to->write(batch->records, batch).ok());
  EXPECT_TRUE(flush(*to).empty());
  std::vector<std::string> values;
  for (const Message& message : broker.readAll(topic, 4)) values.push_back(message.value);
  EXPECT_EQ(values,
            (std::vector<std::string>{R"({"a":1,"score":12.345})",
                                      R"({ "a" : 1.0e2,"score":12.345})", R"({"score":12.345})",
                                      R"({"score":12.345})", R"({"b":2,"who":{"name":"Ad\"a"}})"}));
}

TEST_F(KafkaSinkTest, whatIsNoObjectCannotBeAddedTo) {
  auto to = sink(R"("include": {"score": "{{ score }}"})");
  auto batch = std::make_shared<TestBatch>();
  record::Record* array = add(*batch, "[1,2]", "k");
  add(*batch, "{}", "k");
  ASSERT_TRUE(to->write(batch->records, batch).ok());
  const auto refused = flush(*to);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].record, array);
  EXPECT_EQ(refused[0].code, "E-3111");
  EXPECT_EQ(broker.readAll(topic, 4).size(), 1u);
}

TEST_F(KafkaSinkTest, writesAValueUnderAKey) {
  auto to = sink(R"("key": "{{ event.user }}", "value": "{{ event.mail }}")");
  auto batch = std::make_shared<TestBatch>();
  add(*batch, R"({"user":"u1","mail":{"subject":"Hi","n":[1,2.5,null]}})", "other");
  add(*batch, R"({"user":"u1","mail":"plain text"})", "other");
  add(*batch, R"({"user":"u1"})", "other");
  ASSERT_TRUE(to->write(batch->records, batch).ok());
  EXPECT_TRUE(flush(*to).empty());
  const auto all = broker.readAll(topic, 4);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].key, "u1");
  EXPECT_EQ(all[0].value, R"({"subject":"Hi","n":[1,2.5,null]})");
  EXPECT_EQ(all[1].value, "plain text");
  EXPECT_FALSE(all[2].hasValue);
}

TEST_F(KafkaSinkTest, carriesHeadersOfTheEventAndOfTheError) {
  auto to = sink(R"("sourceHeader": "in")");
  auto batch = std::make_shared<TestBatch>();
  auto* record = add(*batch, R"({"a":1})", "k");
  const record::Header header{"trace", "t-1"};
  const_cast<record::Origin*>(record->origin)->headers = {&header, 1};
  const auto error = record::OwnedValue::fromJson(
      R"({"code":"E-2101","message":"too short","pointer":"/a","node":"check"})");
  record->sections[build.slot("error")] = **error;
  ASSERT_TRUE(to->write(batch->records, batch).ok());
  EXPECT_TRUE(flush(*to).empty());
  const auto all = broker.readAll(topic, 4);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].headers, (std::map<std::string, std::string>{{"trace", "t-1"},
                                                                {"error.code", "E-2101"},
                                                                {"error.message", "too short"},
                                                                {"error.pointer", "/a"},
                                                                {"error.node", "check"},
                                                                {"src", "in/0/0/0"}}));
}

TEST_F(KafkaSinkTest, whatTheBrokerRefusesComesBackAndTheRestArrives) {
  auto to = sink();
  auto batch = std::make_shared<TestBatch>();
  record::Record* large = nullptr;
  for (int i = 0; i < 10; ++i) {
    const std::string text(i == 4 ? 1'500'000 : 10, 'x');
    auto* record = add(*batch, '"' + text + '"', "k");
    if (i == 4) large = record;
  }
  ASSERT_TRUE(to->write(batch->records, batch).ok());
  const auto refused = flush(*to);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].record, large);
  EXPECT_EQ(refused[0].code, "E-3112");
  EXPECT_EQ(broker.readAll(topic, 4).size(), 9u);
}

TEST_F(KafkaSinkTest, aMissingBrokerIsToldAndNothingIsTakenForWritten) {
  context.fakeCapability =
      std::make_shared<KafkaConnection>("127.0.0.1:1", "test", stage::Mode::Live);
  auto to = sink();
  auto batch = std::make_shared<TestBatch>();
  add(*batch, "{}", "k");
  ASSERT_TRUE(to->write(batch->records, batch).ok());
  std::vector<stage::Failure> refused;
  const Status status = to->flush(refused);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "E-3101");
  EXPECT_EQ(status.error().retry, Retry::Later);
  EXPECT_NE(status.error().message.find("127.0.0.1:1"), std::string::npos);
  EXPECT_TRUE(refused.empty());
}

TEST_F(KafkaSinkTest, aDryRunSendsNothing) {
  context.fakeCapability = freshet::testing::realConnection(stage::Mode::Inert);
  auto to = sink();
  std::weak_ptr<TestBatch> alive;
  {
    auto batch = std::make_shared<TestBatch>();
    alive = batch;
    add(*batch, "{}", "k");
    ASSERT_TRUE(to->write(batch->records, batch).ok());
  }
  EXPECT_TRUE(flush(*to).empty());
  EXPECT_TRUE(alive.expired());
  EXPECT_TRUE(broker.readAll(topic, 4).empty());
}

TEST_F(KafkaSinkTest, includeAndValueExcludeEachOther) {
  const stage::NodeType type = sinkNode();
  const auto settings = record::OwnedValue::fromJson(
      R"({"connection":"kafka","topic":"t","value":"{{ event }}","include":{"a":"{{ a }}"}})");
  auto made = type.makeSink(spec::Config(type.spec, *settings), build);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, "E-3110");
  EXPECT_EQ(made.error().where, "include");
}

}  // namespace
}  // namespace freshet::kafka
