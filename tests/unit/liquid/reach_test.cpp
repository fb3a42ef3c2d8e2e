// SPDX-License-Identifier: GPL-3.0-or-later
// T70: what a template can reach, and that nothing a person has stored runs in an inbox.
#include <gtest/gtest.h>
#include <gumbo.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/liquid/template.h"
#include "core/pipeline/project.h"
#include "core/pipeline/project_liquid.h"
#include "core/record/json.h"
#include "plugins/file/mime.h"

namespace freshet::liquid {
namespace {

constexpr std::string_view kPayloads[] = {
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    " onmouseover=alert(1) ",
    "`onmouseover=alert(1)",
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "';alert(1);'",
    "\\';alert(1);//",
    "${alert(1)}",
    "--><script>alert(1)</script>",
    "red;background:url(javascript:alert(1))",
    "expression(alert(1))",
    "}body{background:url(//evil.example)}",
    "\xE2\x80\xA8"
    "alert(1)",
    "<svg/onload=alert(1)>",
    "{{ secret }}{% include 'x' %}",
    "a\r\nBcc: evil@example.com\r\n\r\n<script>",
    "\xC0\xBC"
    "script\xC0\xBE",
    "<a href=javascript:alert(1)>",
};
constexpr std::string_view kFields[] = {"id",   "first_name", "last_name", "email",
                                        "city", "website",    "colour",    "note"};

/// Each place data can stand in a message's HTML, for every field.
std::string pageWithEverything() {
  std::string page =
      "<!doctype html><html><head><title>{{ p.first_name }}</title><style>p { color: "
      "{{ p.colour }} }</style></head><body><!-- {{ p.note }} -->\n";
  for (const std::string_view field : kFields) {
    const std::string value = "{{ p." + std::string(field) + " }}";
    page += "<p>" + value + "</p><p title=\"" + value + "\" class='" + value + "' lang=" + value;
    page +=
        " style=\"color:" + value + "\">x</p><a href=\"" + value + "\">x</a><a href='https://a.b/";
    page += value + "'>x</a><a href=" + value + ">x</a><img src=\"" + value + "\" alt=\"" + value;
    page += "\"><a href=\"mailto:" + value + "\">x</a><td background=\"" + value + "\">x</td>";
    page += "<b onclick=\"f('" + value + "')\">x</b><textarea>" + value + "</textarea>";
    page +=
        "{% if p." + std::string(field) + " %}<i title=\"{% else %}<i title=\"{% endif %}" + value;
    page += "\">x</i>{% capture c %}<u>" + value +
            "</u>{% endcapture %}{{ c }}<s title=\"{{ c }}\">x</s>";
    page += "{% assign d = p." + std::string(field) + " | append: '<' | upcase %}{{ d }}";
    page += "{{ p." + std::string(field) + " | newline_to_br }}{{ p." + std::string(field) +
            " | escape }}\n";
  }
  return page + "<script>var a = '{{ p.note }}', b = \"{{ p.note }}\";</script></body></html>";
}

std::string render(const Template& made, const Value& data, bool isHtml) {
  Arena arena;
  Renderer renderer;
  RenderOptions options;
  options.escapeHtml = isHtml;
  options.limits.wall = {};
  std::string out;
  const Status status = renderer.render(made, data, arena, out, options);
  return status ? out : "ERROR " + status.error().text();
}

Value personWith(std::string_view payload, Arena& arena) {
  Value person;
  for (const std::string_view field : kFields)
    person = record::withMember(person, field, Value(arena.copy(payload)), arena);
  return record::withMember(Value(), "p", person, arena);
}

/// The elements and attributes of a page, without what they hold; and what would run in it.
struct Shape {
  std::string elements;
  std::string dangers;

  void walk(const GumboNode* node) {
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) return;
    const GumboElement& element = node->v.element;
    elements += '<' + std::string(gumbo_normalized_tagname(element.tag));
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      elements += ' ' + std::string(attribute->name);
      inspect(attribute->name, attribute->value);
    }
    elements += '>';
    for (unsigned i = 0; i < element.children.length; ++i)
      walk(static_cast<const GumboNode*>(element.children.data[i]));
  }

  void inspect(std::string_view name, std::string_view value) {
    std::string scheme;
    for (const char c : value.substr(0, value.find(':'))) {
      if (static_cast<unsigned char>(c) > 0x20) scheme += static_cast<char>(std::tolower(c));
    }
    const bool isAddress = name == "href" || name == "src" || name == "background";
    if (isAddress && value.find(':') != value.npos &&
        (scheme == "javascript" || scheme == "vbscript" || scheme == "data")) {
      dangers += std::string(name) + '=' + std::string(value) + '\n';
    }
    if (name == "style" && (value.find_first_of(";({}") != value.npos))
      dangers += "style=" + std::string(value) + '\n';
    if (name == "onclick" &&
        (!value.starts_with("f('") || !value.ends_with("')") ||
         value.substr(3, value.size() - 5).find_first_of("'\"<>();") != value.npos))
      dangers += "onclick=" + std::string(value) + '\n';
  }
};

