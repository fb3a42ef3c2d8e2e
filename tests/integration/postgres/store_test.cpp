// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <thread>

#include "plugins/postgres/postgres_store.h"
#include "tests/integration/postgres/real_postgres.h"

namespace freshet::postgres {
namespace {

using profile::ProfileWrite;
using profile::StoredProfile;

class PostgresStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    m_table = testing::uniqueTable("people");
    auto opened = profileStoreType().open(
        *record::OwnedValue::fromJson(R"({"type":"postgres","url":")" + testing::realPostgres() +
                                      R"(","table":")" + m_table + "\"}"));
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    m_store = *opened;
  }
  StoredProfile get(std::string_view key) {
    StoredProfile stored;
    const Status status = m_store->read({&key, 1}, {&stored, 1}, m_arena);
    EXPECT_TRUE(status.ok()) << status.error().text();
    return stored;
  }
  void put(const ProfileWrite& write) {
    const Status status = m_store->write({&write, 1});
    EXPECT_TRUE(status.ok()) << status.error().text();
  }

  std::string m_table;
  std::shared_ptr<profile::ProfileStore> m_store;
  testing::RealPostgres m_server;
  Arena m_arena;
};

TEST_F(PostgresStoreTest, readsWhatItWroteAndNothingElse) {
  put({"ada", R"({"score":1})", 2, 17, 0xabcdef});
  const StoredProfile ada = get("ada");
  EXPECT_EQ(ada.json, R"({"score":1})");
  ASSERT_EQ(ada.applied.size(), 1u);
  EXPECT_EQ(ada.applied[0].source, 0xabcdefu);
  EXPECT_EQ(ada.applied[0].partition, 2);
  EXPECT_EQ(ada.applied[0].offset, 17);
  for (std::size_t i = 0; i < record::kJsonPadding; ++i)
    EXPECT_EQ(ada.json.data()[ada.json.size() + i], '\0');
  EXPECT_EQ(get("eve").json, "");
}

TEST_F(PostgresStoreTest, anOlderWriteOfThePartitionChangesNothing) {
  put({"ada", "12", 0, 12, 1});
  put({"ada", "10", 0, 10, 1});
  put({"ada", "120", 0, 12, 1});
  EXPECT_EQ(get("ada").json, "12");
  put({"ada", "13", 0, 13, 1});
  EXPECT_EQ(get("ada").json, "13");
  EXPECT_EQ(get("ada").version, 2);
}

TEST_F(PostgresStoreTest, offsetsOfOtherPartitionsAndSourcesAreNotCompared) {
  put({"ada", "1", 0, 1000, 1});
  put({"ada", "2", 1, 5, 1});
  put({"ada", "3", 0, 3, 2});
  put({"ada", "4", 0, 999, 1});
  EXPECT_EQ(get("ada").json, "3");
  EXPECT_EQ(get("ada").applied.size(), 3u);
  put({"ada", "5", INT32_MAX, INT64_MAX, UINT64_MAX});
  put({"ada", "6", INT32_MAX, INT64_MAX - 1, UINT64_MAX});
  EXPECT_EQ(get("ada").json, "5");
}

TEST_F(PostgresStoreTest, anImportKeepsWhatHasBeenApplied) {
  put({"ada", "1", 0, 12, 1});
  put({"ada", "2"});
  EXPECT_EQ(get("ada").json, "2");
  put({"ada", "3", 0, 12, 1});
  EXPECT_EQ(get("ada").json, "2");
}

TEST_F(PostgresStoreTest, manyKeysOddOnesAndTheSameTwice) {
  std::vector<std::string> keys{R"(with "quotes" and \ and {,})", "", "Ü–ñ",
                                std::string("zero\0byte", 9)};
  for (int i = 0; i < 3000; ++i) keys.push_back("k" + std::to_string(i));
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < keys.size(); ++i)
    texts.push_back("{\"n\":" + std::to_string(i) + "}");
  std::vector<ProfileWrite> writes;
  for (std::size_t i = 0; i < keys.size(); ++i) writes.push_back({keys[i], "0", 0, 1, 1});
  for (std::size_t i = 0; i < keys.size(); ++i) writes.push_back({keys[i], texts[i], 0, 2, 1});
  ASSERT_TRUE(m_store->write(writes).ok());
  const std::vector<std::string_view> names(keys.begin(), keys.end());
  std::vector<StoredProfile> out(names.size());
  ASSERT_TRUE(m_store->read(names, out, m_arena).ok());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(out[i].json, texts[i]) << names[i];
  std::size_t seen = 0;
  ASSERT_TRUE(
      m_store->scan(2500, [&](std::string_view, std::string_view) { return ++seen > 0; }).ok());
  EXPECT_EQ(seen, 2500u);
}

TEST_F(PostgresStoreTest, aConnectionThatWasClosedMeanwhileIsMadeAnew) {
  put({"ada", "1"});
  m_server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%" +
               m_table + "%' AND pid <> pg_backend_pid()");
  EXPECT_EQ(get("ada").json, "1");
}

TEST_F(PostgresStoreTest, lanesThatWriteTheSameKeysDoNotLoseAWrite) {
  std::vector<std::thread> lanes;
  for (std::int32_t lane = 0; lane < 4; ++lane) {
    lanes.emplace_back([&, lane] {
      for (std::int64_t round = 1; round <= 20; ++round) {
        std::vector<std::string> keys;
        for (int i = 0; i < 100; ++i) keys.push_back("k" + std::to_string((i * 37 + lane) % 100));
        std::vector<ProfileWrite> writes;
        for (const std::string& key : keys) writes.push_back({key, "1", lane, round, 1});
        EXPECT_TRUE(m_store->write(writes).ok());
      }
    });
  }
  for (std::thread& lane : lanes) lane.join();
  for (int i = 0; i < 100; ++i) {
    const StoredProfile stored = get("k" + std::to_string(i));
    EXPECT_EQ(stored.applied.size(), 4u);
    for (const auto& applied : stored.applied) EXPECT_EQ(applied.offset, 20);
    EXPECT_EQ(stored.version, 80);
  }
}

}  // namespace
}  // namespace freshet::postgres
