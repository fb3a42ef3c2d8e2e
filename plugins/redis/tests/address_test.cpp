// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/address.h"

#include <gtest/gtest.h>

namespace freshet::redis {
namespace {

TEST(Address, readsAllItsParts) {
  const auto address = parseAddress("redis://ada:p%40ss%3a@redis.example.com:7000/12");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->host, "redis.example.com");
  EXPECT_EQ(address->port, 7000);
  EXPECT_EQ(address->user, "ada");
  EXPECT_EQ(address->password, "p@ss:");
  EXPECT_EQ(address->database, 12);
  EXPECT_EQ(address->name(), "redis.example.com:7000");
}

TEST(Address, mostPartsMayBeMissing) {
  const auto address = parseAddress("redis://localhost");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->port, 6379);
  EXPECT_EQ(address->database, 0);
  EXPECT_EQ(parseAddress("redis://:secret@h/")->password, "secret");
  EXPECT_EQ(parseAddress("redis://[::1]:6380")->host, "::1");
  EXPECT_EQ(parseAddress("redis://[::1]:6380")->port, 6380);
}

TEST(Address, twoLettersOfTheSchemeDecideOnTls) {
  EXPECT_FALSE(parseAddress("redis://h")->isTls);
  EXPECT_TRUE(parseAddress("rediss://h")->isTls);
  EXPECT_EQ(parseAddress("rediss://h")->port, 6379);
}

TEST(Address, whatCannotBeReadIsRefused) {
  for (const char* url :
       {"", "127.0.0.1:6379", "http://h", "rediss://", "redis://", "redis://h:x", "redis://h:0",
        "redis://h:70000", "redis://h/x", "redis://a:%zz@h", "redis://[::1"}) {
    const auto address = parseAddress(url);
    ASSERT_FALSE(address.ok()) << url;
    EXPECT_EQ(address.error().code, "E-3200");
    EXPECT_EQ(address.error().retry, Retry::Never);
  }
}

}  // namespace
}  // namespace freshet::redis
