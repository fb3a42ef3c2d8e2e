// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/packed_profile.h"

#include <gtest/gtest.h>

namespace freshet::redis {
namespace {

TEST(PackedProfile, marksAreReadBack) {
  std::string value(kFormat);
  appendMark(value, 0xfeedULL, 7, 123456789012345);
  value += ',';
  appendMark(value, UINT64_MAX, 0, 0);
  value += R"(|{"a":"|"})";
  Arena arena;
  const auto stored = unpack(value, arena);
  EXPECT_EQ(stored.json, R"({"a":"|"})");
  ASSERT_EQ(stored.applied.size(), 2u);
  EXPECT_EQ(stored.applied[0].source, 0xfeedU);
  EXPECT_EQ(stored.applied[0].partition, 7);
  EXPECT_EQ(stored.applied[0].offset, 123456789012345);
  EXPECT_EQ(stored.applied[1].source, UINT64_MAX);
  EXPECT_EQ(stored.applied[1].offset, 0);
}

TEST(PackedProfile, aMarkHasAFixedWidthSoThatTextComparesAsNumbers) {
  std::string nine;
  std::string ten;
  appendMark(nine, 1, 2, 9);
  appendMark(ten, 1, 2, 10);
  EXPECT_EQ(nine.size(), 47u);
  EXPECT_LT(nine, ten);
  EXPECT_EQ(nine.substr(0, 28), ten.substr(0, 28));
}

TEST(PackedProfile, aGroupKeepsTheProfileBeforeIt) {
  const profile::GroupMark mark{0xfeedULL, 7, 1'795'000'000'123'456, 42, 123456789012345, 3};
  std::string value;
  appendGrouped(value, mark, R"({"a":"|"})", R"({"a":2})");
  EXPECT_EQ(value.substr(95, 12), "|0000000009|");
  Arena arena;
  const auto stored = unpack(value, arena);
  EXPECT_EQ(stored.json, R"({"a":2})");
  EXPECT_EQ(stored.before, R"({"a":"|"})");
  EXPECT_EQ(stored.mark.source, 0xfeedU);
  EXPECT_EQ(stored.mark.partition, 7);
  EXPECT_EQ(stored.mark.epoch, 1'795'000'000'123'456U);
  EXPECT_EQ(stored.mark.group, 42U);
  EXPECT_EQ(stored.mark.next, 123456789012345);
  EXPECT_EQ(stored.mark.tick, 3U);
  ASSERT_EQ(stored.applied.size(), 1U) << "what a lane without groups must know";
  EXPECT_EQ(stored.applied[0].offset, mark.next - 1);
  value.clear();
  appendGrouped(value, mark, "", "{}");
  EXPECT_EQ(unpack(value, arena).json, "{}");
  EXPECT_TRUE(unpack(value, arena).before.empty());
}

TEST(PackedProfile, whatIsNotOursIsBareJson) {
  Arena arena;
  EXPECT_EQ(unpack("f1|||", arena).json, "|");
  for (const char* value : {"", "{}", "f1|", "f1|000", "f2|x|{}"}) {
    const auto stored = unpack(value, arena);
    EXPECT_TRUE(stored.applied.empty()) << value;
    EXPECT_EQ(stored.json, value);
  }
  // A damaged list of marks does not hide the profile.
  EXPECT_EQ(unpack("f1|damaged|{}", arena).json, "{}");
  EXPECT_EQ(unpack("f1|" + std::string(95, '#') + "|{}", arena).json, "{}");
}

}  // namespace
}  // namespace freshet::redis
