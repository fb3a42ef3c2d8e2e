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
