// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <set>

#include "core/base/clock.h"
#include "core/liquid/environment.h"
#include "core/record/json.h"
#include "plugins/postgres/postgres_source.h"
#include "tests/integration/postgres/real_postgres.h"

namespace freshet::postgres {
namespace {

class NoListener final : public stage::PartitionListener {
 public:
  void onAssigned(std::span<const std::int32_t>) override {}
  void onRevoked(std::span<const std::int32_t>, bool) override {}
};

class PostgresSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    m_table = testing::uniqueTable("source");
    m_server.run("CREATE TABLE " + m_table +
                 "(id int PRIMARY KEY, v int NOT NULL DEFAULT 1, at timestamptz DEFAULT now())");
    m_server.run("CREATE INDEX ON " + m_table + "(at)");
    m_context.fakeCapability = testing::realDatabase();
    m_context.now = wallClockMs();
  }
  void open(const std::string& more = R"(,"column":"at")", std::int64_t from = 0) {
    const stage::NodeType type = sourceNode();
    testing::FakeBuild build(&m_liquid);
    auto source = type.makeSource(
        spec::Config(type.spec, *record::OwnedValue::fromJson(
                                    R"({"connection":"c","every":"10 ms","table":")" + m_table +
                                    "\"" + more + "}")),
        build);
    ASSERT_TRUE(source.ok());
    m_source = std::move(*source);
    m_reader = m_source->reader(0, 1);
    const stage::Position position{0, from};
    const Status status = m_reader->open(m_context, {&position, 1}, m_listener);
    ASSERT_TRUE(status.ok()) << status.error().text();
  }
  /// One round of looking: the ids and values that came, and the position after them.
  std::vector<std::string> look(std::size_t most = 2000) {
    m_context.now += 20;
    std::vector<std::string> seen;
    for (;;) {
      Arena arena;
      auto polled = m_reader->poll(arena, most, 0);
      EXPECT_TRUE(polled.ok()) << polled.error().text();
      if (!polled || polled->events.empty()) return seen;
      for (const auto& event : polled->events) {
        EXPECT_GT(event.offset + 1, m_position) << "offsets rise";
        m_position = event.offset + 1;
        Arena own;
        const auto row = record::parseJson(event.bytes, own);
        EXPECT_EQ(event.key, std::to_string(row->get("id").asInt()));
        seen.push_back(std::string(event.key) + ":" + std::to_string(row->get("v").asInt()));
      }
    }
  }

  using Seen = std::vector<std::string>;
  std::string m_table;
  testing::RealPostgres m_server;
  testing::RealPostgres m_other;
  testing::FakeContext m_context;
  liquid::TemplateEnvironment m_liquid;
  NoListener m_listener;
  std::unique_ptr<stage::Source> m_source;
  std::unique_ptr<stage::SourceReader> m_reader;
  std::int64_t m_position = 0;
};

TEST_F(PostgresSourceTest, rowsComeOnceAndAgainWhenTheyChange) {
  m_server.run("INSERT INTO " + m_table + "(id) SELECT generate_series(1, 3)");
  open();
  EXPECT_EQ(look(), (Seen{"1:1", "2:1", "3:1"}));
  EXPECT_EQ(look(), Seen());
  m_server.run("UPDATE " + m_table + " SET v = 2, at = now() WHERE id = 2");
  m_server.run("INSERT INTO " + m_table + "(id) VALUES(4)");
  EXPECT_EQ(look(), (Seen{"2:2", "4:1"}));
  EXPECT_EQ(look(), Seen());
}

TEST_F(PostgresSourceTest, aTransactionThatCommitsLateIsNotSkipped) {
  open();
  m_other.run("BEGIN");
  m_other.run("INSERT INTO " + m_table + "(id) VALUES(1)");
  m_server.run("INSERT INTO " + m_table + "(id) VALUES(2)");
  EXPECT_EQ(look(), Seen()) << "what is younger waits for the one that still runs";
  m_other.run("COMMIT");
  EXPECT_EQ(look(), (Seen{"1:1", "2:1"}));
  EXPECT_EQ(look(), Seen());
}

