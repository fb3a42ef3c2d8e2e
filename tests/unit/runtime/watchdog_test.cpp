// SPDX-License-Identifier: GPL-3.0-or-later
// R5: a client library whose call never comes back ends a worker's process and fails a designer's
// run.
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/pipeline/project.h"
#include "core/runtime/runtime.h"
#include "tests/support/test_types.h"

namespace freshet::testing {
namespace {

class HangingTransaction final : public stage::Transaction {
 public:
  Status open() override { return {}; }
  Status begin() override { return {}; }
  Result<Outcome> commit(std::span<const stage::Position>) override {
    for (;;) ::pause();
  }
  Status abort() override { return {}; }
  std::int64_t longestMs() const override { return 200; }
};

class HangingReader final : public stage::SourceReader {
 public:
  Status open(stage::StageContext&, std::span<const stage::Position>,
              stage::PartitionListener& listener) override {
    m_listener = &listener;
    return {};
  }
  Result<stage::Polled> poll(Arena& arena, std::size_t, int) override {
    stage::Polled polled;
    if (m_offset == 0) m_listener->onAssigned(std::vector<std::int32_t>{0});
    polled.events.push_back(
        {arena.copy(R"({"userId":"u"})", record::kJsonPadding), "u", {}, 0, m_offset++, 0});
    return polled;
  }
  stage::Transaction* transaction() override { return &m_transaction; }

 private:
  HangingTransaction m_transaction;
  stage::PartitionListener* m_listener = nullptr;
  std::int64_t m_offset = 0;
};

class HangingSource final : public stage::Source {
 public:
  Result<int> partitions(stage::StageContext&) override { return 1; }
  std::unique_ptr<stage::SourceReader> reader(int, int) override {
    return std::make_unique<HangingReader>();
  }
  bool keepsPositions() const override { return true; }
};

class WatchdogTest : public ::testing::Test {
 protected:
  WatchdogTest() {
    stage::NodeType type;
    type.spec.id = "test.hanging";
    type.spec.family = spec::Family::Source;
    type.spec.title = type.spec.summary = "For tests";
    type.spec.outputs.push_back({"out", {}, false});
    type.spec.hasInput = false;
    type.spec.delivery = spec::DeliveryClass::Transactional;
    type.makeSource = [](const spec::Config&,
                         stage::BuildContext&) -> Result<std::unique_ptr<stage::Source>> {
      return std::unique_ptr<stage::Source>(std::make_unique<HangingSource>());
    };
    m_types->add(std::move(type));
    m_settings.lanes = 1;
    m_settings.commitEveryMs = 0;
  }

  std::shared_ptr<runtime::Runtime> start() {
    auto project =
        pipeline::readProject("/", "p.pipeline.json", R"({"formatVersion": 1, "name": "p",
      "nodes": [{"id": "in", "type": "test.hanging"}, {"id": "end", "type": "test.sink"}],
      "edges": ["in -> end"]})",
                              "");
    EXPECT_TRUE(project.ok());
    auto topology = runtime::Topology::compile(*project, *m_types, pipeline::lookUpInEnvironment);
    EXPECT_TRUE(topology.ok()) << topology.error().text();
    auto runtime =
        std::make_shared<runtime::Runtime>(*topology, *m_types, runtime::StoreLookup(), m_settings);
    runtime->start();
    return runtime;
  }

  TestWorld m_world;
  std::unique_ptr<plugin::Registry> m_types = makeTestTypes(m_world);
  runtime::RunSettings m_settings;
};

TEST_F(WatchdogTest, ADesignersRunFailsAndLeavesTheLaneBehind) {
  std::weak_ptr<runtime::Runtime> left;
  {
    auto runtime = start();
    left = runtime;
    runtime->wait();
    EXPECT_EQ(runtime->phase(), runtime::Phase::Failed);
    ASSERT_TRUE(runtime->error().has_value());
    const std::string words = runtime->error()->text();
    EXPECT_NE(words.find("E-3607"), std::string::npos) << words;
    EXPECT_NE(words.find("committing a transaction"), std::string::npos) << words;
  }
  EXPECT_FALSE(left.expired()) << "what the lane still holds must live";
}

using WatchdogDeathTest = WatchdogTest;

TEST_F(WatchdogDeathTest, AWorkerEndsForItsSupervisor) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  m_settings.isWorker = true;
  EXPECT_EXIT(start()->wait(), ::testing::ExitedWithCode(75), "E-3607.*committing a transaction");
}

}  // namespace
}  // namespace freshet::testing
