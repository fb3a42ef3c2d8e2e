// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace freshet::liquid {
namespace {

/// "path=text" of each origin, and the output.
struct Traced {
  std::string output;
  std::vector<std::string> parts;
  std::vector<Origin> origins;
};

Traced traced(std::string_view source, bool isEscaped = false) {
  Arena arena;
  TemplateEnvironment env;
  env.setLoader([](std::string_view) -> Result<std::string> {
    return std::string("({{ item.name }}{{ x }})");
  });
  const auto made = Template::parse(source, "mail.liquid", env);
  EXPECT_TRUE(made.ok());
  const auto data = record::parseJson(
      R"({"p": {"name": "Zoë", "city": "Den Haag"}, "k": "city",
          "basket": {"items": [{"name": "a<b", "tags": ["x", "y"]}, {"name": "c", "tags": []}]}})",
      arena);
  Traced traced;
  RenderOptions options;
  options.origins = &traced.origins;
  options.escapeHtml = isEscaped;
  Renderer renderer;
  EXPECT_TRUE(renderer.render(*made, *data, arena, traced.output, options).ok());
  for (const Origin& each : traced.origins) {
    traced.parts.push_back(each.path + '=' +
                           traced.output.substr(each.begin, each.end - each.begin));
  }
  return traced;
}

using Parts = std::vector<std::string>;

TEST(Origins, sayWhichPathGaveWhichText) {
  const Traced all = traced("Dear {{ p.name | upcase }},\n{{ p[k] }}{{ 'x' }}{{ p.nobody }}");
  EXPECT_EQ(all.output, "Dear ZOË,\nDen Haagx");
  EXPECT_EQ(all.parts, (Parts{"p.name=ZOË", "p.city=Den Haag"}));
  EXPECT_EQ(all.origins[0].file, "mail.liquid");
  EXPECT_EQ(all.origins[0].place.line, 1U);
  EXPECT_EQ(all.origins[0].place.column, 6U);
  EXPECT_EQ(all.origins[1].place.line, 2U);
}

TEST(Origins, namesStandForWhatTheyWereGiven) {
  EXPECT_EQ(
      traced("{% for item in basket.items reversed %}{{ item.name }}{% for t in item.tags %}{{ t }}"
             "{% endfor %}{% endfor %}")
          .parts,
      (Parts{"basket.items[1].name=c", "basket.items[0].name=a<b", "basket.items[0].tags[0]=x",
             "basket.items[0].tags[1]=y"}));
  EXPECT_EQ(traced("{% assign n = p.name | default: 'you' %}{% assign m = n %}{{ m }}").parts,
            (Parts{"p.name=Zoë"}));
  EXPECT_EQ(traced("{% render 'part' for basket.items as item, x: p.city %}").parts,
            (Parts{"basket.items[0].name=a<b", "p.city=Den Haag", "basket.items[1].name=c",
                   "p.city=Den Haag"}));
}

TEST(Origins, capturedTextIsPlacedWhereItIsWritten) {
  const Traced all =
      traced("{% capture c %}<i>{{ p.name }}</i>{% endcapture %}12{{ c }}{{ c }}", true);
  EXPECT_EQ(all.output, "12<i>Zoë</i><i>Zoë</i>");
  EXPECT_EQ(all.parts, (Parts{"p.name=Zoë", "p.name=Zoë"}));
  EXPECT_EQ(all.origins[0].begin, 5U);
}

TEST(Origins, textThatIsLeftOutHasNone) {
  const Traced all = traced(
      "{% for i in basket.items %}{% ifchanged %}{{ p.name }}{% endifchanged %}{% endfor %}!");
  EXPECT_EQ(all.output, "Zoë!");
  EXPECT_EQ(all.parts, (Parts{"p.name=Zoë"}));
}

TEST(Origins, escapedTextIsTheTextInTheOutput) {
  EXPECT_EQ(traced("{{ basket.items[0].name }}", true).parts,
            (Parts{"basket.items[0].name=a&lt;b"}));
}

}  // namespace
}  // namespace freshet::liquid
