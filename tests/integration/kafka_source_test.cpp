// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/kafka_source.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/base/clock.h"
#include "plugins/kafka/group_reader.h"
#include "tests/integration/real_kafka.h"

namespace freshet::kafka {
namespace {

using freshet::testing::FakeBuild;
using freshet::testing::FakeContext;
using freshet::testing::Message;
using freshet::testing::RealKafka;
using freshet::testing::uniqueName;

constexpr std::int64_t kPatienceNs = 40'000'000'000;

/// A lane as the runtime has it: reads, remembers, and commits what it has read when told, or when
/// a partition is taken away.
class ReadingLane final : public stage::PartitionListener {
 public:
  ReadingLane(stage::Source& source, FakeContext& context, int lane = 0, int lanes = 1)
      : m_reader(source.reader(lane, lanes)) {
    EXPECT_TRUE(m_reader->open(context, {}, *this).ok());
  }

  void onAssigned(std::span<const std::int32_t> partitions) override {
    mine.insert(partitions.begin(), partitions.end());
    ++assignments;
  }
  void onRevoked(std::span<const std::int32_t> partitions, bool isLost) override {
    if (!isLost) commit();
    for (const std::int32_t partition : partitions) {
      mine.erase(partition);
      m_next.erase(partition);
    }
  }
  Result<stage::Polled> poll(int waitMs = 20) {
    m_arena.reset();
    auto polled = m_reader->poll(m_arena, 500, waitMs);
    if (!polled) return polled;
    for (const auto& event : polled->events) {
      EXPECT_TRUE(mine.contains(event.partition));
      const auto known = m_next.find(event.partition);
      if (known != m_next.end()) {
        EXPECT_EQ(event.offset, known->second);
      }
      m_next[event.partition] = event.offset + 1;
      values.emplace_back(event.bytes);
    }
    return polled;
  }
  void commit() {
    std::vector<stage::Position> positions;
    for (const auto& [partition, next] : m_next) positions.push_back({partition, next});
    const Status status = m_reader->commit(positions);
    EXPECT_TRUE(status.ok()) << status.error().text();
  }
  void readUntil(std::size_t count) {
    const std::int64_t until = monotonicNs() + kPatienceNs;
    while (values.size() < count && monotonicNs() < until) {
      auto polled = poll();
      ASSERT_TRUE(polled || polled.error().retry == Retry::Later) << polled.error().text();
    }
    EXPECT_GE(values.size(), count);
  }
  stage::SourceReader& reader() { return *m_reader; }

  std::set<std::int32_t> mine;
  std::vector<std::string> values;
  int assignments = 0;

 private:
  std::unique_ptr<stage::SourceReader> m_reader;
  std::map<std::int32_t, std::int64_t> m_next;
  Arena m_arena;
};

class KafkaSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(freshet::testing::realBrokers().empty());
    context.fakeCapability = freshet::testing::realConnection();
  }
  std::unique_ptr<stage::Source> source(const std::string& topic, const std::string& group,
                                        const std::string& start = "earliest") {
    const stage::NodeType type = sourceNode();
    const auto settings =
        record::OwnedValue::fromJson(R"({"connection":"kafka","topic":")" + topic +
                                     R"(","group":")" + group + R"(","start":")" + start + "\"}");
    FakeBuild build;
    auto made = type.makeSource(spec::Config(type.spec, *settings), build);
    EXPECT_TRUE(made.ok());
    return std::move(*made);
  }
  std::vector<Message> numbered(int from, int to) {
    std::vector<Message> messages;
    for (int i = from; i < to; ++i) {
      messages.push_back({"k" + std::to_string(i % 17), std::to_string(i)});
    }
    return messages;
  }

  RealKafka broker;
  FakeContext context;
};

TEST_F(KafkaSourceTest, countsPartitions) {
  const std::string topic = broker.makeTopic(3);
  auto count = source(topic, "g")->partitions(context);
  ASSERT_TRUE(count.ok()) << count.error().text();
  EXPECT_EQ(*count, 3);
}

