// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <thread>

#include "core/base/clock.h"
#include "tests/integration/postgres/real_postgres.h"

namespace freshet::postgres {
namespace {

using testing::addressOf;
using testing::realPostgres;

std::string parameter(const Address& address, const std::string& name) {
  const auto found =
      std::ranges::find(address.parameters, name, [](const auto& entry) { return entry.first; });
  return found == address.parameters.end() ? "" : found->second;
}

TEST(Address, anotherComputerMustProveItsName) {
  const auto far = addressOf("postgresql://ann@db.example/shop");
  ASSERT_TRUE(far.ok());
  EXPECT_EQ(parameter(*far, "sslmode"), "verify-full");
  EXPECT_EQ(parameter(*addressOf("host=10.0.0.7 dbname=shop"), "sslmode"), "verify-full");
  EXPECT_EQ(parameter(*addressOf("postgresql://ann@127.0.0.1/shop"), "sslmode"), "prefer");
  EXPECT_EQ(parameter(*addressOf("postgresql://a@127.0.0.1,db.example/shop"), "sslmode"),
            "verify-full");
  EXPECT_EQ(parameter(*addressOf("postgresql://ann@db.example/shop", R"(,"tls":"off")"), "sslmode"),
            "disable");
}

TEST(Address, plainTextIsNoFallback) {
  const auto weak = addressOf("postgresql://ann:secret@db.example/shop?sslmode=prefer");
  ASSERT_FALSE(weak.ok());
  EXPECT_EQ(weak.error().code, "E-3900");
  EXPECT_EQ(weak.error().message.find("secret"), std::string::npos);
}

TEST(Address, whatCannotBeReadIsNotRepeated) {
  const auto wrong = addressOf("postgresql://ann:secret@db:port:5/shop");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().text().find("secret"), std::string::npos);
}

TEST(Address, saysWhenTheOtherSideIsGone) {
  const auto far = addressOf("postgresql://ann@db.example/shop", R"(,"timeout":"3 s")");
  EXPECT_EQ(parameter(*far, "tcp_user_timeout"), "3000");
  EXPECT_EQ(parameter(*far, "keepalives_idle"), "10");
  EXPECT_EQ(far->timeoutMs, 3000);
}

TEST(Link, aServerWithoutTlsIsRefusedWhereTlsIsWanted) {
  const auto link = Link::open(*addressOf(realPostgres(), R"(,"tls":"verify-full")"));
  ASSERT_FALSE(link.ok());
  EXPECT_EQ(link.error().code, "E-3904");
  EXPECT_EQ(link.error().retry, Retry::Fatal);
}

TEST(Link, nobodyThereIsToldWithTheAddressAndNoPassword) {
  const auto link = Link::open(*addressOf("postgresql://ann:secret@127.0.0.1:1/shop"));
  ASSERT_FALSE(link.ok());
  EXPECT_EQ(link.error().code, "E-3901");
  EXPECT_EQ(link.error().retry, Retry::Later);
  EXPECT_NE(link.error().message.find("127.0.0.1:1/shop"), std::string::npos);
  EXPECT_EQ(link.error().message.find("secret"), std::string::npos);
}

TEST(Link, aDatabaseThatIsNotThereIsNoMatterOfWaiting) {
  std::string url = realPostgres();
  url.replace(url.rfind('/') + 1, std::string::npos, "nowhere");
  const auto link = Link::open(*addressOf(url));
  ASSERT_FALSE(link.ok());
  EXPECT_EQ(link.error().code, "E-3904");
}

TEST(Link, aStatementThatTakesTooLongEndsAndTheLaneIsServedMeanwhile) {
  int served = 0;
  auto link = Link::open(*addressOf(realPostgres(), R"(,"timeout":"600 ms")"), [&] { ++served; });
  ASSERT_TRUE(link.ok());
  const std::int64_t begin = monotonicNs();
  const auto slept = (*link)->run("SELECT pg_sleep(20)");
  ASSERT_FALSE(slept.ok());
  EXPECT_EQ(slept.error().code, "E-3903");
  EXPECT_EQ(slept.error().retry, Retry::Later);
  EXPECT_LT(monotonicNs() - begin, 3'000'000'000);
  EXPECT_GE(served, 3);
  EXPECT_TRUE((*link)->run("SELECT 1").ok()) << "the server is still there";
}

TEST(Link, complaintsPassOrDoNot) {
  EXPECT_EQ(serverError("h", "40001", "").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "40P01", "").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "57P01", "").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "53300", "").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "25006", "").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "42P01", "").code, "E-3905");
  EXPECT_EQ(serverError("h", "42501", "").code, "E-3904");
  EXPECT_EQ(serverError("h", "23514", "").code, "E-3906");
  EXPECT_EQ(serverError("h", "22003", "").code, "E-3906");
}

}  // namespace
}  // namespace freshet::postgres
