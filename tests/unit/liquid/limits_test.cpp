// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace freshet::liquid {
namespace {

struct Bomb {
  const char* name;
  std::string source;
};

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string nestedLoops(int depth) {
  return repeated("{% for i in (1..1000) %}", depth) + "x" + repeated("{% endfor %}", depth);
}

class TemplateBomb : public ::testing::TestWithParam<Bomb> {};

TEST_P(TemplateBomb, endsWithALimit) {
  TemplateEnvironment env;
  env.setLoader([](std::string_view name) -> Result<std::string> {
    if (name == "self") return std::string("{% render 'self' %}");
    if (name == "ring") return std::string("{% include 'other' %}");
    if (name == "other") return std::string("{% include 'ring' %}");
    return std::string("{% for i in (1..900) %}.{% endfor %}");
  });
  Arena arena;
  const auto made = Template::parse(GetParam().source, "bomb", env);
  if (!made) return;  // refused before it could run
  Renderer renderer;
  std::string out;
  const Status status = renderer.render(*made, Value(), arena, out);
  ASSERT_FALSE(status.ok()) << out.size() << " bytes, " << renderer.operations() << " operations";
  EXPECT_EQ(status.error().code, "E-4011") << status.error().text();
  EXPECT_LE(out.size(), Limits().outputBytes + 4096);
  EXPECT_LE(renderer.allocatedBytes(), Limits().allocatedBytes);
  EXPECT_LE(arena.capacityBytes(), 2 * Limits().allocatedBytes + (1 << 20));
  // Another render in the same renderer is not touched by it.
  const auto small = Template::parse("{{ 1 | plus: 1 }}", "small", env);
  std::string after;
  ASSERT_TRUE(renderer.render(*small, Value(), arena, after).ok());
  EXPECT_EQ(after, "2");
}

INSTANTIATE_TEST_SUITE_P(
    T69, TemplateBomb,
    ::testing::Values(
        Bomb{"longRange", "{% for i in (1..1000000000000) %}x{% endfor %}"},
        Bomb{"emptyBody",
             repeated("{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}",
                      3)},
        Bomb{"nestedLoops", nestedLoops(10)},
        Bomb{"concatDoubling", "{% assign a = '1,2,3,4,5,6,7,8' | split: ',' %}" +
                                   repeated("{% assign a = a | concat: a %}", 32)},
        Bomb{"appendDoubling", "{% assign a = 'aaaaaaaaaaaaaaaa' %}" +
                                   repeated("{% assign a = a | append: a %}", 40)},
        Bomb{"captureDoubling", "{% assign a = 'aaaaaaaaaaaaaaaa' %}" +
                                    repeated("{% capture a %}{{ a }}{{ a }}{% endcapture %}", 40)},
        Bomb{"recursiveRender", "{% render 'self' %}"},
        Bomb{"circularInclude", "{% include 'ring' %}"},
        Bomb{"manyPartials",
             nestedLoops(1).replace(24, 1, "{% render 'dots' %}{% render 'dots' %}")},
        Bomb{"rangeJoin", "{{ (1..100000) | join: ',' }}"},
        Bomb{"replaceAmplification",
             "{% assign a = '" + std::string(4000, 'a') +
                 "' %}{% assign b = a | replace: 'a', a %}{{ b | replace: 'a', b }}"},
        Bomb{"splitAmplification", "{% assign a = '" + std::string(60000, 'a') + "' %}" +
                                       repeated("{% assign b = a | split: '' | join: a %}", 3)},
        Bomb{"longScans", "{% assign a = '" + std::string(200000, 'a') +
                              "' %}{% for i in (1..10000) %}{% for j in (1..1000) %}{% if a "
                              "contains 'b' %}{% endif %}{% endfor %}{% endfor %}"}),
    [](const auto& test) { return test.param.name; });

TEST(Limits, refusedWhileReading) {
  const TemplateEnvironment env;
  EXPECT_FALSE(
      Template::parse(repeated("{% if a %}", 100000) + repeated("{% endif %}", 100000), "t", env)
          .ok());
  EXPECT_FALSE(Template::parse(std::string(10 << 20, 'x'), "t", env).ok());
  EXPECT_FALSE(Template::parse("{{ " + std::string(100000, '[') + " }}", "t", env).ok());
  EXPECT_TRUE(Template::parse("{{ a" + repeated(".b", 20000) + " }}", "t", env).ok());
}

TEST(Limits, wideDatesAreErrors) {
  const TemplateEnvironment env;
  Renderer renderer;
  Arena arena;
  std::string out;
  const auto made = Template::parse("{{ 0 | date: '%9999999d' }}", "t", env);
  ASSERT_TRUE(made.ok());
  EXPECT_FALSE(renderer.render(*made, Value(), arena, out).ok());
}

TEST(Limits, rangesAreLazy) {
  const TemplateEnvironment env;
  Renderer renderer;
  Arena arena;
  std::string out;
  const auto made = Template::parse(
      "{% assign r = (1..999999999999) %}{{ r.size }} {{ r.last }} {% if r contains 5 %}y{% endif "
      "%}",
      "t", env);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(renderer.render(*made, Value(), arena, out).ok());
  EXPECT_EQ(out, "999999999999 999999999999 y");
}

}  // namespace
}  // namespace freshet::liquid
