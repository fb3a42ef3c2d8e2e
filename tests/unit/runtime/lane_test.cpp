// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/support/world_driver.h"

namespace freshet::testing {
namespace {

constexpr std::string_view kPipeline = R"({"formatVersion": 1, "name": "p", "nodes": [
  {"id": "in", "type": "test.events"},
  {"id": "left", "type": "wait", "settings": {"key": "{{ event.userId }}",
    "until": "event.event == 'add'", "unless": "event.event == 'buy'", "for": "30 min",
    "collect": "{{ event.item }}", "as": "basket"}},
  {"id": "out", "type": "test.sink"}],
  "edges": ["in -> left", "left -> out"]})";

class LaneTest : public ::testing::Test {
 protected:
  std::unique_ptr<WorldDriver> driver() {
    auto project = pipeline::readProject("/nowhere", "p.pipeline.json", kPipeline, "");
    EXPECT_TRUE(project.ok());
    auto topology = runtime::Topology::compile(*project, *m_types, pipeline::lookUpInEnvironment);
    EXPECT_TRUE(topology.ok()) << topology.error().text();
    auto made = std::make_unique<WorldDriver>(*topology, *m_types);
    EXPECT_TRUE(made->open().ok());
    return made;
  }
  void add(const std::string& user, const std::string& event, TimeMs minute) {
    m_world.events.push_back(
        {R"({"userId":")" + user + R"(","event":")" + event + R"(","item":"mug"})", user, 0,
         minute * 60'000});
  }

  TestWorld m_world;
  std::unique_ptr<plugin::Registry> m_types = makeTestTypes(m_world);
};

TEST_F(LaneTest, ASnapshotGoesOnInAnotherLane) {
  add("ann", "add", 10);
  add("bob", "add", 20);
  const auto first = driver();
  ASSERT_TRUE(first->process(m_world, 0, 2).ok());
  EXPECT_EQ(first->lane().nextDeadline(), 40 * 60'000);
  const std::string bytes = first->lane().snapshot(0);

  const auto second = driver();
  ASSERT_TRUE(second->lane().restore(0, bytes).ok());
  EXPECT_EQ(second->lane().watermark(0), 20 * 60'000);
  EXPECT_EQ(second->lane().snapshot(0), bytes);
  ASSERT_TRUE(second->advanceWatermark(40 * 60'000).ok());
  EXPECT_EQ(second->outcome().sinks["out"].size(), 1U);
  ASSERT_TRUE(second->advanceWatermark(50 * 60'000).ok());
  EXPECT_EQ(second->outcome().sinks["out"].size(), 2U);
  EXPECT_EQ(second->lane().nextDeadline(), INT64_MAX);
}

TEST_F(LaneTest, ADamagedSnapshotIsRefusedAndChangesNothing) {
  add("ann", "add", 10);
  const auto made = driver();
  ASSERT_TRUE(made->process(m_world, 0, 1).ok());
  const std::string bytes = made->lane().snapshot(0);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    ASSERT_FALSE(made->lane().restore(0, damaged).ok()) << at;
    ASSERT_FALSE(made->lane().restore(0, bytes.substr(0, at)).ok()) << at;
  }
  EXPECT_EQ(made->lane().snapshot(0), bytes);
}

TEST_F(LaneTest, ARestoredShardKeepsNothingOfItsOwn) {
  const auto empty = driver();
  const std::string bytes = empty->lane().snapshot(0);
  add("ann", "add", 10);
  const auto made = driver();
  ASSERT_TRUE(made->process(m_world, 0, 1).ok());
  ASSERT_TRUE(made->lane().restore(0, bytes).ok());
  EXPECT_EQ(made->lane().nextDeadline(), INT64_MAX);
  EXPECT_EQ(made->lane().snapshot(0), bytes);
}

}  // namespace
}  // namespace freshet::testing