Shape shapeOf(const std::string& page) {
  GumboOutput* const parsed =
      gumbo_parse_with_options(&kGumboDefaultOptions, page.data(), page.size());
  Shape shape;
  shape.walk(parsed->root);
  gumbo_destroy_output(&kGumboDefaultOptions, parsed);
  return shape;
}

TEST(T70, noStoredTextChangesThePageOrRuns) {
  const TemplateEnvironment env;
  const auto made = Template::parse(pageWithEverything(), "page", env);
  ASSERT_TRUE(made.ok()) << made.error().text();
  Arena arena;
  const Shape calm = shapeOf(render(*made, personWith("calm", arena), true));
  EXPECT_EQ(calm.dangers, "");
  EXPECT_NE(calm.elements.find("<b onclick>"), std::string::npos) << calm.elements;
  for (const std::string_view payload : kPayloads) {
    const std::string page = render(*made, personWith(payload, arena), true);
    const Shape shape = shapeOf(page);
    // Line breaks may become <br>; nothing else may appear or go.
    std::string elements = shape.elements;
    for (std::size_t at = elements.find("<br>"); at != elements.npos; at = elements.find("<br>"))
      elements.erase(at, 4);
    EXPECT_EQ(elements, calm.elements) << payload << '\n' << page;
    EXPECT_EQ(shape.dangers, "") << payload;
    EXPECT_EQ(page.find("<script>alert"), std::string::npos) << payload;
  }
}

TEST(T70, scriptsAndStylesKeepTheirStatements) {
  const TemplateEnvironment env;
  const auto script = Template::parse("<script>'{{ p.note }}'</script>", "page", env);
  const auto style = Template::parse("<style>p{color:{{ p.note }}}</style>", "page", env);
  Arena arena;
  for (const std::string_view payload : kPayloads) {
    const Value person = personWith(payload, arena);
    const std::string inScript = render(*script, person, true);
    const std::string_view text = std::string_view(inScript).substr(9, inScript.size() - 9 - 10);
    EXPECT_EQ(text.find_first_of("'\"<>&\n\r();{}"), text.npos) << inScript;
    const std::string inStyle = render(*style, person, true);
    const std::string_view value = std::string_view(inStyle).substr(15, inStyle.size() - 15 - 9);
    EXPECT_EQ(value.find_first_of("'\"<>&\n\r(){};:"), value.npos) << inStyle;
  }
}

TEST(T70, headersTakeOneLineAndTextIsText) {
  const TemplateEnvironment env;
  const auto subject = Template::parse("Hello {{ p.first_name }}", "subject", env);
  const auto text = Template::parse("Dear {{ p.first_name }},\nbye.", "text", env);
  Arena arena;
  const auto headersOf = [](const std::string& message) {
    std::vector<std::string> names;
    std::size_t at = 0;
    const std::size_t end = message.find("\r\n\r\n");
    while (at < end) {
      const std::size_t next = std::min(message.find("\r\n", at), end);
      if (message[at] != ' ' && message[at] != '\t')
        names.push_back(message.substr(at, message.find(':', at) - at));
      at = next + 2;
    }
    return names;
  };
  const auto calm = headersOf(file::toMime({"1", "a@b.c", "d@e.f", "Hello", "<p>", "x", 0}));
  for (const std::string_view payload : kPayloads) {
    const Value person = personWith(payload, arena);
    const std::string line = render(*subject, person, false);
    EXPECT_EQ(headersOf(file::toMime({"1", "a@b.c", "d@e.f", line, "<p>", "x", 0})), calm)
        << payload;
    EXPECT_EQ(render(*text, person, false), "Dear " + std::string(payload) + ",\nbye.");
  }
}

