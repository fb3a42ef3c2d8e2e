// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <netdb.h>

#include "plugins/http/send/address_guard.h"
#include "plugins/http/send/answer.h"
#include "plugins/http/send/gate.h"
#include "plugins/http/send/signature.h"

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

}  // namespace
}  // namespace freshet::http
