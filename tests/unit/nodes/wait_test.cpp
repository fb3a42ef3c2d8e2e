// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/liquid/environment.h"
#include "core/nodes/all_nodes.h"
#include "tests/support/fake_context.h"

namespace freshet {
namespace {

using record::Value;

constexpr std::string_view kSettings = R"({"until": "event.start", "for": "10 s",
    "collect": "{{ event.n }}", "as": "left"})";

class WaitTest : public ::testing::Test {
 protected:
  /// A topology whose slots were asked for in this order.
  void compile(std::initializer_list<std::string_view> sections) {
    m_build.slots.assign(1, "event");
    for (const std::string_view section : sections) m_build.slot(section);
    for (const stage::NodeType& type : nodes::allNodes()) {
      if (type.spec.id != "wait") continue;
      auto made = type.makeStage(
          spec::Config(type.spec, record::OwnedValue::fromJson(kSettings).value()), m_build);
      ASSERT_TRUE(made.ok()) << made.error().text();
      m_stage = std::move(*made);
    }
    m_context.slots = m_build.slots;
    ASSERT_TRUE(m_stage->open(m_context).ok());
  }

  Result<stage::Step> start(TimeMs timeMs, std::string_view section, const Value& value) {
    auto* origin = m_arena.make<record::Origin>();
    const std::string event =
        R"({"userId": "a", "start": true, "n": )" + std::to_string(timeMs) + '}';
    origin->bytes = m_arena.copy(event, record::kJsonPadding);
    origin->timeMs = timeMs;
    origin->offset = timeMs / 1000;
    auto* record = m_arena.make<record::Record>(origin, m_arena.array<Value>(m_build.slots.size()));
    record->sections[0] = record::parseJson(event, m_arena).value();
    record->sections[m_build.slot(section)] = value;
    record::Batch batch{&m_arena, {record}};
    return m_stage->process(batch, m_out);
  }

  void advance(TimeMs watermarkMs) {
    const auto due = m_context.fakeState.takeDue(0, watermarkMs, m_arena);
    ASSERT_TRUE(m_stage->onTimers(due, m_out).ok());
  }

  liquid::TemplateEnvironment m_liquid;
  testing::FakeBuild m_build{&m_liquid};
  testing::FakeContext m_context;
  Arena m_arena;
  stage::Output m_out{m_arena, 1};
  std::unique_ptr<stage::Stage> m_stage;
};

TEST_F(WaitTest, GoesOnInAnotherTopology) {
  compile({"profile", "geo"});
  ASSERT_TRUE(start(1000, "profile", Value(std::string_view("Zoë"))).ok());
  compile({"vars", "geo", "profile"});
  ASSERT_TRUE(start(2000, "profile", Value(std::string_view("Zoë"))).ok());
  compile({"geo", "more", "profile"});
  advance(12'000);
  ASSERT_EQ(m_out.ports()[0].size(), 1U);
  const record::Record& record = *m_out.ports()[0][0];
  EXPECT_EQ(record.sections.size(), m_build.slots.size());
  EXPECT_EQ(record.sections[m_build.slot("profile")], Value(std::string_view("Zoë")));
  EXPECT_TRUE(record.sections[m_build.slot("geo")].isNil());
  EXPECT_EQ(record.event().get("n"), Value(std::int64_t{2000}));
  EXPECT_EQ(record.sections[m_build.slot("left")].get("items").size(), 2U);
  EXPECT_EQ(record.origin->timeMs, 12'000);
  EXPECT_EQ(record.origin->offset, 2);
  EXPECT_EQ(record.origin->ordinal, record::Origin::kNoOrdinal);
  EXPECT_EQ(record.origin->bytes, R"({"userId": "a", "start": true, "n": 2000})");
  EXPECT_TRUE(m_context.fakeState.rows.empty());
}

TEST_F(WaitTest, RefusesStateItCannotRead) {
  compile({"profile"});
  ASSERT_TRUE(start(1000, "profile", Value()).ok());
  std::string& bytes = m_context.fakeState.rows.begin()->second;
  const std::string good = bytes;
  for (const std::string& bad : {std::string(1, '\x03') + good.substr(1), good.substr(0, 20),
                                 good.substr(0, good.size() - 1), good + 'x'}) {
    bytes = bad;
    const auto step = start(2000, "profile", Value());
    ASSERT_FALSE(step.ok());
    EXPECT_EQ(step.error().code, "E-2502");
    EXPECT_EQ(step.error().retry, Retry::Fatal);
    EXPECT_EQ(bytes, bad);
  }
}

}  // namespace
}  // namespace freshet