TEST_F(PostgresSourceTest, equalTimesAndAClockThatWentBackSkipNothing) {
  m_server.run("INSERT INTO " + m_table +
               "(id, at) SELECT n, '2026-01-05T08:00:00Z' FROM generate_series(1, 5000) n");
  open(R"(,"column":"at","pageSize":7)");
  EXPECT_EQ(look().size(), 5000u);
  m_server.run("INSERT INTO " + m_table + "(id, at) VALUES(9001, now())");
  EXPECT_EQ(look(), Seen{"9001:1"});
  m_server.run("INSERT INTO " + m_table + "(id, at) VALUES(9002, now() - interval '1 hour')");
  m_server.run("INSERT INTO " + m_table + "(id, at) VALUES(9003, now() + interval '10 years')");
  m_server.run("INSERT INTO " + m_table + "(id, at) VALUES(9004, NULL)");
  EXPECT_EQ(look(), (Seen{"9002:1", "9003:1", "9004:1"}));
  m_server.run("INSERT INTO " + m_table + "(id, at) VALUES(9005, now())");
  EXPECT_EQ(look(), Seen{"9005:1"}) << "a row from the future hides none of today";
}

TEST_F(PostgresSourceTest, rowsThatChangeBetweenPagesComeAgain) {
  for (int i = 0; i < 30; ++i)
    m_server.run("INSERT INTO " + m_table + "(id) VALUES(" + std::to_string(i) + ")");
  open(R"(,"pageSize":4)");
  Arena arena;
  m_context.now += 20;
  auto first = m_reader->poll(arena, 5, 0);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->events.size(), 5u);
  m_position = first->events.back().offset + 1;
  m_server.run("UPDATE " + m_table + " SET v = 2 WHERE id IN (2, 20)");
  std::multiset<std::string> rest;
  for (int round = 0; round < 3; ++round) {
    for (const std::string& each : look(5)) rest.insert(each);
  }
  EXPECT_EQ(rest.size(), 27u);
  EXPECT_EQ(rest.count("2:2"), 1u);
  EXPECT_EQ(rest.count("20:1"), 1u) << "as it was when this round began";
  EXPECT_EQ(rest.count("20:2"), 1u);
}

TEST_F(PostgresSourceTest, goesOnFromItsPosition) {
  m_server.run("INSERT INTO " + m_table + "(id) SELECT generate_series(1, 3)");
  open();
  EXPECT_EQ(look().size(), 3u);
  m_server.run("INSERT INTO " + m_table + "(id) VALUES(4)");
  open(R"(,"column":"at")", m_position);
  EXPECT_EQ(look(), Seen{"4:1"});
}

TEST_F(PostgresSourceTest, theRowsOfATransactionStayTogether) {
  m_server.run("INSERT INTO " + m_table + "(id) SELECT generate_series(1, 50)");
  m_server.run("INSERT INTO " + m_table + "(id) SELECT generate_series(51, 60)");
  open(R"(,"pageSize":8)");
  Arena arena;
  m_context.now += 20;
  auto first = m_reader->poll(arena, 10, 0);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->events.size(), 50u) << "a position lies between transactions";
}

TEST_F(PostgresSourceTest, aConnectionThatBreaksSkipsNothing) {
  for (int i = 0; i < 100; ++i)
    m_server.run("INSERT INTO " + m_table + "(id) VALUES(" + std::to_string(i) + ")");
  open(R"(,"pageSize":10)");
  std::set<std::string> seen;
  int broken = 0;
  m_context.now += 20;
  for (int poll = 0; poll < 60; ++poll) {
    if (poll % 5 == 2) {
      m_server.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
          " AND query LIKE '%FROM changes%'");
    }
    Arena arena;
    auto polled = m_reader->poll(arena, 7, 0);
    if (!polled) {
      EXPECT_EQ(polled.error().retry, Retry::Later) << polled.error().text();
      ++broken;
      continue;
    }
    for (const auto& event : polled->events) seen.insert(std::string(event.key));
    m_context.now += 20;
  }
  EXPECT_GT(broken, 0);
  EXPECT_EQ(seen.size(), 100u);
}

TEST_F(PostgresSourceTest, latestBeginsWithWhatChangesFromNowOn) {
  m_server.run("INSERT INTO " + m_table + "(id) VALUES(1)");
  open(R"(,"start":"latest")");
  m_server.run("INSERT INTO " + m_table + "(id) VALUES(2)");
  EXPECT_EQ(look(), Seen{"2:1"});
}

TEST_F(PostgresSourceTest, anotherDatabaseIsNotTakenForTheSame) {
  open(R"(,"column":"at")", (std::int64_t{1} << 40) << 22);
  Arena arena;
  auto polled = m_reader->poll(arena, 10, 0);
  ASSERT_FALSE(polled.ok());
  EXPECT_EQ(polled.error().code, "E-3909");
}

}  // namespace
}  // namespace freshet::postgres
