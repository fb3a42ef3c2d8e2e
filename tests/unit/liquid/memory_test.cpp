// SPDX-License-Identifier: GPL-3.0-or-later
// Counts what a render takes from the system: nothing in the steady state, 8 MB at most ever.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <fstream>
#include <iterator>

#include "core/liquid/template.h"
#include "core/record/json.h"
#include "tests/unit/liquid/bombs.h"

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void __libc_free(void* memory);
}

namespace {

std::atomic<std::size_t> allocations{0};
std::atomic<std::int64_t> held{0};
std::atomic<std::int64_t> most{0};

void* counted(void* memory) {
  if (!memory) return memory;
  ++allocations;
  const auto size = static_cast<std::int64_t>(malloc_usable_size(memory));
  const std::int64_t now = held += size;
  if (now > most) most = now;
  return memory;
}
void forget(void* memory) {
  if (memory) held -= static_cast<std::int64_t>(malloc_usable_size(memory));
}

}  // namespace

// What the C library offers to be replaced; operator new comes through here too.
extern "C" {
void* malloc(std::size_t size) {
  return counted(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) {
  return counted(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) {
  forget(memory);
  return counted(__libc_realloc(memory, size));
}
void free(void* memory) {
  forget(memory);
  __libc_free(memory);
}
}

namespace freshet::liquid {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Memory, theSteadyStateAllocatesNothing) {
  const std::string folder = FRESHET_BENCH;
  const TemplateEnvironment env;
  const auto made = Template::parse(contents(folder + "/mail.liquid"), "mail", env);
  Arena data;
  const auto values = record::parseJson(contents(folder + "/mail.json"), data);
  ASSERT_TRUE(made.ok() && values.ok());
  Renderer renderer;
  Arena arena;
  std::string out;
  for (const bool isEscaped : {false, true}) {
    RenderOptions options;
    options.escapeHtml = isEscaped;
    std::size_t before = 0;
    for (int i = 0; i < 103; ++i) {
      if (i == 3) before = allocations;
      out.clear();
      arena.reset();
      ASSERT_TRUE(renderer.render(*made, *values, arena, out, options).ok());
    }
    EXPECT_EQ(allocations - before, 0U) << "with escaping: " << isEscaped;
    EXPECT_GT(out.size(), 9'000U);
  }
}

TEST(Memory, anExpressionPerRecordAllocatesNothing) {
  const TemplateEnvironment env;
  const auto expression = Expression::parse("{{ event.name | upcase | append: '!' }}", env);
  const auto condition = Condition::parse("event.name contains 'o' and event.age > 3", env);
  Arena arena;
  const auto event = record::parseJson(R"({"name": "Zoe of the long name", "age": 40})", arena);
  ASSERT_TRUE(expression.ok() && condition.ok() && event.ok());
  const Value globals[] = {*event};
  Arena scratch;
  std::size_t before = 0;
  for (int i = 0; i < 103; ++i) {
    if (i == 3) before = allocations;
    scratch.reset();
    ASSERT_EQ(expression->evaluate(globals, scratch).asString(), "ZOE OF THE LONG NAME!");
    ASSERT_TRUE(condition->evaluate(globals, scratch));
  }
  EXPECT_EQ(allocations - before, 0U);
}

TEST(Memory, aBombHoldsEightMegabytesAtMost) {
  const TemplateEnvironment env = bombEnvironment();
  for (const Bomb& bomb : bombs()) {
    const auto made = Template::parse(bomb.source, "bomb", env);
    ASSERT_TRUE(made.ok()) << bomb.name;
    const std::int64_t before = held;
    most = before;
    {
      Renderer renderer;
      Arena arena;
      std::string out;
      EXPECT_FALSE(renderer.render(*made, Value(), arena, out).ok()) << bomb.name;
    }
    EXPECT_LE(most - before, 8 << 20) << bomb.name;
    EXPECT_LE(held - before, 1024) << bomb.name;
  }
}

}  // namespace
}  // namespace freshet::liquid
