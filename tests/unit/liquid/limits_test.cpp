// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

#include "core/liquid/template.h"
#include "core/record/json.h"
#include "tests/unit/liquid/bombs.h"

namespace freshet::liquid {
namespace {

double threadMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// A sanitizer slows all work down; the clock then says nothing about the code.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kMostMilliseconds = 1000;
#else
constexpr double kMostMilliseconds = 50;
#endif

class T69 : public ::testing::TestWithParam<Bomb> {};

TEST_P(T69, endsWithACodeWithinItsBudgets) {
  const TemplateEnvironment env = bombEnvironment();
  Arena arena;
  Renderer renderer;
  const auto small = Template::parse("{{ 1 | plus: 1 }}", "small", env);
  std::string before;
  ASSERT_TRUE(renderer.render(*small, Value(), arena, before).ok());
  const auto made = Template::parse(GetParam().source, "bomb", env);
  ASSERT_TRUE(made.ok()) << made.error().text();
  std::string out;
  const double start = threadMilliseconds();
  const Status status = renderer.render(*made, Value(), arena, out);
  EXPECT_LE(threadMilliseconds() - start, kMostMilliseconds);
  ASSERT_FALSE(status.ok()) << out.size() << " bytes, " << renderer.operations() << " operations";
  EXPECT_TRUE(status.error().code == "E-4011" || status.error().code == "E-4010")
      << status.error().text();
  EXPECT_LE(out.size(), Limits().outputBytes);
  EXPECT_LE(renderer.allocatedBytes(), Limits().allocatedBytes);
  EXPECT_LE(arena.capacityBytes(), 8U << 20);
  // Another render in the same renderer is not touched by it.
  std::string after;
  ASSERT_TRUE(renderer.render(*small, Value(), arena, after).ok());
  EXPECT_EQ(after, before);
}

INSTANTIATE_TEST_SUITE_P(Bombs, T69, ::testing::ValuesIn(bombs()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(T69Neighbours, rendersBesideABombAreNotTouched) {
  const TemplateEnvironment env = bombEnvironment();
  const auto bomb = Template::parse(nestedLoops(10), "bomb", env);
  const auto mail = Template::parse("{% for i in (1..50) %}{{ i }},{% endfor %}", "mail", env);
  ASSERT_TRUE(bomb.ok() && mail.ok());
  std::atomic<bool> isOver{false};
  std::thread attacker([&] {
    Renderer renderer;
    Arena arena;
    for (int i = 0; i < 20; ++i, arena.reset()) {
      std::string out;
      EXPECT_FALSE(renderer.render(*bomb, Value(), arena, out).ok());
    }
    isOver = true;
  });
  Renderer renderer;
  Arena arena;
  std::string first;
  RenderOptions options;
  options.limits.wall = {};
  ASSERT_TRUE(renderer.render(*mail, Value(), arena, first, options).ok());
  for (bool isLast = false; !isLast; arena.reset()) {
    isLast = isOver;
    std::string out;
    ASSERT_TRUE(renderer.render(*mail, Value(), arena, out, options).ok());
    ASSERT_EQ(out, first);
  }
  attacker.join();
}

TEST(T69Clock, aDeadlineEndsWhatNoCountDoes) {
  const TemplateEnvironment env = bombEnvironment();
  const auto made = Template::parse(nestedLoops(10), "bomb", env);
  Renderer renderer;
  Arena arena;
  std::string out;
  RenderOptions options;
  options.limits.operations = UINT64_MAX;
  options.limits.outputBytes = SIZE_MAX;
  const auto start = std::chrono::steady_clock::now();
  const Status status = renderer.render(*made, Value(), arena, out, options);
  ASSERT_FALSE(status.ok());
  EXPECT_GE(std::chrono::steady_clock::now() - start, options.limits.wall);
  EXPECT_NE(status.error().text().find("time limit exceeded"), std::string::npos);
}

TEST(Limits, refusedWhileReading) {
  const TemplateEnvironment env;
  EXPECT_FALSE(
      Template::parse(repeated("{% if a %}", 100000) + repeated("{% endif %}", 100000), "t", env)
          .ok());
  EXPECT_FALSE(Template::parse(std::string(10 << 20, 'x'), "t", env).ok());
  EXPECT_FALSE(Template::parse("{{ " + std::string(100000, '[') + " }}", "t", env).ok());
  EXPECT_TRUE(Template::parse("{{ a" + repeated(".b", 20000) + " }}", "t", env).ok());
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