TEST_F(KafkaSourceTest, saysThatATopicIsMissing) {
  auto count = source("no-such-topic", "g")->partitions(context);
  ASSERT_FALSE(count.ok());
  EXPECT_EQ(count.error().code, "E-3102");
  EXPECT_EQ(count.error().retry, Retry::Later);
  EXPECT_NE(count.error().message.find("no-such-topic"), std::string::npos);
}

TEST_F(KafkaSourceTest, saysThatNoBrokerAnswers) {
  context.fakeCapability =
      std::make_shared<KafkaConnection>("127.0.0.1:1", "test", stage::Mode::Live);
  const std::int64_t begin = monotonicNs();
  auto count = source("in", "g")->partitions(context);
  ASSERT_FALSE(count.ok());
  EXPECT_EQ(count.error().code, "E-3101");
  EXPECT_EQ(count.error().retry, Retry::Later);
  EXPECT_NE(count.error().message.find("127.0.0.1:1"), std::string::npos);
  EXPECT_LT(monotonicNs() - begin, 11'000'000'000);
}

TEST_F(KafkaSourceTest, readsBytesKeysAndHeadersAsTheyAre) {
  const std::string topic = broker.makeTopic(1);
  const std::string large(2'000'000, 'x');
  broker.produce(topic, {{"key", R"({"a":1})", 0, -1, true, {{"trace", "t-1"}, {"empty", ""}}},
                         {"", "no key", 0},
                         {"gone", "", 0, -1, false},
                         {"blank", "", 0},
                         {"big", large, 0},
                         {std::string("\0\xff", 2), "\xff\xfe not UTF-8", 0}});
  const auto from = source(topic, uniqueName("group"));
  ReadingLane lane(*from, context);
  std::vector<std::string> keys;
  Arena arena;
  std::size_t count = 0;
  const std::int64_t until = monotonicNs() + kPatienceNs;
  while (count < 6 && monotonicNs() < until) {
    auto polled = lane.reader().poll(arena, 100, 50);
    ASSERT_TRUE(polled.ok());
    for (const auto& event : polled->events) {
      keys.emplace_back(event.key);
      EXPECT_EQ(event.offset, static_cast<std::int64_t>(count));
      EXPECT_GT(event.timeMs, 1'700'000'000'000);
      for (std::size_t i = 0; i < record::kJsonPadding; ++i) {
        EXPECT_EQ(event.bytes.data()[event.bytes.size() + i], '\0');
      }
      if (count == 0) {
        EXPECT_EQ(event.bytes, R"({"a":1})");
        ASSERT_EQ(event.headers.size(), 2u);
        EXPECT_EQ(event.headers[1].name, "trace");
        EXPECT_EQ(event.headers[1].value, "t-1");
        EXPECT_EQ(event.headers[0].value, "");
      }
      if (count == 2 || count == 3) {
        EXPECT_EQ(event.bytes, "");
      }
      if (count == 4) {
        EXPECT_EQ(event.bytes, large);
      }
      ++count;
    }
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"key", "", "gone", "blank", "big",
                                            std::string("\0\xff", 2)}));
}

TEST_F(KafkaSourceTest, resumesWhereItHasCommitted) {
  const std::string topic = broker.makeTopic(2);
  const std::string group = uniqueName("group");
  broker.produce(topic, numbered(0, 1000));
  const auto from = source(topic, group);
  {
    ReadingLane lane(*from, context);
    lane.readUntil(1000);
    lane.commit();
  }
  EXPECT_EQ(broker.committed(group, topic, 0) + broker.committed(group, topic, 1), 1000);
  broker.produce(topic, numbered(1000, 1200));
  ReadingLane lane(*from, context);
  lane.readUntil(200);
  EXPECT_EQ(std::set<std::string>(lane.values.begin(), lane.values.end()).size(), 200u);
  EXPECT_EQ(lane.values.size(), 200u);
}

TEST_F(KafkaSourceTest, readsAgainWhatWasNotCommitted) {
  const std::string topic = broker.makeTopic(1);
  broker.produce(topic, numbered(0, 100));
  const auto from = source(topic, uniqueName("group"));
  {
    ReadingLane lane(*from, context);
    lane.readUntil(100);
    ASSERT_TRUE(lane.reader().commit(std::vector<stage::Position>{{0, 40}}).ok());
  }
  ReadingLane lane(*from, context);
  lane.readUntil(60);
  EXPECT_EQ(lane.values.front(), "40");
  EXPECT_EQ(lane.values.size(), 60u);
}

