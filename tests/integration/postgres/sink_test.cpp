// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "core/liquid/environment.h"
#include "core/record/json.h"
#include "plugins/postgres/postgres_sink.h"
#include "tests/integration/postgres/real_postgres.h"

namespace freshet::postgres {
namespace {

using Rows = std::vector<std::vector<std::string>>;

class PostgresSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    m_table = testing::uniqueTable("rows");
    m_context.slots = {"event"};
    m_context.fakeCapability = testing::realDatabase();
  }

  Result<std::unique_ptr<stage::Sink>> make(const std::string& settings) {
    const stage::NodeType type = sinkNode();
    testing::FakeBuild build(&m_liquid);
    const spec::Config config(
        type.spec, *record::OwnedValue::fromJson(R"({"connection":"c","table":")" + m_table +
                                                 "\"," + settings + "}"));
    auto sink = type.makeSink(config, build);
    m_context.slots = build.slots;
    return sink;
  }
  std::unique_ptr<stage::Sink> open(const std::string& settings) {
    auto sink = make(settings);
    EXPECT_TRUE(sink.ok()) << sink.error().text();
    const Status status = (*sink)->open(m_context);
    EXPECT_TRUE(status.ok()) << status.error().text();
    return std::move(*sink);
  }
  Error openError(const std::string& settings) {
    auto sink = make(settings);
    if (!sink) return sink.error();
    const Status status = (*sink)->open(m_context);
    EXPECT_FALSE(status.ok());
    return status.ok() ? Error{} : status.error();
  }
  record::Record* event(const std::string& json, std::uint32_t shard = 0) {
    auto* origin = m_arena.make<record::Origin>();
    origin->bytes = m_arena.copy(json, record::kJsonPadding);
    origin->offset = m_next++;
    origin->shard = shard;
    origin->ordinal = m_ordinal++;
    const auto sections = m_arena.array<record::Value>(m_context.slots.size());
    auto value = m_reader.read(origin->bytes, m_arena);
    EXPECT_TRUE(value.ok());
    sections[0] = *value;
    return m_arena.make<record::Record>(origin, sections);
  }
  /// Writes and flushes; what was refused, as "code message".
  std::vector<std::string> put(stage::Sink& sink, const std::vector<record::Record*>& records) {
    m_ordinal = 0;
    EXPECT_TRUE(sink.write(records, std::make_shared<int>(0)).ok());
    return flush(sink);
  }
  std::vector<std::string> flush(stage::Sink& sink) {
    const stage::Reach reach[] = {{0, m_next, 0}, {1, m_next, 0}};
    sink.reached(reach);
    std::vector<stage::Failure> refused;
    const Status status = sink.flush(refused);
    EXPECT_TRUE(status.ok()) << status.error().text();
    std::vector<std::string> words;
    for (const stage::Failure& each : refused)
      words.push_back(std::string(each.code) + ' ' + std::string(each.message));
    return words;
  }

  std::string m_table;
  testing::RealPostgres m_server;
  testing::FakeContext m_context;
  liquid::TemplateEnvironment m_liquid;
  Arena m_arena;
  record::JsonReader m_reader;
  std::int64_t m_next = 0;
  std::uint32_t m_ordinal = 0;
};

constexpr const char* kScore =
    R"("columns":{"id":"{{ event.id }}","score":"{{ event.score }}"},"key":["id"])";

