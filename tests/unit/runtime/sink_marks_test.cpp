// SPDX-License-Identifier: GPL-3.0-or-later
// A sink that stores positions with its effects (as a database does), in runs that die between the
// sink's commit and the checkpoint.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <set>

#include "core/runtime/outcome.h"
#include "core/runtime/runtime.h"
#include "tests/support/test_types.h"

namespace freshet::testing {
namespace {

namespace fs = std::filesystem;

/// What the outside holds: rows and positions, changed together.
struct Ledger {
  std::mutex mutex;
  std::multiset<std::string> rows;
  std::map<std::string, stage::Reach> reach;
  std::map<std::string, std::vector<stage::RefusedBefore>> refused;
  int flushesUntilDeath = INT_MAX;
};

class LedgerSink final : public stage::Sink {
 public:
  explicit LedgerSink(Ledger& ledger) : m_ledger(ledger) {}

  Status open(stage::StageContext& context) override {
    m_context = &context;
    return {};
  }
  Status write(std::span<record::Record* const> records, const stage::BatchLease& lease) override {
    m_leases.push_back(lease);
    for (std::size_t i = 0; i < records.size(); ++i) {
      m_rows.push_back({records[i], stage::nthOfOrigin(records, i)});
    }
    return {};
  }
  Status flush(std::vector<stage::Failure>& refused) override {
    const std::scoped_lock lock(m_ledger.mutex);
    std::set<std::uint32_t> touched;
    for (const auto& [record, nth] : m_rows) {
      const record::Origin& origin = *record->origin;
      touched.insert(origin.shard);
      if (record->event().get("bad").truthy()) {
        refused.push_back({record, "E-9100", "the ledger refuses", {}});
        m_ledger.refused[m_names[origin.shard]].push_back(
            {origin.shard, origin.offset, {}, nth, "E-9100", "the ledger refuses"});
        continue;
      }
      m_ledger.rows.insert(runtime::describe(*record, m_context->sections()));
    }
    for (const stage::Reach& reach : m_reach) {
      if (touched.contains(reach.shard)) m_ledger.reach[m_names[reach.shard]] = reach;
    }
    m_rows.clear();
    m_leases.clear();
    if (--m_ledger.flushesUntilDeath == 0) {
      return Error{"E-9101", "the process dies here", {}, Retry::Fatal};
    }
    return {};
  }
  Result<std::optional<stage::Reach>> takeOver(
      std::uint32_t shard, std::string_view name,
      std::vector<stage::RefusedBefore>& refused) override {
    const std::scoped_lock lock(m_ledger.mutex);
    m_names[shard] = name;
    stage::Reach reach = m_ledger.reach[m_names[shard]];
    reach.shard = shard;
    refused = m_ledger.refused[m_names[shard]];
    for (stage::RefusedBefore& each : refused) each.shard = shard;
    return std::optional(reach);
  }
  void reached(std::span<const stage::Reach> reach) override {
    m_reach.assign(reach.begin(), reach.end());
  }
  Status forgetPositions(stage::StageContext&, std::string_view prefix) override {
    std::erase_if(m_ledger.reach, [&](const auto& each) { return each.first.starts_with(prefix); });
    return {};
  }

 private:
  Ledger& m_ledger;
  stage::StageContext* m_context = nullptr;
  std::map<std::uint32_t, std::string> m_names;
  std::vector<std::pair<record::Record*, std::uint32_t>> m_rows;
  std::vector<stage::BatchLease> m_leases;
  std::vector<stage::Reach> m_reach;
};

class SinkMarksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "freshet-marks-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
    stage::NodeType type;
    type.spec.id = "test.ledger";
    type.spec.family = spec::Family::Sink;
    type.spec.title = type.spec.summary = "For tests";
    type.makeSink = [this](const spec::Config&,
                           stage::BuildContext&) -> Result<std::unique_ptr<stage::Sink>> {
      return std::unique_ptr<stage::Sink>(std::make_unique<LedgerSink>(m_ledger));
    };
    m_types->add(std::move(type));
    m_settings.stateFolder = (m_folder / "state").string();
    m_settings.commitEveryMs = 0;
  }
  void TearDown() override { fs::remove_all(m_folder); }

  /// Runs until the events end or the ledger's death; true: it came to the end.
  bool run(std::string_view nodesAndEdges) {
    auto project = pipeline::readProject(
        m_folder.string(), "p.pipeline.json",
        R"({"formatVersion": 1, "name": "p",)" + std::string(nodesAndEdges) + "}", "");
    EXPECT_TRUE(project.ok());
    auto topology = runtime::Topology::compile(*project, *m_types, pipeline::lookUpInEnvironment);
    EXPECT_TRUE(topology.ok()) << topology.error().text();
    runtime::Runtime runtime(*topology, *m_types, runtime::StoreLookup(), m_settings);
    runtime.start();
    runtime.wait();
    m_snapshot = runtime.snapshot();
    m_dead = runtime.deadLetters(1000, 0).size();
    return runtime.phase() == runtime::Phase::Finished;
  }
  void addEvents(int count, bool haveTimes = true) {
    for (int i = 0; i < count; ++i) {
      const std::string user = "u" + std::to_string(i % 97);
      const std::string bad = i % 211 == 5 ? R"(,"bad":true)" : "";
      m_world.events.push_back(
          {R"({"userId":")" + user + R"(","n":)" + std::to_string(i) + bad + "}", user, i % 4,
           haveTimes ? 1'000'000 + i * 10 : 0});
    }
  }
  /// Dies at every flush of the next run, again and again; returns how often.
  int runWithDeaths(std::string_view nodesAndEdges, int each) {
    int deaths = 0;
    for (;; ++deaths) {
      m_ledger.flushesUntilDeath = each;
      if (run(nodesAndEdges)) return deaths;
      if (deaths > 1000) return -1;
    }
  }