TEST(T70, onlyWhatIsHandedOverCanBeRead) {
  const std::string folder = ::testing::TempDir() + "t70";
  std::filesystem::create_directories(folder + "/project/templates/partials");
  std::ofstream(folder + "/secret.liquid") << "SECRET";
  std::ofstream(folder + "/project/secret.liquid") << "SECRET";
  std::ofstream(folder + "/project/templates/partials/ok.liquid")
      << "[{{ secret }}{{ profile.id }}]";
  TemplateEnvironment env;
  pipeline::Project project;
  project.folder = folder + "/project";
  pipeline::usePartialsOf(env, project);
  Arena arena;
  const auto data = record::parseJson(
      R"({"profile": {"id": "u1", "card": {"last4": "4242"}}, "secret": "SECRET", "other": {"id": "u2"}})",
      arena);
  ASSERT_TRUE(data.ok());
  ::setenv("FRESHET_SECRET", "SECRET", 1);
  // A step hands over the names it allows, by position: here the profile alone.
  for (const std::string_view source : {"{{ secret }}",
                                        "{{ other.id }}",
                                        "{{ ENV['FRESHET_SECRET'] }}",
                                        "{{ env.FRESHET_SECRET }}",
                                        "{{ self }}{{ this }}{{ context }}{{ registers }}",
                                        "{{ ['secret'] }}",
                                        "{{ [profile.x] }}",
                                        "{% assign k = 'secret' %}{{ [k] }}",
                                        "{% include '../../../secret' %}",
                                        "{% include '/etc/passwd' %}",
                                        "{% render '../../secret' %}",
                                        "{% include 'ok' %}",
                                        "{% render 'ok' %}",
                                        "{{ profile.other }}",
                                        "{{ profile['../secret'] }}",
                                        "{{ profile.id.class }}{{ profile.id.send }}",
                                        "{% increment secret %}",
                                        "{% for x in secret %}{{ x }}{% endfor %}",
                                        "{% assign n = '../../secret' %}{% include n %}",
                                        "{{ 'SEC' | append: secret }}"}) {
    const auto made = Template::parseForPreview(source, "t", env);
    std::vector<Value> globals;
    for (const std::string& name : made.globals())
      globals.push_back(name == "profile" ? data->get("profile") : undefined());
    Renderer renderer;
    std::string out;
    RenderOptions options;
    options.onError = OnError::Inline;
    const Status status = renderer.render(made, globals, arena, out, options);
    EXPECT_TRUE(status.ok()) << source;
    EXPECT_EQ(out.find("SECRET"), out.npos) << source << " gave " << out;
    EXPECT_EQ(out.find("u2"), out.npos) << source << " gave " << out;
    EXPECT_EQ(out.find("root:"), out.npos) << source;
  }
  // What is handed over can be read whole, as by `profile[k]` over its keys.
  const auto all = Template::parse(
      "{% for m in profile %}{{ profile[m[0]] }}{% endfor %}{{ profile | json }}", "t", env);
  ASSERT_TRUE(all.ok());
  const Value globals[] = {data->get("profile")};
  Renderer renderer;
  std::string out;
  ASSERT_TRUE(renderer.render(*all, globals, arena, out).ok());
  EXPECT_EQ(out.find("SECRET"), out.npos);
  EXPECT_NE(out.find("4242"), out.npos);
  std::filesystem::remove_all(folder);
}

// A canary in each person's data: 10,000 renders on 8 threads, one shared template.
TEST(T70, noPersonGetsAnothersValue) {
  TemplateEnvironment env;
  env.setLoader([](std::string_view) -> Result<std::string> {
    return std::string("{% assign kept = x %}{{ kept }}{% increment n %}");
  });
  const auto made = Template::parse(
      "{{ p.name }}{% if p.nick %}{% assign nick = p.nick %}{% endif %}{{ nick | default: 'none' }}"
      "{% capture c %}{{ p.name }}{% endcapture %}{% for i in p.items %}{% cycle 'a', p.name %}"
      "{% ifchanged %}{{ i }}{% endifchanged %}{% endfor %}{% render 'part', x: p.name %}{{ kept }}"
      "{% increment n %}{{ c }}{% tablerow i in p.items cols: 1 %}{{ i }}{% endtablerow %}"
      "{% include 'part' with p.nick as x %}",
      "t", env);
  ASSERT_TRUE(made.ok());
  constexpr int kThreads = 8;
  constexpr int kRenders = 10'000;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Renderer renderer;
      Arena arena;
      std::string out;
      for (int i = t; i < kRenders; i += kThreads) {
        arena.reset();
        const std::string canary = "CANARY" + std::to_string(i) + ';';
        const Value items[] = {Value(std::string_view(canary)), Value(std::string_view(canary))};
        Value person = record::withMember(Value(), "name", Value(std::string_view(canary)), arena);
        if (i % 3 == 0)
          person = record::withMember(person, "nick", Value(std::string_view(canary)), arena);
        person = record::withMember(person, "items", Value(std::span<const Value>(items)), arena);
        out.clear();
        RenderOptions options;
        options.limits.wall = {};
        options.escapeHtml = i % 2 == 0;
        const Value data = record::withMember(Value(), "p", person, arena);
        if (!renderer.render(*made, data, arena, out, options)) ++wrong;
        for (std::size_t at = out.find("CANARY"); at != out.npos; at = out.find("CANARY", at + 1)) {
          if (out.compare(at, canary.size(), canary) != 0) ++wrong;
        }
        if ((i % 3 == 0) == (out.find("none") != out.npos)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace freshet::liquid
