// SPDX-License-Identifier: GPL-3.0-or-later
// What a dialect adds, it adds to an environment of its own, from outside core/liquid.
#include <gtest/gtest.h>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace freshet {
namespace {

using liquid::TagCall;
using liquid::Template;
using liquid::TemplateEnvironment;
using record::Value;

/// Braze: {% connected_content https://host/path :save name %} and {% abort_message('why') %}.
TemplateEnvironment brazeLike(const Value& answer) {
  TemplateEnvironment env;
  liquid::Tag content;
  content.name = "connected_content";
  content.arguments = [](std::string_view markup) -> Result<std::vector<std::string>> {
    if (markup.find(":save ") == markup.npos)
      return Error{"E-4001", "'connected_content' needs ':save name'", {}};
    return std::vector<std::string>{"profile.id"};
  };
  content.render = [answer](TagCall& call) -> Status {
    if (!call.args[0].isString()) return Error{"E-4010", "there is nobody to ask for", {}};
    const std::string_view name = call.markup.substr(call.markup.find(":save ") + 6);
    call.assign(name.substr(0, name.find(' ')), answer);
    return {};
  };
  env.addTag(content);
  liquid::Tag abort;
  abort.name = "abort_message";
  abort.render = [](TagCall& call) -> Status {
    return Error{"E-4010", "message aborted: " + std::string(call.markup), {}};
  };
  env.addTag(abort);
  env.addFilter({"shout", [](liquid::FilterCall& call) {
                   return call.scratch.text(std::string(call.text()) + "!");
                 }});
  return env;
}

Status render(const Template& made, std::string_view json, std::string& out) {
  Arena arena;
  liquid::Renderer renderer;
  return renderer.render(made, *record::parseJson(json, arena), arena, out);
}

TEST(Dialect, tagsAndFiltersOfItsOwn) {
  Arena arena;
  const TemplateEnvironment env = brazeLike(*record::parseJson(R"({"city": "Utrecht"})", arena));
  const auto made = Template::parse(
      "{% connected_content https://a.b/c :save weather %}{{ weather.city | shout }}"
      "{% if profile.optedOut %}{% abort_message('no consent') %}{% endif %} Hi",
      "mail", env);
  ASSERT_TRUE(made.ok()) << made.error().text();
  std::string out;
  ASSERT_TRUE(render(*made, R"({"profile": {"id": "u1"}})", out).ok());
  EXPECT_EQ(out, "Utrecht! Hi");

  out.clear();
  const Status aborted = render(*made, R"({"profile": {"id": "u1", "optedOut": true}})", out);
  ASSERT_FALSE(aborted.ok());
  EXPECT_EQ(aborted.error().message, "message aborted: ('no consent') ");
  EXPECT_EQ(aborted.error().where, "mail:1:103");
  EXPECT_FALSE(render(*made, "{}", out).ok());
}

TEST(Dialect, itsTagsCheckTheirMarkup) {
  const TemplateEnvironment env = brazeLike(Value());
  const auto made = Template::parse("a\n {% connected_content x %}", "mail", env);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().where, "mail:2:2");
  EXPECT_NE(made.error().message.find("needs ':save name'"), std::string::npos);
}

TEST(Dialect, nothingIsGlobal) {
  const TemplateEnvironment dialect = brazeLike(Value());
  const TemplateEnvironment standard;
  EXPECT_TRUE(Template::parse("{% abort_message %}{{ 'a' | shout }}", "t", dialect).ok());
  const Template made =
      Template::parseForPreview("{% abort_message %}{{ 'a' | shout }}", "t", standard);
  ASSERT_EQ(made.diagnostics().size(), 2U);
  EXPECT_EQ(made.diagnostics()[0].code, "E-4002");
  EXPECT_EQ(made.diagnostics()[1].code, "E-4003");
}

TEST(Dialect, itsNamesAreSuggested) {
  const TemplateEnvironment dialect = brazeLike(Value());
  const Template made = Template::parseForPreview("{% abort_mesage %}", "t", dialect);
  ASSERT_EQ(made.diagnostics().size(), 1U);
  EXPECT_EQ(made.diagnostics()[0].hint, "did you mean 'abort_message'?");
}

}  // namespace
}  // namespace freshet
