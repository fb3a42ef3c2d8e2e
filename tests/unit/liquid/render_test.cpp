// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <thread>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace freshet::liquid {
namespace {

std::string rendered(std::string_view source, std::string_view json, RenderOptions options = {}) {
  Arena arena;
  const TemplateEnvironment env;
  const auto made = Template::parse(source, "t", env);
  if (!made) return "PARSE " + made.error().text();
  Renderer renderer;
  std::string out;
  const Status status =
      renderer.render(*made, *record::parseJson(json, arena), arena, out, options);
  return status ? out : "ERROR " + status.error().text();
}

TEST(Render, takesOneValuePerGlobal) {
  Arena arena;
  const TemplateEnvironment env;
  const auto made = Template::parse(
      "{% for item in basket.items %}{{ item.name }} {% endfor %}{{ profile.name }}{% assign x = 1 "
      "%}{{ x }}",
      "t", env);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->globals(), (std::vector<std::string>{"basket", "profile"}));
  const Value basket =
      *record::parseJson(R"({"items": [{"name": "Mug"}, {"name": "Lamp"}]})", arena);
  const Value profile = *record::parseJson(R"({"name": "Zoë"})", arena);
  const Value globals[] = {basket, profile};
  std::string out = "> ";
  Renderer renderer;
  ASSERT_TRUE(renderer.render(*made, globals, arena, out).ok());
  EXPECT_EQ(out, "> Mug Lamp Zoë1");
}

TEST(Render, strictVariablesNameWhatIsMissing) {
  RenderOptions options;
  options.strictVariables = true;
  EXPECT_EQ(rendered("a\n {{ person.nmae }}", R"({"person": {"name": 1}})", options),
            "ERROR t:2:2: E-4012 undefined variable nmae");
  EXPECT_EQ(rendered("{{ person.name }}", R"({"person": {"name": null}})", options), "");
}

TEST(Render, strictFiltersRefuseUnknownOnes) {
  RenderOptions options;
  EXPECT_EQ(rendered("{{ 'a' | capitalise }}", "{}", options), "a");
  options.strictFilters = true;
  EXPECT_EQ(rendered("{{ 'a' | capitalise }}", "{}", options),
            "ERROR t:1:1: E-4012 undefined filter capitalise");
}

TEST(Render, inlineErrorsLetTheRestRender) {
  RenderOptions options;
  options.onError = OnError::Inline;
  EXPECT_EQ(rendered("{{ 1 | divided_by: 0 }}, then {{ 2 | plus: 2 }}", "{}", options),
            "Liquid error: divided by 0, then 4");
}

TEST(Render, manyThreadsShareATemplate) {
  const TemplateEnvironment env;
  const auto made =
      Template::parse("{% for i in (1..20) %}{{ who }}{{ data[i].x }}{% endfor %}", "t", env);
  ASSERT_TRUE(made.ok());
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Renderer renderer;
      const std::string who = "person " + std::to_string(t);
      for (int i = 0; i < 500; ++i) {
        Arena arena;
        const Member members[] = {{"who", Value(std::string_view(who))}};
        std::string out;
        const Status status =
            renderer.render(*made, Value(std::span<const Member>(members)), arena, out);
        if (!status || out.find(who) != 0 || out.size() != 20 * who.size()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace freshet::liquid
