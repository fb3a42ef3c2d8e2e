// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/bound.h"

#include <gtest/gtest.h>

#include "core/liquid/environment.h"
#include "tests/support/fake_context.h"

namespace freshet {
namespace {

using record::Value;
using stage::BoundCondition;
using stage::BoundExpression;

Value text(std::string_view value) {
  return Value(value);
}

class BoundTest : public ::testing::Test {
 protected:
  BoundTest() {
    m_origin.key = "u1";
    m_origin.timeMs = 1'795'356'310'123;
    m_origin.partition = 3;
    m_origin.offset = 42;
    m_origin.arrivedMs = 7;
    m_build.slot("profile");
    m_sections.resize(8);
    m_record.sections = m_sections;
  }

  void set(std::string_view section, std::string_view json) {
    m_sections[m_build.slot(section)] = record::parseJson(json, m_arena).value();
  }
  Value evaluate(std::string_view source) {
    const auto bound = BoundExpression::bind(source, m_build);
    EXPECT_TRUE(bound.ok()) << bound.error().text();
    return bound ? record::deepCopy(bound->evaluate(m_record, m_arena), m_arena) : Value();
  }
  std::string print(std::string_view source) {
    const auto bound = BoundExpression::bind(source, m_build);
    EXPECT_TRUE(bound.ok()) << bound.error().text();
    return bound ? std::string(bound->text(m_record, m_arena)) : std::string();
  }
  bool holds(std::string_view source) {
    const auto bound = BoundCondition::bind(source, m_build);
    EXPECT_TRUE(bound.ok()) << bound.error().text();
    return bound && bound->holds(m_record, m_arena);
  }

  liquid::TemplateEnvironment m_liquid;
  testing::FakeBuild m_build{&m_liquid};
  Arena m_arena;
  record::Origin m_origin;
  std::vector<Value> m_sections;
  record::Record m_record{&m_origin, {}};
};

TEST_F(BoundTest, ReadsSectionsByName) {
  set("event", R"({"total": 12.5, "tags": ["a", "b"], "nothing": null, "size": 7})");
  set("profile", R"({"consent": {"email": true}, "n": 3})");
  EXPECT_EQ(evaluate("{{ event.total }}"), Value(12.5));
  EXPECT_EQ(evaluate("{{event.total}}"), Value(12.5));
  EXPECT_EQ(evaluate("{{ event.total | times: 2 }}"), Value(25.0));
  EXPECT_EQ(evaluate("{{ profile.consent.email }}"), Value(true));
  EXPECT_EQ(evaluate("{{ event.tags.first }}"), text("a"));
  EXPECT_EQ(evaluate("{{ event.tags.size }}"), Value(std::int64_t{2}));
  EXPECT_EQ(evaluate("{{ event.size }}"), Value(std::int64_t{7}));
  EXPECT_EQ(evaluate("{{ event.tags[1] }}"), text("b"));
  EXPECT_TRUE(evaluate("{{ event.nothing.more }}").isNil());
  EXPECT_TRUE(evaluate("{{ event.tags.name }}").isNil());
  EXPECT_TRUE(evaluate("{{ unknown.name }}").isNil());
  EXPECT_EQ(evaluate("{{ profile }}").get("n"), Value(std::int64_t{3}));
  EXPECT_EQ(evaluate("plain"), text("plain"));
  EXPECT_EQ(evaluate("p:{{ profile.n }}"), text("p:3"));
  EXPECT_EQ(evaluate("<{{ event.total }}>"), text("<12.5>"));
  EXPECT_EQ(evaluate("p:{{ event.nothing }}"), text("p:"));
  EXPECT_EQ(evaluate("{{ profile.n }}-{{ profile.n }}"), text("3-3"));
  EXPECT_EQ(evaluate(" {{ profile.n }} "), Value(std::int64_t{3}));
}

TEST_F(BoundTest, FindsAMemberWhereverItStands) {
  const auto bound = BoundExpression::bind("{{ event.a }}", m_build);
  ASSERT_TRUE(bound.ok());
  for (const char* json : {R"({"x": 0, "a": 1})", R"({"a": 1})", R"({"x": 0})",
                           R"({"b": 2, "a": 1, "a": 3})", R"([1])", R"("a")"}) {
    set("event", json);
    const Value expected = m_sections[0].get("a");
    EXPECT_EQ(bound->evaluate(m_record, m_arena), expected) << json;
  }
}

TEST_F(BoundTest, TellsHowTheEventArrived) {
  EXPECT_EQ(print("{{ meta.key }} {{ meta.time }} {{ meta.partition }}/{{ meta.offset }}"),
            "u1 2026-11-22T14:05:10.123Z 3/42");
  EXPECT_EQ(evaluate("{{ meta.time_ms }}"), Value(std::int64_t{1'795'356'310'123}));
  EXPECT_EQ(evaluate("{{ meta.arrived }}"), Value(std::int64_t{7}));
  for (const TimeMs ms :
       {TimeMs{0}, TimeMs{-1}, TimeMs{951'782'399'999}, TimeMs{4'102'444'800'000}}) {
    m_origin.timeMs = ms;
    EXPECT_EQ(print("{{ meta.time }}"), formatIsoTime(ms));
  }
}

TEST_F(BoundTest, PrintsAsLiquidDoes) {
  set("event", R"({"a": 1, "b": 2.50, "c": true, "d": null, "e": "x"})");
  EXPECT_EQ(print("{{ event.a }}"), "1");
  EXPECT_EQ(print("{{ event.b }}"), "2.5");
  EXPECT_EQ(print("{{ event.c }}"), "true");
  EXPECT_EQ(print("{{ event.d }}"), "");
  EXPECT_EQ(print("{{ event.e }}"), "x");
}

TEST_F(BoundTest, HoldsOrNot) {
  set("event", R"({"total": 60, "event": "purchase"})");
  set("profile", R"({"consent": {"email": false}})");
  EXPECT_TRUE(holds("event.total > 50"));
  EXPECT_TRUE(holds("event.total > 50 and not profile.consent.email"));
  EXPECT_TRUE(holds("\"add_to_cart purchase\" contains event.event"));
  EXPECT_FALSE(holds("event.total > 50 and profile.consent.email"));
  EXPECT_FALSE(holds("event.missing > 50"));
  EXPECT_TRUE(holds("meta.partition == 3"));
}

TEST_F(BoundTest, SaysWhatDoesNotParse) {
  EXPECT_EQ(BoundExpression::bind("{{ event. }", m_build).ok(), false);
  const auto bound = BoundCondition::bind("event.total >", m_build);
  ASSERT_FALSE(bound.ok());
  EXPECT_EQ(bound.error().code, "E-4001");
}

}  // namespace
}  // namespace freshet
