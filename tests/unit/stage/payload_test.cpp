// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/payload.h"

#include <gtest/gtest.h>

namespace freshet::stage {
namespace {

TEST(Payload, goesBeforeTheLastBrace) {
  Arena arena;
  EXPECT_EQ(spliceMembers(R"({"a":1})", R"("b":2)", arena), R"({"a":1,"b":2})");
  EXPECT_EQ(spliceMembers(R"({"a":"}"} )", R"("b":2,"c":3)", arena), R"({"a":"}","b":2,"c":3})");
  EXPECT_EQ(spliceMembers("{}", R"("b":2)", arena), R"({"b":2})");
  EXPECT_EQ(spliceMembers(" {\t} \r\n", R"("b":2)", arena), R"( {"b":2})");
  EXPECT_EQ(spliceMembers(R"({"a":{}})", R"("b":2)", arena), R"({"a":{},"b":2})");
}

TEST(Payload, nothingToAddChangesNothing) {
  Arena arena;
  const std::string_view event = R"({"a":1} )";
  EXPECT_EQ(spliceMembers(event, "", arena)->data(), event.data());
}

TEST(Payload, onlyObjectsCanBeAddedTo) {
  Arena arena;
  for (const char* event : {"", " ", "[1]", "1", "\"x\"", "}", "null"}) {
    EXPECT_FALSE(spliceMembers(event, R"("b":2)", arena)) << event;
  }
}

}  // namespace
}  // namespace freshet::stage
