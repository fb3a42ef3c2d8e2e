// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/runtime/checkpoint_bytes.h"
#include "core/runtime/commit_note.h"

namespace freshet::runtime {
namespace {

TEST(CommitNote, keepsTickAndMarksOfAll) {
  CommitNote note = CommitNote::parse("");
  EXPECT_EQ(note.tick, 0u);
  EXPECT_FALSE(note.holds("0.0", 1));
  note.tick = 3;
  note.set("0.0", 17);
  note.set("blue-2.1", 4);
  note.set("0.0", 18);
  const CommitNote again = CommitNote::parse(note.text());
  EXPECT_EQ(again.text(), "3 blue-2.1=4 0.0=18");
  EXPECT_TRUE(again.holds("0.0", 18));
  EXPECT_TRUE(again.holds("0.0", 17));
  EXPECT_FALSE(again.holds("0.0", 19));
  EXPECT_FALSE(again.holds("2.1", 1));
}

TEST(CommitNote, readsWhatOthersHaveLeftBesideAPosition) {
  EXPECT_EQ(CommitNote::parse("by hand, on Monday").text(), "0");
  EXPECT_EQ(CommitNote::parse("a=1").text(), "0 a=1");
}

TEST(CommitNote, theOldestMarksGoWhereThereIsNoRoom) {
  CommitNote note;
  for (int i = 0; i < 400; ++i) note.set("worker-" + std::to_string(i), 1'767'600'000'000'000u);
  EXPECT_LT(note.text().size(), 4096u);
  EXPECT_TRUE(CommitNote::parse(note.text()).holds("worker-399", 1));
  EXPECT_FALSE(CommitNote::parse(note.text()).holds("worker-0", 1));
}

PreparedCheckpoint everything() {
  PreparedCheckpoint prepared;
  Checkpoint& checkpoint = prepared.checkpoint;
  checkpoint.positions = {{"in/0", 42, 7}, {"in/3", INT64_MAX, INT64_MIN}};
  checkpoint.states = {{"wait", "in/0", {0, std::string("k\0y", 3), "bytes", 12}},
                       {"wait", "in/3", {0, "gone", "", StateRow::kNoTimer}}};
  StoredDead dead;
  dead.node = "check";
  dead.code = "E-2001";
  dead.partition = 3;
  dead.offset = 41;
  dead.bytes = std::string("\xff\0", 2);
  checkpoint.dead = {dead};
  checkpoint.outbox = {{"mails", "id", "body"}};
  checkpoint.counts.in = 9;
  checkpoint.counts.dead = 1;
  prepared.profiles = {{"people", "p:1", R"({"a":1})"}};
  return prepared;
}

TEST(PreparedCheckpoint, comesBackAsItWas) {
  const std::string bytes = toBytes(everything());
  const auto again = checkpointFromBytes(bytes);
  ASSERT_TRUE(again.ok()) << again.error().text();
  EXPECT_EQ(toBytes(*again), bytes);
  EXPECT_EQ(again->checkpoint.positions.at(1).offset, INT64_MAX);
  EXPECT_EQ(again->checkpoint.states.at(0).row.key.size(), 3u);
  EXPECT_TRUE(again->checkpoint.states.at(1).row.isGone());
  EXPECT_EQ(again->checkpoint.dead.at(0).bytes.size(), 2u);
  EXPECT_EQ(again->checkpoint.counts.in, 9u);
  EXPECT_EQ(again->profiles.at(0).json, R"({"a":1})");
}

TEST(PreparedCheckpoint, damagedOnesAreRefused) {
  const std::string bytes = toBytes(everything());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    EXPECT_FALSE(checkpointFromBytes(bad).ok()) << i;
    EXPECT_FALSE(checkpointFromBytes(bytes.substr(0, i)).ok()) << i;
  }
}

TEST(StateDb, aPreparedCheckpointGoesWhenItBecomesTrue) {
  auto db = StateDb::open("");
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE((*db)->prepare({"0.0", 5, "old"}).ok());
  ASSERT_TRUE((*db)->prepare({"0.0", 6, "new"}).ok());
  ASSERT_TRUE((*db)->prepare({"0.1", 7, "other"}).ok());
  auto left = (*db)->prepared();
  ASSERT_TRUE(left.ok());
  ASSERT_EQ(left->size(), 2u);
  EXPECT_EQ(left->at(0).bytes, "new");
  EXPECT_EQ(left->at(0).mark, 6u);
  Checkpoint checkpoint = everything().checkpoint;
  checkpoint.prepared = "0.0";
  ASSERT_TRUE((*db)->commit(checkpoint, {}).ok());
  ASSERT_TRUE((*db)->dropPrepared("0.1").ok());
  EXPECT_TRUE((*db)->prepared()->empty());
  EXPECT_EQ((*db)->positions()->at("in/0").offset, 42);
}

}  // namespace
}  // namespace freshet::runtime
