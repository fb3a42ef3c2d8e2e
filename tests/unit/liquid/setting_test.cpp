// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace freshet::liquid {
namespace {

class Settings : public ::testing::Test {
 protected:
  Value value(std::string_view text, std::string_view json) {
    const auto made = Expression::parse(text, env);
    if (!made) return Value(arena.copy(made.error().text()));
    return made->evaluate(globals(made->globals(), json), arena);
  }
  bool holds(std::string_view text, std::string_view json) {
    const auto made = Condition::parse(text, env);
    EXPECT_TRUE(made.ok()) << (made ? "" : made.error().text());
    return made && made->evaluate(globals(made->globals(), json), arena);
  }
  std::span<const Value> globals(const std::vector<std::string>& names, std::string_view json) {
    const Value data = *record::parseJson(json, arena);
    values.clear();
    for (const std::string& name : names) values.push_back(data.get(name));
    return values;
  }

  TemplateEnvironment env;
  Arena arena;
  std::vector<Value> values;
};

TEST_F(Settings, oneOutputKeepsItsType) {
  EXPECT_EQ(value("{{ event.total | times: 0.1 }}", R"({"event": {"total": 129}})"), Value(12.9));
  EXPECT_EQ(record::toJson(value(" {{ event }} ", R"({"event": {"a": [1]}})")), R"({"a":[1]})");
  EXPECT_TRUE(value("{{ event.missing }}", R"({"event": {}})").isNil());
  EXPECT_EQ(record::toJson(value("{{ (1..3) }}", "{}")), "[1,2,3]");
}

TEST_F(Settings, mixedTextIsText) {
  EXPECT_EQ(value("customer:{{ event.id }}", R"({"event": {"id": 7}})"),
            Value(std::string_view("customer:7")));
  EXPECT_EQ(value("{{ a }}{{ b }}", R"({"a": 1, "b": 2})"), Value(std::string_view("12")));
  EXPECT_EQ(value("{% if a %}yes{% endif %}", R"({"a": 1})"), Value(std::string_view("yes")));
}

TEST_F(Settings, plainTextIsItself) {
  const auto made = Expression::parse("abc", env);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->isConstant());
  EXPECT_EQ(made->evaluate({}, arena), Value(std::string_view("abc")));
}

TEST_F(Settings, errorsHaveTheirPlace) {
  const auto made = Expression::parse("{{ event.total | tiems: 2 }}", env, "flow.json");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().text(),
            "flow.json:1:18: E-4003 unknown filter 'tiems' (did you mean 'times'?)");
}

TEST_F(Settings, conditions) {
  const char* json =
      R"({"event": {"total": 60, "event": "add_to_cart"}, "profile": {"consent": {"email": true}}})";
  EXPECT_TRUE(holds("event.event == 'add_to_cart'", json));
  EXPECT_TRUE(holds("event.total > 50 and profile.consent.email", json));
  EXPECT_FALSE(holds("event.total > 50 and not (profile.consent.email)", json));
  EXPECT_FALSE(holds("event.total > 50 and not profile.consent.email", json));
  EXPECT_TRUE(holds("(event.total < 10 or event.total > 50) and event.event", json));
  EXPECT_TRUE(holds("\"add_to_cart purchase\" contains event.event", json));
  EXPECT_TRUE(holds("(1..100) contains event.total", json));
  EXPECT_TRUE(holds("not not event", json));
  EXPECT_FALSE(holds("event.missing", json));
  EXPECT_TRUE(holds("event.missing == blank", json));
}

TEST_F(Settings, chainsBindToTheRightAsInTemplates) {
  EXPECT_FALSE(holds("false and true or true", "{}"));
  EXPECT_TRUE(holds("(false and true) or true", "{}"));
}

TEST_F(Settings, whatCannotBeComparedIsFalseAndSaysWhy) {
  const auto made = Condition::parse("a > 1", env);
  ASSERT_TRUE(made.ok());
  std::string error;
  EXPECT_FALSE(made->evaluate(globals(made->globals(), R"({"a": "x"})"), arena, &error));
  EXPECT_EQ(error, "comparison of String with 1 failed");
}

TEST_F(Settings, pathsForLintAndProjection) {
  const auto made =
      Condition::parse("event.properties.total > 5 and profile.tags[0] != person[event.key]", env);
  ASSERT_TRUE(made.ok());
  std::vector<std::string> paths;
  for (const VariablePath& path : made->paths()) paths.push_back(path.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"event.properties.total", "profile.tags[]",
                                             "event.key", "person[]"}));
  EXPECT_EQ(made->globals(), (std::vector<std::string>{"event", "profile", "person"}));
}

}  // namespace
}  // namespace freshet::liquid
