// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/liquid/template.h"

namespace freshet::liquid {
namespace {

std::vector<Diagnostic> found(std::string_view source) {
  static const TemplateEnvironment env;
  return Template::parseForPreview(source, "mail.liquid", env).diagnostics();
}

TEST(Errors, pointAtTheTokenAndSuggest) {
  const auto all = found("Dear {{ name | capitalise }},\n{% fro item in items %}");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].where(), "mail.liquid:1:16");
  EXPECT_EQ(all[0].message, "unknown filter 'capitalise'");
  EXPECT_EQ(all[0].hint, "did you mean 'capitalize'?");
  EXPECT_EQ(all[0].severity, Severity::Warning);
  EXPECT_EQ(all[0].sourceLine, "Dear {{ name | capitalise }},");
  EXPECT_EQ(all[0].place.endColumn, 26U);
  EXPECT_EQ(all[1].where(), "mail.liquid:2:1");
  EXPECT_EQ(all[1].hint, "did you mean 'for'?");
}

TEST(Errors, severalAtOnce) {
  const auto all = found("{{ a b }}\n{% if %}x{% endif %}\n{% assign %}\n{{ 'open }}\n{{ ok }}");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].where(), "mail.liquid:1:6");
  EXPECT_EQ(all[0].message, "expected the end, found 'b'");
  EXPECT_EQ(all[1].message, "expected a value, found the end");
  EXPECT_EQ(all[2].place.line, 3U);
  EXPECT_EQ(all[3].hint, "this text has no closing quote");
}

TEST(Errors, columnsCountCharacters) {
  const auto all = found("Zoë ليلى {{ a b }}");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].place.column, 15U);
}

TEST(Errors, blocksSayWhereTheyWereOpened) {
  const auto all = found("{% if a %}\n{% for b in c %}{% endif %}{% endfor %}{% endif %}");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].message, "expected 'endfor', found 'endif'");
  EXPECT_EQ(all[0].hint, "'for' was opened in line 2");
  EXPECT_EQ(found("{% if a %}x").at(0).hint, "close it with 'endif'");
}

TEST(Errors, theRestStillRenders) {
  const TemplateEnvironment env;
  const Template made = Template::parseForPreview("a{{ | }}b{% if x == %}c{% endif %}d", "t", env);
  EXPECT_TRUE(made.hasErrors());
  Renderer renderer;
  Arena arena;
  std::string out;
  ASSERT_TRUE(renderer.render(made, Value(), arena, out).ok());
  EXPECT_EQ(out, "abd");
}

TEST(Errors, ofARenderPointToTheirTag) {
  TemplateEnvironment env;
  env.setLoader([](std::string_view) -> Result<std::string> {
    return std::string("\n {{ y | divided_by: 0 }}");
  });
  const Template made = Template::parseForPreview(
      "a\n{{ x | modulo: 0 }}b{% if 1 < 'a' %}c{% endif %}d{% render 'part' %}{{ x | ceil }}", "t",
      env);
  ASSERT_FALSE(made.hasErrors());
  Renderer renderer;
  Arena arena;
  std::string out;
  RenderOptions options;
  options.onError = OnError::Inline;
  ASSERT_TRUE(renderer.render(made, Value(), arena, out, options).ok());
  EXPECT_EQ(
      out,
      "a\nLiquid error: divided by 0bLiquid error: comparison of Integer with String failedd\n "
      "Liquid error: divided by 00");
  ASSERT_EQ(renderer.problems().size(), 3U);
  EXPECT_EQ(renderer.problems()[0].where(), "t:2:1");
  EXPECT_EQ(renderer.problems()[0].code, "E-4010");
  EXPECT_TRUE(renderer.problems()[0].sourceLine.starts_with("{{ x | modulo: 0 }}b"));
  EXPECT_EQ(renderer.problems()[1].where(), "t:2:21");
  EXPECT_EQ(renderer.problems()[2].where(), "part:2:2");
}

TEST(Errors, strictRendersNameWhatIsMissing) {
  const TemplateEnvironment env;
  const Template made = Template::parseForPreview("{{ a.b }}\n {{ 'x' | shout }}", "t", env);
  Renderer renderer;
  Arena arena;
  std::string out;
  RenderOptions options;
  options.strictVariables = options.strictFilters = true;
  const Status variable = renderer.render(made, Value(), arena, out, options);
  ASSERT_FALSE(variable.ok());
  EXPECT_EQ(variable.error().text(), "t:1:1: E-4012 undefined variable a");
  options.strictVariables = false;
  const Status filter = renderer.render(made, Value(), arena, out, options);
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error().text(), "t:2:2: E-4012 undefined filter shout");
}

TEST(Errors, sayWhatWasExpected) {
  const auto only = [](std::string_view source) {
    const auto all = found(source);
    return all.size() == 1 ? all[0].where() + ' ' + all[0].message + " (" + all[0].hint + ')'
                           : std::to_string(all.size()) + " errors";
  };
  EXPECT_EQ(only("{% for item basket.items %}{% endfor %}").substr(0, 16), "mail.liquid:1:13");
  EXPECT_EQ(only("{{ a | append }}").substr(0, 16), "mail.liquid:1:8 ");
  EXPECT_EQ(only("{% endif %}").substr(0, 16), "mail.liquid:1:1 ");
  EXPECT_EQ(only("{% case x %}{% when %}{% endcase %}").substr(0, 14), "mail.liquid:1:");
  EXPECT_EQ(only("{% render x %}").substr(0, 14), "mail.liquid:1:");
  EXPECT_EQ(only("x {{ y"), "mail.liquid:1:3 this output is not closed (close it with '}}')");
  EXPECT_EQ(only("{% unlss x %}").substr(16), "unknown tag 'unlss' (did you mean 'unless'?)");
}

TEST(Errors, parseReportsTheFirst) {
  const TemplateEnvironment env;
  const auto made = Template::parse("{{ a b }}{{ c d }}", "t", env);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().text(), "t:1:6: E-4001 expected the end, found 'b', and 1 more");
}

TEST(Errors, textShowsTheLine) {
  EXPECT_EQ(found("{{ a | upcas }}").at(0).text(),
            "mail.liquid:1:8: warning: unknown filter 'upcas'\n"
            "  {{ a | upcas }}\n"
            "         ^^^^^\n"
            "  did you mean 'upcase'?");
}

}  // namespace
}  // namespace freshet::liquid