TEST_F(PostgresSinkTest, everyTypeTakesItsValues) {
  m_server.run("CREATE TYPE mood" + m_table + " AS ENUM('happy', 'sad')");
  m_server.run("CREATE TABLE " + m_table +
               "(id bigint PRIMARY KEY, a smallint, b double precision, c numeric(12,3), d boolean,"
               " e text, f varchar(5), g uuid, h date, i timestamptz, j jsonb, k json, l mood" +
               m_table + ", m inet, n int[])");
  auto sink =
      open(R"("key":["id"],"columns":{"id":"{{ event.id }}","a":"{{ event.a }}","b":"{{ event.b }}",
    "c":"{{ event.c }}","d":"{{ event.d }}","e":"{{ event.e }}","f":"{{ event.f }}","g":"{{ event.g }}",
    "h":"{{ event.h }}","i":"{{ event.i }}","j":"{{ event.j }}","k":"{{ event.k }}","l":"{{ event.l }}",
    "m":"{{ event.m }}","n":"{{ event.n }}"})");
  const auto refused =
      put(*sink, {event(R"({"id":9007199254740993,"a":-7,"b":0.1,"c":"123456789.125",
    "d":true,"e":"a \"b\", \\c\\ {x}\nNULL","f":"ÄÖÜßé","g":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "h":"2026-02-28","i":"2026-01-05T08:00:00.123456+01:00","j":{"x":[1,"y"]},"k":"text","l":"sad",
    "m":"10.1.2.3","n":"{1,2}"})"),
                  event(R"({"id":2,"a":"12","e":"NULL","h":1767600000000,"i":1767600000000})")});
  EXPECT_EQ(refused, std::vector<std::string>());
  const Rows rows = m_server.run("SELECT * FROM " + m_table + " ORDER BY id DESC");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0],
            (std::vector<std::string>{"9007199254740993", "-7", "0.1", "123456789.125", "t",
                                      "a \"b\", \\c\\ {x}\nNULL", "ÄÖÜßé",
                                      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "2026-02-28",
                                      "2026-01-05 07:00:00.123456+00", R"({"x": [1, "y"]})",
                                      "\"text\"", "sad", "10.1.2.3", "{1,2}"}));
  EXPECT_EQ(rows[1][5], "NULL");
  EXPECT_EQ(rows[1][8], "2026-01-05");
  EXPECT_EQ(rows[1][9], "2026-01-05 08:00:00+00");
  EXPECT_EQ(m_server.one("SELECT count(*) FROM " + m_table + " WHERE e = 'NULL' AND f IS NULL"),
            "1");
}

TEST_F(PostgresSinkTest, aBadValueMakesItsRecordADeadLetterAndOthersFlow) {
  m_server.run("CREATE TABLE " + m_table +
               "(id int PRIMARY KEY, name varchar(3) NOT NULL, total numeric(4,2), at timestamptz,"
               " CHECK (total < 50))");
  auto sink = open(R"("key":["id"],"columns":{"id":"{{ event.id }}","name":"{{ event.name }}",
    "total":"{{ event.total }}","at":"{{ event.at }}"})");
  std::vector<record::Record*> records;
  for (int i = 0; i < 500; ++i)
    records.push_back(event(R"({"id":)" + std::to_string(i) + R"(,"name":"ok","total":1.5})"));
  records.insert(records.begin() + 10, event(R"({"id":"seven","name":"a"})"));
  records.insert(records.begin() + 20, event(R"({"id":2147483648,"name":"a"})"));
  records.insert(records.begin() + 30, event(R"({"id":1000,"name":"long"})"));
  records.insert(records.begin() + 40, event(R"({"id":1001})"));
  records.insert(records.begin() + 50, event(R"({"id":1002,"name":"a","at":"yesterday"})"));
  records.insert(records.begin() + 60, event(R"({"id":1003,"name":"a\u0000"})"));
  records.insert(records.begin() + 70, event(R"({"id":1004,"name":"a","total":99})"));  // check
  records.insert(records.begin() + 80,
                 event(R"({"id":1005,"name":"a","total":123.456})"));  // server
  const auto refused = put(*sink, records);
  ASSERT_EQ(refused.size(), 8u);
  EXPECT_EQ(refused[0], "E-3910 Column id (integer): it is no whole number");
  EXPECT_EQ(refused[1], "E-3910 Column id (integer): the number is out of range");
  EXPECT_EQ(refused[2], "E-3910 Column name (character varying): it is too long");
  EXPECT_EQ(refused[3],
            "E-3910 Column name (character varying): it is empty, and the column must not be");
  EXPECT_NE(refused[4].find("it is no time"), std::string::npos);
  EXPECT_NE(refused[5].find("zero byte"), std::string::npos);
  EXPECT_EQ(refused[6].substr(0, 6), "E-3911");
  EXPECT_NE(refused[6].find("check constraint"), std::string::npos) << refused[6];
  EXPECT_NE(refused[7].find("overflow"), std::string::npos) << refused[7];
  EXPECT_EQ(m_server.one("SELECT count(*) FROM " + m_table), "500");
}

