// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/runtime.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/test_types.h"

namespace freshet::testing {
namespace {

namespace fs = std::filesystem;

class RuntimeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "freshet-run-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
    std::ofstream(m_folder / "people.ndjson") << R"({"id":"ann","reminders":0})";
    m_settings.lanes = 2;
  }
  void TearDown() override { fs::remove_all(m_folder); }

  std::unique_ptr<runtime::Runtime> make(std::string_view nodesAndEdges) {
    auto project = pipeline::readProject(m_folder.string(), "p.pipeline.json",
                                         R"({"formatVersion": 1, "name": "p",
            "connections": {"people": {"type": "embedded", "seed": "people.ndjson"}},)" +
                                             std::string(nodesAndEdges) + "}",
                                         "");
    EXPECT_TRUE(project.ok());
    auto topology = runtime::Topology::compile(*project, *m_types, pipeline::lookUpInEnvironment);
    EXPECT_TRUE(topology.ok()) << topology.error().text();
    return std::make_unique<runtime::Runtime>(*topology, *m_types, runtime::StoreLookup(),
                                              m_settings);
  }
  void addEvents(int count) {
    for (int i = 0; i < count; ++i) {
      m_world.events.push_back(
          {R"({"userId":"ann","event":"add"})", "ann", i % 4, wallClockMs() - 60'000 + i});
    }
  }

  fs::path m_folder;
  TestWorld m_world;
  std::unique_ptr<plugin::Registry> m_types = makeTestTypes(m_world);
  runtime::RunSettings m_settings;
};

constexpr std::string_view kWaiting = R"("nodes": [
  {"id": "in", "type": "test.events"},
  {"id": "left", "type": "wait", "settings": {"key": "{{ event.userId }}",
    "until": "event.event == 'add'", "for": "1 s", "as": "basket"}},
  {"id": "who", "type": "profile.read", "settings": {"connection": "people",
    "key": "{{ event.userId }}"}},
  {"id": "save", "type": "profile.write", "settings": {"connection": "people",
    "key": "{{ event.userId }}", "set": {"reminders": "{{ profile.reminders | plus: 1 }}"}}},
  {"id": "copy", "type": "test.sink"},
  {"id": "away", "type": "test.flaky", "settings": {"failures": 1}},
  {"id": "end", "type": "test.sink"}],
  "edges": ["in -> left", "left -> who", "who -> save", "who -> copy", "who -> away",
            "away -> end"])";

TEST_F(RuntimeTest, TheTimersOfAnIdleSourceThatFailCountOnce) {
  addEvents(1);
  m_world.isEndless = true;
  m_settings.untilIdleMs = 1500;
  const auto runtime = make(kWaiting);
  runtime->start();
  runtime->wait();
  EXPECT_EQ(runtime->phase(), runtime::Phase::Finished);
  EXPECT_EQ(m_world.sinks["copy"].size(), 1U);
  EXPECT_EQ(m_world.sinks["end"].size(), 1U);
  const auto ann = runtime->profile("people", "ann");
  ASSERT_TRUE(ann.ok());
  EXPECT_EQ(ann->value().get("reminders"), record::Value(std::int64_t{1}));
  EXPECT_EQ(runtime->snapshot().emitted, 1U);
}

constexpr std::string_view kCopy = R"("nodes": [
  {"id": "in", "type": "test.events"}, {"id": "away", "type": "test.flaky",
    "settings": {"failures": 1000000}}, {"id": "end", "type": "test.sink"}],
  "edges": ["in -> away", "away -> end"])";

constexpr std::string_view kPlain = R"("nodes": [
  {"id": "in", "type": "test.events"}, {"id": "end", "type": "test.sink"}],
  "edges": ["in -> end"])";

TEST_F(RuntimeTest, GivingUpEndsEvenWhileSomethingIsTriedAgain) {
  addEvents(10);
  m_settings.stateFolder = (m_folder / "state").string();
  {
    const auto runtime = make(kCopy);
    runtime->start();
    while (!runtime->error()) std::this_thread::yield();
    runtime->stop(true);
    runtime->wait();
    EXPECT_EQ(runtime->snapshot().in, 0U);
  }
  const auto again = make(kPlain);
  again->start();
  again->wait();
  EXPECT_EQ(again->snapshot().in, 10U) << "nothing was committed, so all is read again";
}

TEST_F(RuntimeTest, WhatIsTriedAgainIsNotIdle) {
  addEvents(10);
  m_world.isEndless = true;
  m_world.failuresLeft["away"] = 3;
  m_settings.untilIdleMs = 50;
  const auto runtime = make(kCopy);
  runtime->start();
  runtime->wait();
  EXPECT_EQ(runtime->phase(), runtime::Phase::Finished);
  EXPECT_EQ(m_world.sinks["end"].size(), 10U);
}

TEST_F(RuntimeTest, ALimitCountsOverRestartsAndIsSplitExactly) {
  addEvents(1003);
  m_settings.stateFolder = (m_folder / "state").string();
  std::uint64_t expected = 0;
  for (const std::int64_t limit : {1, 7, 7, 501, 503}) {
    m_settings.limit = limit;
    const auto runtime = make(kPlain);
    runtime->start();
    runtime->wait();
    expected = std::max(expected, static_cast<std::uint64_t>(limit));
    EXPECT_EQ(runtime->snapshot().in, expected);
    EXPECT_EQ(m_world.sinks["end"].size(), expected);
  }
}

TEST_F(RuntimeTest, ADryRunLeavesNothing) {
  addEvents(100);
  m_settings.stateFolder = (m_folder / "state").string();
  m_settings.mode = stage::Mode::Inert;
  const auto runtime = make(kWaiting);
  runtime->start();
  runtime->wait();
  EXPECT_EQ(runtime->phase(), runtime::Phase::Finished);
  EXPECT_FALSE(fs::exists(m_folder / "state"));
}

TEST_F(RuntimeTest, AFreshStartForgets) {
  addEvents(100);
  m_settings.stateFolder = (m_folder / "state").string();
  for (const bool isFresh : {false, false, true}) {
    m_settings.isFresh = isFresh;
    const auto runtime = make(kPlain);
    runtime->start();
    runtime->wait();
    EXPECT_EQ(runtime->snapshot().in, 100U);
  }
  EXPECT_EQ(m_world.sinks["end"].size(), 200U) << "read once, then once more from the start";
}

}  // namespace
}  // namespace freshet::testing
