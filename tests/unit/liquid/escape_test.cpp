// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace freshet::liquid {
namespace {

std::string html(std::string_view source, std::string_view json) {
  Arena arena;
  TemplateEnvironment env;
  env.setLoader([](std::string_view) -> Result<std::string> { return std::string("{{ x }}"); });
  const auto made = Template::parse(source, "t", env);
  if (!made) return made.error().text();
  RenderOptions options;
  options.escapeHtml = true;
  Renderer renderer;
  std::string out;
  const Status status =
      renderer.render(*made, *record::parseJson(json, arena), arena, out, options);
  return status ? out : status.error().text();
}

constexpr const char* attack =
    R"j({"x": "\"><script>alert('1')</script>", "u": "javascript:alert(1)", "ok": "https://a.b/c?d=e&f"})j";

TEST(Escape, textAndAttributes) {
  EXPECT_EQ(html("<p>{{ x }}</p>", attack),
            "<p>&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</p>");
  EXPECT_EQ(html("<p title=\"{{ x }}\">", attack),
            "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\">");
  EXPECT_EQ(html("<p title={{ x }}>", R"j({"x": "a onload=b"})j"), "<p title=a&#32;onload&#61;b>");
  EXPECT_EQ(html("{% cycle x %}", R"j({"x": "<"})j"), "&lt;");
}

TEST(Escape, addresses) {
  EXPECT_EQ(html("<a href=\"{{ u }}\">", attack), "<a href=\"#\">");
  EXPECT_EQ(html("<a href=\"{{ u }}\">", R"j({"u": " java\nscript:x"})j"), "<a href=\"#\">");
  EXPECT_EQ(html("<a href='{{ ok }}'>", attack), "<a href='https://a.b/c?d=e&amp;f'>");
  EXPECT_EQ(html("<a href=\"java{{ u }}\">", R"j({"u": "script:x"})j"),
            "<a href=\"javascript%3Ax\">");
  EXPECT_EQ(html("<a href=\"{{ a }}{{ u }}\">", R"j({"a": "java", "u": "script:x"})j"),
            "<a href=\"javascript%3Ax\">");
  EXPECT_EQ(html("<img src=\"images/{{ x }}.png\">", R"j({"x": "a\" onerror=\"b"})j"),
            "<img src=\"images/a&quot; onerror=&quot;b.png\">");
  EXPECT_EQ(html("<a href={{ u }}>", attack), "<a href=javascript%3Aalert(1)>");
}

TEST(Escape, scriptsAndStyles) {
  EXPECT_EQ(html("<script>var a = '{{ x }}'</script>{{ x }}", R"j({"x": "</script><b>'"})j"),
            "<script>var a = "
            "'\\x3C\\x2Fscript\\x3E\\x3Cb\\x3E\\x27'</script>&lt;/script&gt;&lt;b&gt;&#39;");
  EXPECT_EQ(html("<p style=\"color:{{ c }}\">", R"j({"c": "red;background:url(x)"})j"),
            "<p style=\"color:red\\3B background\\3A url\\28 x\\29 \">");
  EXPECT_EQ(html("<p onclick=\"f('{{ x }}')\">", R"j({"x": "');g('"})j"),
            "<p onclick=\"f('\\x27\\x29\\x3Bg\\x28\\x27')\">");
}

TEST(Escape, waysOut) {
  EXPECT_EQ(html("{{ x | raw }}{{ x | escape }}", R"j({"x": "<b>"})j"), "<b>&lt;b&gt;");
  EXPECT_EQ(html("{% capture y %}<i>{{ x }}</i>{% endcapture %}{{ y }}{{ y | upcase }}",
                 R"j({"x": "<b>"})j"),
            "<i>&lt;b&gt;</i>&lt;I&gt;&amp;LT;B&amp;GT;&lt;/I&gt;");
  EXPECT_EQ(html("{{ x | newline_to_br }}", R"j({"x": "a<\nb"})j"), "a&lt;<br />\nb");
  EXPECT_EQ(html("<a href=\"{{ u | escape }}\">", attack), "<a href=\"#\">");
}

TEST(Escape, branchesAndPartialsKeepTheirPlace) {
  EXPECT_EQ(
      html("<a {% if x %}href=\"{{ u }}\"{% else %}title=\"{{ u }}\"{% endif %}>{{ x }}", attack)
          .substr(0, 13),
      "<a href=\"#\">&");
  EXPECT_EQ(html("<a href=\"{% render 'p', x: u %}\">{% render 'p', x: u %}", attack),
            "<a href=\"#\">javascript:alert(1)");
}

TEST(Escape, offByDefault) {
  const TemplateEnvironment env;
  Arena arena;
  Renderer renderer;
  std::string out;
  const auto made = Template::parse("{{ '<b>' }}", "t", env);
  ASSERT_TRUE(renderer.render(*made, Value(), arena, out).ok());
  EXPECT_EQ(out, "<b>");
}

}  // namespace
}  // namespace freshet::liquid
