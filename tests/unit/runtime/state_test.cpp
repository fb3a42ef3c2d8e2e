// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "core/runtime/batch_pool.h"
#include "core/runtime/state_db.h"

namespace freshet::runtime {
namespace {

class StateTableTest : public ::testing::Test {
 protected:
  std::string get(std::string_view key, std::uint32_t shard = 0) {
    const stage::StateKey keys[] = {{shard, key}};
    std::string_view values[1];
    EXPECT_TRUE(m_table.get(keys, values).ok());
    return std::string(values[0]);
  }
  std::vector<std::string> due(TimeMs watermark, std::uint32_t shard = 0) {
    std::vector<stage::Timer> timers;
    m_table.takeDue(shard, watermark, m_arena, timers);
    std::vector<std::string> keys;
    for (const stage::Timer& timer : timers) keys.emplace_back(timer.key);
    return keys;
  }

  StateTable m_table;
  Arena m_arena;
};

using Keys = std::vector<std::string>;

TEST_F(StateTableTest, TimersComeOldestFirstOnceAndPerShard) {
  m_table.setTimer({0, "b"}, 20);
  m_table.setTimer({0, "a"}, 30);
  m_table.setTimer({0, "c"}, 10);
  m_table.setTimer({1, "other"}, 5);
  m_table.setTimer({0, "c"}, 25);  // moved
  EXPECT_EQ(m_table.nextTimer(), 5);
  EXPECT_EQ(due(9), Keys());
  EXPECT_EQ(due(25), (Keys{"b", "c"}));
  EXPECT_EQ(due(25), Keys());
  m_table.clearTimer({0, "a"});
  EXPECT_EQ(due(100), Keys());
  EXPECT_EQ(due(100, 1), Keys{"other"});
  EXPECT_EQ(m_table.nextTimer(), INT64_MAX);
}

TEST_F(StateTableTest, RollbackGivesBackBytesAndTimers) {
  m_table.put({0, "kept"}, "old");
  m_table.setTimer({0, "kept"}, 10);
  m_table.beginBatch();
  m_table.put({0, "kept"}, "new");
  m_table.put({0, "kept"}, "newer");
  m_table.put({0, "made"}, "x");
  m_table.setTimer({0, "made"}, 5);
  EXPECT_EQ(due(20), (Keys{"made", "kept"}));
  m_table.rollback();
  EXPECT_EQ(get("kept"), "old");
  EXPECT_EQ(get("made"), "");
  EXPECT_EQ(due(20), Keys{"kept"});
}

TEST_F(StateTableTest, ChangesAreTakenOnceAndWhatIsGoneSaysSo) {
  m_table.load({0, "loaded", "v", StateRow::kNoTimer});
  EXPECT_TRUE(m_table.takeChanges().empty());
  m_table.remove({0, "loaded"});
  m_table.put({0, "new"}, "n");
  const auto rows = m_table.takeChanges();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].isGone());
  EXPECT_EQ(rows[1].bytes, "n");
  EXPECT_TRUE(m_table.takeChanges().empty());
  m_table.put({0, "new"}, "m");
  m_table.dropShard(0);
  EXPECT_TRUE(m_table.takeChanges().empty()) << "a shard that was given away is not written back";
}

class StateDbTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "freshet-db-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }
  std::unique_ptr<StateDb> open(bool isFresh = false) {
    auto db = StateDb::open(m_folder, isFresh);
    EXPECT_TRUE(db.ok()) << db.error().text();
    return db ? std::move(*db) : nullptr;
  }
  static Checkpoint checkpoint(std::int64_t offset) {
    Checkpoint made;
    made.positions.push_back({"in/0", offset, offset * 10});
    made.states.push_back({"wait", "in/0", {0, std::string("k\0y", 3), "bytes", 77}});
    StoredDead& dead = made.dead.emplace_back();
    dead.node = "in";
    dead.code = "E-2001";
    dead.message = "no";
    dead.offset = offset;
    dead.bytes = std::string("\0raw", 4);
    made.outbox.push_back({"mail", "id" + std::to_string(offset), "body"});
    made.counts.in = 2;
    return made;
  }

  std::string m_folder;
};

TEST_F(StateDbTest, ACheckpointIsThereAfterReopening) {
  ASSERT_TRUE(open()->commit(checkpoint(3), {}).ok());
  const auto db = open();
  ASSERT_TRUE(db);
  EXPECT_EQ(db->positions()->at("in/0").offset, 3);
  EXPECT_EQ(db->positions()->at("in/0").watermarkMs, 30);
  const auto rows = *db->state("wait", "in/0");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key, std::string("k\0y", 3));
  EXPECT_EQ(rows[0].timerMs, 77);
  EXPECT_EQ(db->letters().newest({}, 10, 0).value().at(0).bytes, std::string("\0raw", 4));
  EXPECT_EQ(db->counts()->in, 2U);
  EXPECT_EQ(db->outboxSize(), 1);
}

TEST_F(StateDbTest, WhatFailsInsideLeavesNothing) {
  const auto db = open();
  const Status status = db->commit(checkpoint(3), []() -> Status {
    return Error{"E-9001", "no", {}, Retry::Later};
  });
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(db->positions()->empty());
  EXPECT_TRUE(db->state("wait", "in/0")->empty());
  EXPECT_TRUE(db->letters().newest({}, 10, 0).value().empty());
  EXPECT_EQ(db->counts()->in, 0U);
  EXPECT_EQ(db->outboxSize(), 0);
  EXPECT_TRUE(db->commit(checkpoint(3), {}).ok());
}