TEST_F(KafkaSourceTest, twoLanesShareAndNothingIsLostOrReadTwice) {
  const std::string topic = broker.makeTopic(4);
  const std::string group = uniqueName("group");
  broker.produce(topic, numbered(0, 2000));
  const auto from = source(topic, group);
  ReadingLane first(*from, context, 0, 2);
  first.readUntil(1);
  EXPECT_EQ(first.mine.size(), 4u);
  auto second = std::make_unique<ReadingLane>(*from, context, 1, 2);
  std::int64_t until = monotonicNs() + kPatienceNs;
  while ((first.mine.size() != 2 || second->mine.size() != 2) && monotonicNs() < until) {
    ASSERT_TRUE(first.poll().ok());
    ASSERT_TRUE(second->poll().ok());
  }
  EXPECT_EQ(first.mine.size(), 2u);
  EXPECT_EQ(second->mine.size(), 2u);
  broker.produce(topic, numbered(2000, 4000));
  until = monotonicNs() + kPatienceNs;
  while (first.values.size() + second->values.size() < 4000 && monotonicNs() < until) {
    ASSERT_TRUE(first.poll().ok());
    ASSERT_TRUE(second->poll().ok());
  }
  // One leaves; the other takes over where it stopped.
  second->commit();
  std::vector<std::string> all = second->values;
  second.reset();
  until = monotonicNs() + kPatienceNs;
  while (first.mine.size() != 4 && monotonicNs() < until) ASSERT_TRUE(first.poll().ok());
  EXPECT_EQ(first.mine.size(), 4u);
  broker.produce(topic, numbered(4000, 4500));
  first.readUntil(4500 - all.size());
  all.insert(all.end(), first.values.begin(), first.values.end());
  EXPECT_EQ(all.size(), 4500u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 4500u);
}

TEST_F(KafkaSourceTest, aLongWaitPausesAndLosesNothing) {
  const std::string topic = broker.makeTopic(1);
  broker.produce(topic, numbered(0, 3000));
  const auto from = source(topic, uniqueName("group"));
  ReadingLane lane(*from, context);
  lane.readUntil(10);
  const std::int64_t until = monotonicNs() + 2'500'000'000;
  while (monotonicNs() < until) {
    lane.reader().service();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  lane.readUntil(3000);
  EXPECT_EQ(lane.values.size(), 3000u);
  EXPECT_EQ(lane.assignments, 1);
}

TEST_F(KafkaSourceTest, latestSkipsWhatIsThere) {
  const std::string topic = broker.makeTopic(1);
  broker.produce(topic, numbered(0, 50));
  const auto from = source(topic, uniqueName("group"), "latest");
  ReadingLane lane(*from, context);
  std::int64_t until = monotonicNs() + kPatienceNs;
  while (lane.mine.empty() && monotonicNs() < until) ASSERT_TRUE(lane.poll().ok());
  // The end is looked up behind our back; what is produced before that counts as old.
  for (int i = 50; lane.values.empty() && monotonicNs() < until; ++i) {
    broker.produce(topic, numbered(i, i + 1));
    ASSERT_TRUE(lane.poll(100).ok());
  }
  ASSERT_FALSE(lane.values.empty());
  EXPECT_GE(std::stoi(lane.values.front()), 50);
}

TEST_F(KafkaSourceTest, startsOverWhenPositionsAreForgotten) {
  const std::string topic = broker.makeTopic(2);
  const auto from = source(topic, uniqueName("group"));
  broker.produce(topic, numbered(0, 100));
  {
    ReadingLane lane(*from, context);
    lane.readUntil(100);
    lane.commit();
  }
  const Status status = from->forgetPositions(context);
  ASSERT_TRUE(status.ok()) << status.error().text();
  ReadingLane lane(*from, context);
  lane.readUntil(100);
}

TEST_F(KafkaSourceTest, stopsWhereTheBrokerHasDeletedWhatIsNext) {
  const std::string topic = broker.makeTopic(1);
  const auto from = source(topic, uniqueName("group"));
  broker.produce(topic, numbered(0, 100));
  {
    ReadingLane lane(*from, context);
    lane.readUntil(100);
    ASSERT_TRUE(lane.reader().commit(std::vector<stage::Position>{{0, 10}}).ok());
  }
  broker.deleteBefore(topic, 0, 50);
  ReadingLane lane(*from, context);
  const std::int64_t until = monotonicNs() + kPatienceNs;
  std::optional<Error> error;
  while (!error && monotonicNs() < until) {
    auto polled = lane.poll();
    if (!polled) error = polled.error();
  }
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "E-3104");
  EXPECT_EQ(error->retry, Retry::Fatal);
  EXPECT_NE(error->message.find(topic + "/0 [10, 50)"), std::string::npos) << error->message;
  EXPECT_TRUE(lane.values.empty());
}