TEST_F(PostgresSinkTest, theLastOfAKeyWinsOrTheFirst) {
  m_server.run("CREATE TABLE " + m_table + "(id text PRIMARY KEY, score int)");
  std::vector<record::Record*> records;
  for (int i = 1; i <= 9; ++i)
    records.push_back(
        event(R"({"id":"k)" + std::to_string(i % 3) + R"(","score":)" + std::to_string(i) + "}"));
  put(*open(kScore), records);
  EXPECT_EQ(m_server.one("SELECT string_agg(id || score, ' ' ORDER BY id) FROM " + m_table),
            "k09 k17 k28");
  put(*open(std::string(kScore) + R"(,"onConflict":"ignore")"),
      {event(R"({"id":"k0","score":1})"), event(R"({"id":"new","score":1})"),
       event(R"({"id":"new","score":2})")});
  EXPECT_EQ(m_server.one("SELECT string_agg(id || score, ' ' ORDER BY id) FROM " + m_table),
            "k09 k17 k28 new1");
}

TEST_F(PostgresSinkTest, whereTheLastOfAKeyIsRefusedTheOneBeforeItCounts) {
  m_server.run("CREATE TABLE " + m_table + "(id text PRIMARY KEY, score int CHECK (score < 10))");
  const auto refused =
      put(*open(kScore), {event(R"({"id":"a","score":1})"), event(R"({"id":"a","score":5})"),
                          event(R"({"id":"a","score":50})")});
  EXPECT_EQ(refused.size(), 1u);
  EXPECT_EQ(m_server.one("SELECT score FROM " + m_table), "5");
}

TEST_F(PostgresSinkTest, whatDoesNotFitTheTableIsToldAtTheStart) {
  m_server.run("CREATE TABLE " + m_table +
               "(id int, score int NOT NULL, made timestamptz NOT NULL DEFAULT now(),"
               " twice int GENERATED ALWAYS AS (score * 2) STORED, UNIQUE (id, score))");
  Error error = openError(R"("columns":{"id":1,"scor":2},"onConflict":"append")");
  EXPECT_EQ(error.code, "E-3907");
  EXPECT_NE(error.message.find("has no column scor; is it score?"), std::string::npos)
      << error.message;
  error = openError(R"("columns":{"id":1},"onConflict":"append")");
  EXPECT_NE(error.message.find("score of " + m_table + " must not be empty"), std::string::npos)
      << error.message;
  error = openError(R"("columns":{"score":1,"twice":2},"onConflict":"append")");
  EXPECT_NE(error.message.find("twice"), std::string::npos) << error.message;
  error = openError(R"("columns":{"id":1,"score":2},"key":["id"])");
  EXPECT_EQ(error.where, "key");
  EXPECT_NE(error.message.find("no unique index on (id)"), std::string::npos) << error.message;
  open(R"("columns":{"id":1,"score":2},"key":["score","id"])");
  EXPECT_EQ(openError(R"("columns":{"id":1})").code, "E-3900");
  m_table = "nowhere";
  EXPECT_EQ(openError(kScore).where, "table");
}

