// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/endpoint.h"

#include <gtest/gtest.h>

#include "core/liquid/environment.h"
#include "tests/support/fake_context.h"

namespace freshet::http {
namespace {

class EndpointTest : public ::testing::Test {
 protected:
  Result<Endpoint> compile(const std::string& url, std::vector<std::string> hosts = {}) {
    return Endpoint::compile(url, std::move(hosts), m_build);
  }
  /// The site for an event whose section "event" is `json`, or the problem.
  std::string siteOf(Endpoint& endpoint, std::string_view json) {
    m_arena.reset();
    auto event = record::parseJson(m_arena.copy(json, record::kJsonPadding), m_arena);
    std::vector<record::Value> sections(m_build.slots.size());
    sections[0] = *event;
    const record::Record record{&m_origin, sections};
    std::string problem;
    const Endpoint::Address* address = endpoint.of(record, m_arena, problem);
    return address ? address->site : problem;
  }

  liquid::TemplateEnvironment m_liquid;
  testing::FakeBuild m_build{&m_liquid};
  Arena m_arena;
  record::Origin m_origin;
};

TEST_F(EndpointTest, takesHttpOnlyAndNoTricks) {
  EXPECT_TRUE(compile("https://api.example.com/x?y=1"));
  EXPECT_TRUE(compile("HTTP://api.example.com:8080"));
  for (const char* url :
       {"", "api.example.com", "//api.example.com", "ftp://api.example.com/", "gopher://127.0.0.1/",
        "file:///etc/passwd", "https://", "https://user@example.com/", "https://u:p@example.com/",
        "https://example.com@127.0.0.1/", "https://example.com\\@127.0.0.1/", "http://a b/",
        "http://example.com/a\nb", "javascript:alert(1)", "http://[::1",
        "http://example.com:port/"}) {
    const auto endpoint = compile(url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().code, "E-3410") << url;
    EXPECT_EQ(endpoint.error().where, "url") << url;
  }
}

TEST_F(EndpointTest, noEventChoosesTheHostUnlessItIsListed) {
  for (const char* url :
       {"{{ event.url }}", "https://{{ event.host }}/", "https://api.{{ event.host }}",
        "https://example.com{{ event.path }}", "https://example.com:{{ event.port }}/",
        "https://{{ event.user }}@example.com/"}) {
    EXPECT_FALSE(compile(url)) << url;
  }
  auto open = compile("https://{{ event.host }}/hook", {"api.example.com", "*.shop.example"});
  ASSERT_TRUE(open) << open.error().text();
  EXPECT_EQ(siteOf(*open, R"({"host":"API.example.com"})"), "https://api.example.com:443");
  EXPECT_EQ(siteOf(*open, R"({"host":"a.shop.example:8443"})"), "https://a.shop.example:8443");
  for (const char* event :
       {R"({"host":"example.com"})", R"({"host":"shop.example"})", R"({"host":"evilshop.example"})",
        R"({"host":"127.0.0.1#@api.example.com"})", R"({"host":"127.0.0.1/?api.example.com"})",
        R"({"host":"api.example.com.evil.example"})"}) {
    EXPECT_NE(siteOf(*open, event).find("is not among"), std::string::npos) << event;
  }
  for (const char* event : {R"({"host":"api.example.com@127.0.0.1"})",
                            R"({"host":"api.example.com\\x"})", R"({"host":""})", R"({})"}) {
    EXPECT_EQ(siteOf(*open, event).find("https://"), std::string::npos) << event;
  }
  auto path = compile("https://api.example.com/{{ event.path }}");
  ASSERT_TRUE(path);
  EXPECT_EQ(siteOf(*path, R"({"path":"@127.0.0.1/#@10.0.0.1"})"), "https://api.example.com:443");
}

}  // namespace
}  // namespace freshet::http