TEST_F(KafkaSourceTest, whoIsFencedJoinsAgainAndTheSecondTimeEnds) {
  const std::string topic = broker.makeTopic(1);
  broker.produce(topic, numbered(0, 100));
  context.fakeSlot = "7";
  const auto from = source(topic, uniqueName("group"));
  ReadingLane first(*from, context);
  first.readUntil(100);
  // What was never committed is read again by whoever comes.
  ReadingLane second(*from, context);
  second.readUntil(100);
  broker.produce(topic, numbered(100, 150));
  first.readUntil(250);
  second.readUntil(250);
  const std::int64_t until = monotonicNs() + kPatienceNs;
  std::optional<Error> error;
  while (!error && monotonicNs() < until) {
    auto polled = first.poll();
    if (!polled && polled.error().retry == Retry::Fatal) error = polled.error();
  }
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "E-3116");
}

TEST_F(KafkaSourceTest, stopsWhereTheBrokerDeletesAheadOfIt) {
  const std::string topic = broker.makeTopic(1);
  // More than a reader of eight lanes fetches ahead.
  std::vector<Message> messages(20'000, {"k", std::string(2'000, 'x')});
  broker.produce(topic, messages);
  const auto from = source(topic, uniqueName("group"));
  ReadingLane lane(*from, context, 0, 8);
  lane.readUntil(100);
  std::this_thread::sleep_for(std::chrono::seconds(2));  // until it has fetched all it may hold
  broker.deleteBefore(topic, 0, 19'900);
  const std::int64_t until = monotonicNs() + kPatienceNs;
  std::optional<Error> error;
  while (!error && lane.values.size() < 20'000 && monotonicNs() < until) {
    auto polled = lane.poll();
    if (!polled) error = polled.error();
  }
  ASSERT_TRUE(error) << lane.values.size() << " events, and not a word of those between";
  EXPECT_EQ(error->code, "E-3104");
  EXPECT_EQ(error->retry, Retry::Fatal);
  EXPECT_LT(lane.values.size(), 19'900u);
}

TEST_F(KafkaSourceTest, aDryRunReadsButLeavesTheGroupAlone) {
  const std::string topic = broker.makeTopic(4);
  const std::string group = uniqueName("group");
  broker.produce(topic, numbered(0, 400));
  context.fakeCapability = freshet::testing::realConnection(stage::Mode::Inert);
  const auto from = source(topic, group);
  ReadingLane first(*from, context, 0, 2);
  ReadingLane second(*from, context, 1, 2);
  const std::int64_t until = monotonicNs() + kPatienceNs;
  while (first.values.size() + second.values.size() < 400 && monotonicNs() < until) {
    ASSERT_TRUE(first.poll().ok());
    ASSERT_TRUE(second.poll().ok());
  }
  EXPECT_EQ(first.values.size() + second.values.size(), 400u);
  EXPECT_EQ(first.mine, (std::set<std::int32_t>{0, 2}));
  first.commit();
  ASSERT_TRUE(from->forgetPositions(context).ok());
  for (int i = 0; i < 4; ++i) EXPECT_LT(broker.committed(group, topic, i), 0);
}

}  // namespace
}  // namespace freshet::kafka
