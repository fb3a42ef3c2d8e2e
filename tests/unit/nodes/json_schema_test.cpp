// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/json_schema.h"

#include <gtest/gtest.h>

#include "core/nodes/json_schema/text_pattern.h"

namespace freshet::nodes::json_schema {
namespace {

using record::OwnedValue;

OwnedValue json(std::string_view text) {
  return OwnedValue::fromJson(text).value();
}

Problem problemOf(std::string_view schema, std::string_view instance) {
  auto compiled = JsonSchema::compile(json(schema));
  EXPECT_TRUE(compiled.ok()) << compiled.error().text();
  Problem problem;
  EXPECT_FALSE(compiled->accepts(*json(instance), problem));
  return problem;
}

TEST(JsonSchema, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string_view schema, instance, pointer, message;
  };
  const Case cases[] = {
      {R"({"properties":{"properties":{"required":["currency"]}}})", R"({"properties":{}})",
       "/properties/currency", "properties.currency is missing"},
      {R"({"additionalProperties":false,"properties":{"a":true}})", R"({"a":1,"b/c":2})", "/b~1c",
       "b/c is not allowed"},
      {R"({"properties":{"ts":{"type":"integer"}}})", R"({"ts":"now"})", "/ts",
       "ts must be a whole number, not text"},
      {R"({"type":["object","null"]})", "3", "",
       "the event must be an object or null, not a whole number"},
      {R"({"properties":{"t":{"enum":["a","b",3]}}})", R"({"t":"c"})", "/t",
       R"(t must be one of "a", "b" or 3)"},
      {R"({"properties":{"t":{"const":true}}})", R"({"t":false})", "/t", "t must be true"},
      {R"({"properties":{"p":{"minimum":0}}})", R"({"p":-0.5})", "/p", "p must be at least 0"},
      {R"({"properties":{"p":{"exclusiveMaximum":10}}})", R"({"p":10})", "/p",
       "p must be less than 10"},
      {R"({"properties":{"p":{"multipleOf":0.01}}})", R"({"p":1.005})", "/p",
       "p must be a multiple of 0.01"},
      {R"({"properties":{"c":{"minLength":3}}})", R"({"c":"é€"})", "/c",
       "c must have at least 3 characters, not 2"},
      {R"({"properties":{"c":{"maxLength":1}}})", R"({"c":"é€"})", "/c",
       "c must have at most 1 character, not 2"},
      {R"({"properties":{"u":{"pattern":"^u[0-9]{8}$"}}})", R"({"u":"u1"})", "/u",
       "u must match ^u[0-9]{8}$"},
      {R"({"properties":{"t":{"format":"date-time"}}})", R"({"t":"2026-02-30T00:00:00Z"})", "/t",
       "t must be a date and time such as 2026-11-22T14:05:10Z"},
      {R"({"properties":{"l":{"items":{"type":"string"}}}})", R"({"l":["a",1]})", "/l/1",
       "l[1] must be text, not a whole number"},
      {R"({"properties":{"l":{"uniqueItems":true}}})", R"({"l":[1,2,1.0]})", "/l/2",
       "l[2] is the same as item 0, and none may repeat"},
      {R"({"properties":{"l":{"contains":{"const":1}}}})", R"({"l":[2]})", "/l",
       "l must have at least 1 item of the kind asked for, not 0"},
      {R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})", "/abc",
       "abc has a name that must have at most 2 characters, not 3"},
      {R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", "/b",
       R"(b is missing; it belongs with "a")"},
      {R"({"anyOf":[{"type":"string"},{"type":"array"}]})", "1", "",
       "the event has none of the 2 forms that are allowed"},
      {R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "3", "",
       "the event has two of the forms (1 and 2) where one is allowed"},
      {R"({"not":{"type":"object"}})", "{}", "", "the event has a form that is not allowed"},
      {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1})", "/b",
       "b is missing"},
      {R"({"unevaluatedProperties":false,"allOf":[{"properties":{"a":true}}]})", R"({"a":1,"z":1})",
       "/z", "z is not allowed"},
  };
  for (const Case& test : cases) {
    const Problem problem = problemOf(test.schema, test.instance);
    EXPECT_EQ(problem.pointer, test.pointer) << test.schema;
    EXPECT_EQ(problem.message, test.message) << test.schema;
  }
}