  fs::path m_folder;
  TestWorld m_world;
  Ledger m_ledger;
  std::unique_ptr<plugin::Registry> m_types = makeTestTypes(m_world);
  runtime::RunSettings m_settings;
  metrics::MetricsSnapshot m_snapshot;
  std::size_t m_dead = 0;
};

constexpr std::string_view kRows = R"("nodes": [
  {"id": "in", "type": "test.events"}, {"id": "rows", "type": "test.ledger"}],
  "edges": ["in -> rows"])";

// A wait that each event of the person begins anew: rows come from timers alone.
constexpr std::string_view kTimers = R"("nodes": [
  {"id": "in", "type": "test.events"},
  {"id": "left", "type": "wait", "settings": {"key": "{{ event.userId }}", "until": "true",
    "for": "100 ms", "as": "basket"}},
  {"id": "rows", "type": "test.ledger"}],
  "edges": ["in -> left", "left -> rows"])";

// One of the two takes what the ledger refuses.
constexpr std::string_view kTwoSinks = R"("nodes": [
  {"id": "in", "type": "test.events"}, {"id": "rows", "type": "test.ledger"},
  {"id": "kept", "type": "test.sink"}],
  "edges": ["in -> rows", "in -> kept"])";

constexpr std::string_view kTwoLedgers = R"("nodes": [
  {"id": "in", "type": "test.events"}, {"id": "rows", "type": "test.ledger"},
  {"id": "more", "type": "test.ledger"}],
  "edges": ["in -> rows", "in -> more"])";

TEST_F(SinkMarksTest, RowsOfRunsThatDieAreThereOnceAndRefusedOnesAreDeadOnce) {
  addEvents(10'000);
  m_settings.lanes = 2;
  const int deaths = runWithDeaths(kRows, 2);
  EXPECT_GE(deaths, 3);
  const std::set<std::string> different(m_ledger.rows.begin(), m_ledger.rows.end());
  EXPECT_EQ(different.size(), m_ledger.rows.size()) << "doubled";
  const std::size_t refused = 48;  // of 10,000
  EXPECT_EQ(m_ledger.rows.size(), 10'000 - refused);
  EXPECT_EQ(m_dead, refused);
  EXPECT_EQ(m_snapshot.in, 10'000U);
  EXPECT_EQ(m_snapshot.dead, refused) << "counted as its letters are, after a crash too";
  EXPECT_EQ(m_snapshot.in, m_snapshot.out + m_snapshot.filtered + m_snapshot.dead);
}

TEST_F(SinkMarksTest, RowsAreThereOnceWhenTheClockIsTheOnlyTime) {
  addEvents(10'000, false);
  m_settings.lanes = 2;
  EXPECT_GE(runWithDeaths(kRows, 2), 3);
  EXPECT_EQ(m_ledger.rows.size(), 10'000U - 48);
  EXPECT_EQ(m_dead, 48U);
}

TEST_F(SinkMarksTest, WhatOneOfTwoSinksRefusesIsOutAndWhatBothRefuseIsDead) {
  addEvents(1000);
  ASSERT_TRUE(run(kTwoSinks));
  EXPECT_EQ(m_dead, 5U);
  EXPECT_EQ(m_snapshot.errors, 5U);
  EXPECT_EQ(m_snapshot.out, 1000U);
  EXPECT_EQ(m_snapshot.dead, 0U);
  m_settings.isFresh = true;
  ASSERT_TRUE(run(kTwoLedgers));
  EXPECT_EQ(m_dead, 10U) << "a letter for each sink that refused";
  EXPECT_EQ(m_snapshot.errors, 10U);
  EXPECT_EQ(m_snapshot.out, 995U);
  EXPECT_EQ(m_snapshot.dead, 5U);
}

TEST_F(SinkMarksTest, WhatTimersMadeIsThereOnce) {
  addEvents(10'000);
  m_settings.lanes = 1;
  m_settings.isMaxSpeed = true;
  ASSERT_TRUE(run(kTimers));
  const auto calm = m_ledger.rows;
  ASSERT_GT(calm.size(), 100U);
  m_ledger.rows.clear();
  m_ledger.reach.clear();
  m_ledger.refused.clear();
  fs::remove_all(m_settings.stateFolder);
  EXPECT_GE(runWithDeaths(kTimers, 2), 2);
  EXPECT_EQ(m_ledger.rows, calm);
}

TEST_F(SinkMarksTest, AStateThatIsLostWritesNothingTwice) {
  addEvents(1000);
  ASSERT_TRUE(run(kRows));
  const auto before = m_ledger.rows;
  fs::remove_all(m_settings.stateFolder);
  ASSERT_TRUE(run(kRows));
  EXPECT_EQ(m_ledger.rows, before);
  EXPECT_EQ(m_snapshot.in, 1000U) << "all is read again for the state of other steps";
}

TEST_F(SinkMarksTest, AFreshStartForgetsPositions) {
  addEvents(100);
  ASSERT_TRUE(run(kRows));
  const std::size_t once = m_ledger.rows.size();
  m_settings.isFresh = true;
  ASSERT_TRUE(run(kRows));
  EXPECT_EQ(m_ledger.rows.size(), 2 * once);
}

}  // namespace
}  // namespace freshet::testing