TEST_F(PostgresSinkTest, whoeverTookTheShardOverStopsTheOneBefore) {
  m_server.run("CREATE TABLE " + m_table + "(id text PRIMARY KEY, score int)");
  const std::string shard = "p/in/" + m_table;
  std::vector<stage::RefusedBefore> none;
  auto old = open(kScore);
  ASSERT_EQ((*old->takeOver(0, shard, none))->next, 0);
  put(*old, {event(R"({"id":"a","score":1})")});
  ASSERT_TRUE(old->write(std::vector{event(R"({"id":"b","score":1})")}, nullptr).ok());

  auto next = open(kScore);
  EXPECT_EQ((*next->takeOver(0, shard, none))->next, 1) << "as far as the old one came";
  const stage::Reach reach[] = {{0, 2, 0}};
  old->reached(reach);
  std::vector<stage::Failure> refused;
  const Status zombie = old->flush(refused);
  ASSERT_FALSE(zombie.ok());
  EXPECT_EQ(zombie.error().code, "E-3908");
  EXPECT_EQ(zombie.error().retry, Retry::Fatal);
  EXPECT_EQ(m_server.one("SELECT count(*) FROM " + m_table), "1") << "rolled back";
}

TEST_F(PostgresSinkTest, whatWasRefusedIsRememberedUntilTheCheckpointHasIt) {
  m_server.run("CREATE TABLE " + m_table + "(id text PRIMARY KEY, score int CHECK (score < 10))");
  const std::string shard = "p/in/" + m_table;
  std::vector<stage::RefusedBefore> refused;
  {
    auto sink = open(kScore);
    ASSERT_TRUE(sink->takeOver(0, shard, refused).ok());
    put(*sink, {event(R"({"id":"a","score":1})"), event(R"({"id":"b","score":99})"),
                event(R"({"id":"c","score":"x"})")});
    put(*sink, {event(R"({"id":"d","score":1})")});
  }
  auto sink = open(kScore);
  EXPECT_EQ((*sink->takeOver(0, shard, refused))->next, 4);
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].offset, 2);
  EXPECT_EQ(refused[0].code, "E-3910");
  EXPECT_EQ(refused[1].offset, 1);
  EXPECT_EQ(refused[1].code, "E-3911");
  const stage::Reach reach[] = {{0, 4, 0}};
  sink->reached(reach);
  sink->settled();
  put(*sink, {event(R"({"id":"e","score":1})")});
  refused.clear();
  ASSERT_TRUE(open(kScore)->takeOver(0, shard, refused).ok());
  EXPECT_TRUE(refused.empty());
}

TEST_F(PostgresSinkTest, aKilledBackendIsDoneAnew) {
  m_server.run("CREATE TABLE " + m_table + "(id text PRIMARY KEY, score int)");
  auto sink = open(kScore);
  put(*sink, {event(R"({"id":"a","score":1})")});
  ASSERT_TRUE(sink->write(std::vector{event(R"({"id":"b","score":1})")}, nullptr).ok());
  m_server.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
      " AND (query LIKE '%" +
      m_table + "%' OR query = 'COMMIT')");
  std::vector<stage::Failure> refused;
  const Status first = sink->flush(refused);
  ASSERT_FALSE(first.ok());
  EXPECT_EQ(first.error().retry, Retry::Later);
  EXPECT_TRUE(sink->flush(refused).ok());
  EXPECT_EQ(m_server.one("SELECT count(*) FROM " + m_table), "2");
}

TEST_F(PostgresSinkTest, appendAddsARowForEachEvent) {
  m_server.run("CREATE TABLE " + m_table + "(n serial, id text, score int)");
  std::vector<record::Record*> records;
  for (int i = 0; i < 5000; ++i) records.push_back(event(R"({"id":"a","score":1})"));
  put(*open(
          R"("columns":{"id":"{{ event.id }}","score":"{{ event.score }}"},"onConflict":"append")"),
      records);
  EXPECT_EQ(m_server.one("SELECT count(*) FROM " + m_table), "5000");
}

}  // namespace
}  // namespace freshet::postgres