TEST(JsonSchema, RefusesWhatItDoesNotKnow) {
  struct Case {
    std::string_view schema, where, part;
  };
  const Case cases[] = {
      {R"({"properties":{"a":{"requierd":["b"]}}})", "/properties/a/requierd", "\"requierd\""},
      {R"({"$schema":"http://json-schema.org/draft-04/schema#"})", "/$schema", "draft-07"},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[true]})",
       "/prefixItems", "belongs to draft 2020-12"},
      {R"({"items":[true]})", "/items", "prefixItems"},
      {R"({"properties":{"a":{"$ref":"https://example.com/a.json"}}})", "/properties/a/$ref",
       "never fetched"},
      {R"({"$ref":"#/$defs/none"})", "/$ref", "points to nothing"},
      {R"({"$ref":"#none"})", "/$ref", "no anchor"},
      {R"({"$dynamicRef":"#a"})", "/$dynamicRef", "not supported"},
      {R"({"type":"text"})", "/type", "is no type"},
      {R"({"type":3})", "/type", "list of names"},
      {R"({"minLength":-1})", "/minLength", "whole number"},
      {R"({"minimum":"1"})", "/minimum", "a number"},
      {R"({"multipleOf":0})", "/multipleOf", "more than 0"},
      {R"j({"pattern":"(?=a)"})j", "/pattern", "look-around"},
      {R"({"patternProperties":{"[":true}})", "/patternProperties", "pattern"},
      {R"({"allOf":[]})", "/allOf", "list of schemas"},
      {R"({"properties":{"a/b":3}})", "/properties/a~1b", "a schema is"},
      {R"({"$defs":{"a":{"allOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"})", "", "without end"},
      {"3", "", "a schema is"},
  };
  for (const Case& test : cases) {
    const auto compiled = JsonSchema::compile(json(test.schema));
    ASSERT_FALSE(compiled.ok()) << test.schema;
    EXPECT_EQ(compiled.error().code, "E-2102");
    EXPECT_EQ(compiled.error().where, test.where) << test.schema;
    EXPECT_NE(compiled.error().message.find(test.part), std::string::npos)
        << compiled.error().message;
  }
}

TEST(JsonSchema, FollowsRecursionIntoTheInstance) {
  auto schema = JsonSchema::compile(json(
      R"({"properties":{"next":{"$ref":"#"},"n":{"type":"integer"}},"additionalProperties":false})"));
  ASSERT_TRUE(schema.ok());
  EXPECT_TRUE(schema->accepts(*json(R"({"n":1,"next":{"n":2,"next":{}}})")));
  Problem problem;
  EXPECT_FALSE(schema->accepts(*json(R"({"n":1,"next":{"n":2,"next":{"n":"x"}}})"), problem));
  EXPECT_EQ(problem.pointer, "/next/next/n");
}

TEST(JsonSchema, TakesFieldsInAnyOrderAndLearnsIt) {
  auto schema = JsonSchema::compile(json(
      R"({"required":["a","b"],"properties":{"a":{"type":"integer"},"b":{"type":"string"},"c":true}})"));
  ASSERT_TRUE(schema.ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(schema->accepts(*json(R"({"x":0,"b":"","a":1})")));
    EXPECT_TRUE(schema->accepts(*json(R"({"a":1,"c":[],"b":""})")));
    EXPECT_FALSE(schema->accepts(*json(R"({"b":"","c":1})")));
    EXPECT_FALSE(schema->accepts(*json(R"({"b":1,"a":1})")));
    EXPECT_FALSE(schema->accepts(*json(R"({"a":1,"b":"","a":""})"))) << "every repeat is checked";
  }
}

TEST(JsonSchema, RequiresMoreFieldsThanAWordHasBits) {
  std::string required, instance;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "\"f" + std::to_string(i) + '"';
    required += (i > 0 ? "," : "") + name;
    instance += (i > 0 ? "," : "") + name + ":1";
  }
  auto schema = JsonSchema::compile(json("{\"required\":[" + required + "]}"));
  ASSERT_TRUE(schema.ok());
  EXPECT_TRUE(schema->accepts(*json('{' + instance + '}')));
  Problem problem;
  EXPECT_FALSE(
      schema->accepts(*json('{' + instance.substr(0, instance.rfind(',')) + '}'), problem));
  EXPECT_EQ(problem.message, "f99 is missing");
}

TEST(JsonSchema, GivesUpOnExponentialWork) {
  std::string definitions;
  for (int i = 0; i < 40; ++i) {
    const std::string next = "{\"$ref\":\"#/$defs/d" + std::to_string(i + 1) + "\"}";
    definitions += "\"d" + std::to_string(i) + "\":{\"allOf\":[" + next + "," + next + "]},";
  }
  auto schema = JsonSchema::compile(
      json("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + "\"d40\":true}}"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  Problem problem;
  EXPECT_FALSE(schema->accepts(*json("{}"), problem));
  EXPECT_EQ(problem.message, "the event is too intricate to be checked by this schema");
}

TEST(TextPattern, UsesATableOnlyWhereItMeansTheSame) {
  struct Case {
    std::string_view pattern;
    bool isTable;
    std::vector<std::string_view> yes, no;
  };
  const Case cases[] = {
      {"^u[0-9]{8}$", true, {"u00000001"}, {"u0000001", "u000000012", "v00000001", "u00000001\n"}},
      {"^[a-z0-9_-]{1,60}\\.png$", true, {"a.png", "-_9.png"}, {".png", "a.pngx", "a,png"}},
      {"^[A-Z]{2,}\\d*$", true, {"AB", "ABC12"}, {"A1", "AB1C"}},
      {"^[]a]+$", false, {}, {"b"}},
      {"^a?b$", true, {"b", "ab"}, {"aab", ""}},
      {"^[ab]*b$", false, {"b", "aab"}, {"a"}},
      {"^a|b$", false, {"ax", "xb"}, {"xa"}},
      {"^a+?$", false, {"aa"}, {"b"}},
      {"u[0-9]", false, {"xu1y"}, {"u"}},
      {"^[^a]$", false, {"é"}, {"a"}},
      {"^\\w{2}\\/x$", true, {"a_/x"}, {"a-/x"}},
      {"^\\u00e9$", false, {"é"}, {"e"}},
      {"^.$", false, {"€"}, {"ab"}},
  };
  for (const Case& test : cases) {
    const auto pattern = TextPattern::compile(test.pattern);
    if (test.yes.empty() && !pattern) continue;
    ASSERT_TRUE(pattern.ok()) << test.pattern;
    EXPECT_EQ(pattern->isTable(), test.isTable) << test.pattern;
    for (const auto text : test.yes) EXPECT_TRUE(pattern->matches(text)) << test.pattern << text;
    for (const auto text : test.no) EXPECT_FALSE(pattern->matches(text)) << test.pattern << text;
  }
}

}  // namespace
}  // namespace freshet::nodes::json_schema
