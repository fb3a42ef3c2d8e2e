// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <netdb.h>

#include "core/liquid/environment.h"
#include "plugins/http/nodes.h"
#include "plugins/http/send/address_guard.h"
#include "plugins/http/send/answer.h"
#include "plugins/http/send/endpoint.h"
#include "plugins/http/send/gate.h"
#include "plugins/http/send/signature.h"
#include "tests/support/fake_context.h"

namespace freshet::http {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// What the guard says about an address as a resolver reads it.
std::string objectionTo(const AddressGuard& guard, const char* spelling, const char* port = "80") {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (getaddrinfo(spelling, port, &hints, &found) != 0) return "no address";
  std::string objection = guard.objection(*found->ai_addr);
  freeaddrinfo(found);
  return objection;
}

TEST(AddressGuard, refusesEverySpellingOfWhatIsNotPublic) {
  const auto guard = AddressGuard::allowing({});
  ASSERT_TRUE(guard);
  for (const char* spelling : {"127.0.0.1",
                               "127.1",
                               "2130706433",
                               "0x7f.1",
                               "0177.0.0.1",
                               "0.0.0.0",
                               "::1",
                               "::",
                               "::ffff:127.0.0.1",
                               "::127.0.0.1",
                               "64:ff9b::7f00:1",
                               "64:ff9b::a00:1",
                               "2002:7f00:1::",
                               "169.254.169.254",
                               "fd00:ec2::254",
                               "::ffff:169.254.169.254",
                               "fe80::1",
                               "10.0.0.1",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.168.1.1",
                               "100.64.0.1",
                               "100.127.255.254",
                               "224.0.0.1",
                               "255.255.255.255",
                               "192.0.2.1",
                               "198.18.0.1",
                               "fc00::1",
                               "ff02::1",
                               "2001:db8::1",
                               "2001::1",
                               "64:ff9b:1::1",
                               "100::1",
                               "fec0::1"}) {
    EXPECT_NE(objectionTo(*guard, spelling), "") << spelling;
  }
  for (const char* spelling : {"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "169.253.0.1",
                               "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"}) {
    EXPECT_EQ(objectionTo(*guard, spelling), "") << spelling;
  }
  EXPECT_EQ(objectionTo(*guard, "0x7f.1"), "127.0.0.1 is this computer");
}

TEST(AddressGuard, allowsWhatIsNamedAndNothingBeside) {
  const std::string named[] = {"127.0.0.1:8080", "10.1.0.0/16", "[::1]:9000", "fd12::/64"};
  const auto guard = AddressGuard::allowing(named);
  ASSERT_TRUE(guard) << guard.error().text();
  EXPECT_EQ(objectionTo(*guard, "127.0.0.1", "8080"), "");
  EXPECT_EQ(objectionTo(*guard, "::ffff:127.0.0.1", "8080"), "");
  EXPECT_NE(objectionTo(*guard, "127.0.0.1", "8081"), "");
  EXPECT_NE(objectionTo(*guard, "127.0.0.2", "8080"), "");
  EXPECT_EQ(objectionTo(*guard, "10.1.255.255"), "");
  EXPECT_NE(objectionTo(*guard, "10.2.0.0"), "");
  EXPECT_EQ(objectionTo(*guard, "::1", "9000"), "");
  EXPECT_NE(objectionTo(*guard, "::1", "9001"), "");
  EXPECT_EQ(objectionTo(*guard, "fd12::ffff"), "");
  EXPECT_NE(objectionTo(*guard, "fd12:0:0:1::1"), "");
  for (const char* wrong : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "::1/129", "[::1", "1:2:3",
                            "127.0.0.1:", "127.0.0.1:65536", "10.0.0.0/8x"}) {
    const std::string list[] = {wrong};
    EXPECT_FALSE(AddressGuard::allowing(list)) << wrong;
  }
}

TEST(Answer, eachStatusHasItsRuling) {
  for (int status = 100; status < 1000; ++status) {
    Verdict expected = Verdict::Again;
    if (status / 100 == 2) expected = Verdict::Taken;
    if (status / 100 == 3 || status / 100 == 4) expected = Verdict::Refused;
    if (status == 401 || status == 403) expected = Verdict::Pause;
    if (status == 408 || status == 425 || status == 429) expected = Verdict::Again;
    Answer answer;
    answer.status = status;
    EXPECT_EQ(rulingOn(answer).verdict, expected) << status;
    // Whatever was said before the connection broke counts for nothing.
    answer.transport = CURLE_RECV_ERROR;
    EXPECT_EQ(rulingOn(answer).verdict, Verdict::Again) << status;
  }
  Answer blocked;
  blocked.transport = CURLE_COULDNT_CONNECT;
  EXPECT_EQ(rulingOn(blocked).verdict, Verdict::Again);
  blocked.blocked = "127.0.0.1 is this computer";
  EXPECT_EQ(rulingOn(blocked).code, "E-3420");
  EXPECT_EQ(wordsFor(blocked, rulingOn(blocked)), "blocked_address: 127.0.0.1 is this computer");
}

TEST(Gate, opensAgainByASingleRequestThatIsAnswered) {
  Gate gate;
  for (int i = 0; i < Gate::kFailuresToHold; ++i) {
    EXPECT_TRUE(gate.pass(0));
    gate.failed(0, 0.5);
  }
  EXPECT_FALSE(gate.pass(0));
  const std::int64_t until = gate.heldUntilNs();
  EXPECT_GE(until, kSecond / 5);
  EXPECT_TRUE(gate.pass(until));
  EXPECT_FALSE(gate.pass(until)) << "one probe at a time";
  gate.failed(until, 0.999);
  EXPECT_FALSE(gate.pass(until + kSecond / 10));
  const std::int64_t later = gate.heldUntilNs();
  EXPECT_GT(later - until, kSecond / 5);
  EXPECT_TRUE(gate.pass(later));
  gate.answered();
  EXPECT_TRUE(gate.pass(later));
  EXPECT_TRUE(gate.pass(later));
}

TEST(Gate, holdsAtOnceIfTheCredentialsAreRefusedOrItIsAsked) {
  Gate gate;
  gate.refusedUs(0, 0);
  EXPECT_FALSE(gate.pass(1));
  gate.answered();
  gate.holdUntil(3 * kSecond);
  EXPECT_FALSE(gate.pass(3 * kSecond - 1));
  EXPECT_TRUE(gate.pass(3 * kSecond));
}

TEST(Gate, backsOffTwiceAsFarEachTimeUpToHalfAMinute) {
  EXPECT_EQ(backOffNs(1, 1), kSecond / 4);
  EXPECT_EQ(backOffNs(3, 1), kSecond);
  EXPECT_EQ(backOffNs(3, 0.25), kSecond / 4);
  EXPECT_EQ(backOffNs(1000, 1), 30 * kSecond);
}

TEST(Signature, isThatOfStandardWebhooks) {
  EXPECT_EQ(hexOf(hmac("key", "The quick brown fox jumps over the lazy dog")),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  EXPECT_EQ(signatureOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

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