TEST_F(StateDbTest, DeliveredEntriesGoWithTheirMark) {
  const auto db = open();
  for (std::int64_t i = 1; i <= 3; ++i) ASSERT_TRUE(db->commit(checkpoint(i), {}).ok());
  const auto batch = *db->outbox("mail", 2);
  EXPECT_EQ(batch.sequences, (std::vector<std::int64_t>{1, 2}));
  ASSERT_TRUE(db->outboxDone("mail", batch.sequences.back(), "mark 2").ok());
  EXPECT_EQ(db->outboxSize(), 1);
  EXPECT_EQ(*db->outboxMark("mail"), "mark 2");
  EXPECT_EQ(db->outbox("mail", 9)->ids, std::vector<std::string>{"id3"});
  EXPECT_EQ(db->outbox("other", 9)->ids.size(), 0U);
}

TEST_F(StateDbTest, ASecondRunIsRefusedAndAFreshOneForgets) {
  auto first = open();
  ASSERT_TRUE(first->commit(checkpoint(3), {}).ok());
  const auto second = StateDb::open(m_folder);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "E-3604");
  first.reset();
  EXPECT_TRUE(open(true)->positions()->empty());
}

TEST(BatchPoolTest, MemoryIsCountedUntilTheLastLease) {
  Meters meters;
  const auto pool = std::make_shared<BatchPool>(meters);
  auto batch = pool->take();
  batch->records = 3;
  batch->arena.allocate(5 << 20);
  EXPECT_EQ(pool->leasedBytes(), 0U);
  pool->seal(*batch);
  EXPECT_GE(pool->leasedBytes(), std::size_t{5 << 20});
  auto lease = batch;
  batch.reset();
  EXPECT_GE(pool->leasedBytes(), std::size_t{5 << 20});
  lease.reset();
  EXPECT_EQ(pool->leasedBytes(), 0U);
  EXPECT_EQ(meters.endToEnd.count(), 3U);
}

TEST(BatchPoolTest, ABatchThatFailedBeforeItWasSealedCountsNothing) {
  Meters meters;
  const auto pool = std::make_shared<BatchPool>(meters);
  auto batch = pool->take();
  batch->records = 3;
  batch.reset();
  EXPECT_EQ(pool->leasedBytes(), 0U);
}

TEST(StateDb, AfterAFailedWriteNothingIsPretended) {
  std::string pattern = (std::filesystem::temp_directory_path() / "freshet-io-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  {
    auto db = StateDb::open(pattern);
    ASSERT_TRUE(db.ok());
    Checkpoint checkpoint;
    checkpoint.positions.push_back({"in/0", 1, 0});
    ASSERT_TRUE((*db)->commit(checkpoint, {}).ok());
    // The disk refuses: files may not grow.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit none{4096, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
    checkpoint.positions[0].offset = 2;
    StoredDead large;
    large.bytes.assign(1 << 20, 'x');
    checkpoint.dead.push_back(large);
    const Status failed = (*db)->commit(checkpoint, {});
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, "E-3602");
    EXPECT_EQ(failed.error().retry, Retry::Fatal);
    const Status again = (*db)->commit(checkpoint, {});
    ASSERT_FALSE(again.ok()) << "the disk takes writes again, but what it holds is not known";
    EXPECT_EQ(again.error().retry, Retry::Fatal);
    EXPECT_FALSE((*db)->setMeta("clock", 1).ok());
  }
  auto db = StateDb::open(pattern);
  ASSERT_TRUE(db.ok());
  EXPECT_EQ((*db)->positions()->at("in/0").offset, 1) << "as it was before the write that failed";
  EXPECT_TRUE((*db)->letters().newest({}, 10, 0)->empty());
  std::filesystem::remove_all(pattern);
}

TEST(StateDb, AnotherComputersDiskIsKnown) {
  EXPECT_TRUE(profile::isNetworkFileSystem(0x6969));
  EXPECT_TRUE(profile::isNetworkFileSystem(0xff534d42));
  // statfs gives a signed number on some machines.
  EXPECT_TRUE(profile::isNetworkFileSystem(static_cast<std::int32_t>(0xff534d42)));
  EXPECT_FALSE(profile::isNetworkFileSystem(0xef53)) << "ext4";
  EXPECT_FALSE(profile::isNetworkFileSystem(0x01021994)) << "tmpfs";
  EXPECT_FALSE(profile::isNetworkFileSystem(0x794c7630)) << "overlayfs";
}

TEST(StateDb, KeepsTheSettingsThatMakeItSafe) {
  std::string pattern = (std::filesystem::temp_directory_path() / "freshet-io-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  {
    auto db = profile::Database::open(pattern + "/a.db");
    ASSERT_TRUE(db.ok());
    for (const auto& [name, wanted] :
         {std::pair("journal_mode", "wal"), std::pair("synchronous", "2"),
          std::pair("cell_size_check", "1"), std::pair("secure_delete", "1"),
          std::pair("foreign_keys", "1"), std::pair("busy_timeout", "5000")}) {
      auto ask = (*db)->prepare(std::string("PRAGMA ") + name);
      ASSERT_TRUE(ask.step()) << name;
      EXPECT_EQ(ask.text(0), wanted) << name;
    }
  }
  std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace freshet::runtime
