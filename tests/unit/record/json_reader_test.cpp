// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/record/json.h"

namespace freshet::record {
namespace {

using namespace std::string_literals;

/// Reads `text` with `behind` in the padding: what stands behind a document must not matter.
Result<Value> readBefore(JsonReader& reader, std::string_view text, std::string_view behind,
                         Arena& arena) {
  std::string padded(behind);
  padded.resize(kJsonPadding, behind.empty() ? '\0' : behind.back());
  const std::string whole = std::string(text) + padded;
  return reader.read(arena.copy(whole).substr(0, text.size()), arena);
}

const std::string kBehind[] = {"", "\"", "]", "}", "0", "ull", "\\", ",1", ":", " x"};

TEST(JsonReader, Accepts) {
  const std::pair<std::string, std::string> cases[] = {
      {"null", "null"},
      {" true ", "true"},
      {"false\n", "false"},
      {"0", "0"},
      {"-0", "0"},
      {"-12", "-12"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "9223372036854775808.0"},
      {"123456789012345678901234567890", "1.2345678901234568e+29"},
      {"1.0", "1.0"},
      {"-0.0", "-0.0"},
      {"1e2", "100.0"},
      {"1E+2", "100.0"},
      {"2.5e-1", "0.25"},
      {"46.53", "46.53"},
      {"0.1", "0.1"},
      {"9007199254740993.0", "9007199254740992.0"},
      {"1.7976931348623157e308", "1.7976931348623157e+308"},
      {"5e-324", "5e-324"},
      {"1e-400", "0.0"},
      {"-0.0000000000000000001e-999999", "-0.0"},
      {R"("")", R"("")"},
      {R"("a b")", R"("a b")"},
      {R"(  "a"  )", R"("a")"},
      {R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\u0008\u000c\n\r\t")"},
      {R"("\u00e9\u20AC\ud83d\ude00\u0000")", "\"é€😀\\u0000\""},
      {"\"é€😀\x7f\"", "\"é€😀\x7f\""},
      {R"(["a\\","b"])", R"(["a\\","b"])"},
      {R"(["\\\"" , "x"])", R"(["\\\"","x"])"},
      {"[]", "[]"},
      {" [ ] ", "[]"},
      {"{}", "{}"},
      {"[1,\"a\",null,true,[[]],{}]", "[1,\"a\",null,true,[[]],{}]"},
      {"\t{ \"a\" : 1 ,\r\n\"b\":{\"c\":[1.5 , -2]} }\n", "{\"a\":1,\"b\":{\"c\":[1.5,-2]}}"},
      {R"({"a":1,"a":2})", R"({"a":1,"a":2})"},
      {R"({"":{"\u0061\n":""}})", R"({"":{"a\n":""}})"},
      {"[\"]\",\"}\",\"{,:\"]", "[\"]\",\"}\",\"{,:\"]"},
      {"[1 ,2\n]", "[1,2]"},
  };
  JsonReader reader;
  for (const auto& [text, wanted] : cases) {
    for (const std::string& behind : kBehind) {
      Arena arena;
      const auto value = readBefore(reader, text, behind, arena);
      ASSERT_TRUE(value.ok()) << text << " before " << behind << ": " << value.error().text();
      EXPECT_EQ(toJson(*value), wanted) << text << " before " << behind;
    }
  }
}

TEST(JsonReader, Refuses) {
  const std::string cases[] = {
      "",
      " ",
      "\n",
      "nul",
      "nulll",
      "null1",
      "True",
      "tru",
      "truee",
      "fals",
      "f",
      "n",
      "N",
      "NaN",
      "Infinity",
      "-Infinity",
      "-",
      "+1",
      "01",
      "-01",
      "00",
      "1.",
      ".1",
      "-.1",
      "1.e1",
      "1e",
      "1e+",
      "1E-",
      "1e1.5",
      "1.2.3",
      "0x10",
      "1_000",
      "1a",
      "1 2",
      "1,",
      "--1",
      "1e400",
      "-1e400",
      "12\"",
      "\"",
      "\"a",
      "\"a\\",
      "\"a\\\"",
      "\"\\x\"",
      "\"\\u12\"",
      "\"\\u12g4\"",
      "\"\\U0041\"",
      "\"\\ud800\"",
      "\"\\udc00\"",
      "\"\\ud800\\n\"",
      "\"\\ud800\\u0041\"",
      "\"\\'\"",
      "'a'",
      "\"a\nb\"",
      "\"a\tb\"",
      "\"a\0b\""s,
      "\"a\" \"b\"",
      "\"a\"b",
      "a",
      "\xef\xbb\xbf{}",
      "[",
      "]",
      "[1",
      "[1,",
      "[,1]",
      "[1,]",
      "[1,,2]",
      "[1 2]",
      "[\"a\"\"b\"]",
      "[1]]",
      "[1][2]",
      "[1}",
      "[tru]",
      "[truefalse]",
      "[1true]",
      "[true1]",
      "[\"a\"1]",
      "[1\"a\"]",
      "[1:2]",
      "[:]",
      "{",
      "}",
      "{]",
      "{\"a\"",
      "{\"a\":",
      "{\"a\":1",
      "{\"a\":1,",
      "{\"a\":1,}",
      "{,}",
      "{\"a\"}",
      "{\"a\" 1}",
      "{a:1}",
      "{1:1}",
      "{'a':1}",
      "{\"a\":1 \"b\":2}",
      "{\"a\"::1}",
      "{\"a\":1]",
      "{\"a\":1}}",
      "{\"a\":1},",
      "{\"a\":,}",
      "{\"a\":1,,\"b\":2}",
      "{null:1}",
      "{\"a\":1:2}",
      "{\"a\",1}",
      "[1]x",
      "{}x",
      "{} {}",
      "[]\0"s,
      "[\0]"s,
      "[1,\v2]",
      "[1\f]",
      "/**/[]",
      "[1]//",
      "[\xc3\x28]",
      "\"\xc3\x28\"",
      "\"\xc0\x80\"",
      "\"\xed\xa0\x80\"",
      "\"\xf4\x90\x80\x80\"",
      "\"\xff\"",
      "\"\xe2\x82\"",
      "\"\x80\"",
      "\"\xf0\x80\x80\xaf\"",
      "[\"\xe2\x82",
  };
  JsonReader reader;
  for (const std::string& text : cases) {
    for (const std::string& behind : kBehind) {
      Arena arena;
      const auto value = readBefore(reader, text, behind, arena);
      ASSERT_FALSE(value.ok()) << text << " before " << behind << " is " << toJson(*value);
      EXPECT_EQ(value.error().code, "E-2001");
      EXPECT_TRUE(value.error().message.starts_with("This is not JSON: "));
    }
  }
}

TEST(JsonReader, SaysWhere) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"a":1,"b":tru})", "a word is none of true, false and null (byte 11)"},
      {R"({"a":01})", "a number begins with 0 (byte 5)"},
      {R"({"a":1 "b":2})", "a comma or a closing brace is missing (byte 7)"},
      {R"({"a" 1})", "a colon is missing (byte 5)"},
      {R"({1:1})", "a name in double quotes is missing (byte 1)"},
      {R"(["\q"])", "a text has an escape that means nothing (byte 1)"},
      {R"([1)", "a comma or a closing bracket is missing (byte 2)"},
      {R"([1] [2])", "something follows the document (byte 4)"},
      {"[1,\"a\nb\"]", "a text has a control character (byte 5)"},
      {"[1,\"ab]", "a text is not closed (byte 3)"},
      {"[\"é\xff\"]", "a byte is not UTF-8 (byte 4)"},
      {" \n", "it is empty"},
  };
  for (const auto& [text, wanted] : cases) {
    Arena arena;
    const auto value = parseJson(text, arena);
    ASSERT_FALSE(value.ok()) << text;
    EXPECT_EQ(value.error().message, "This is not JSON: " + wanted);
  }
}

TEST(JsonReader, RefusesWhatIsNestedTooDeep) {
  Arena arena;
  EXPECT_TRUE(parseJson(std::string(128, '[') + std::string(128, ']'), arena).ok());
  EXPECT_FALSE(parseJson(std::string(129, '[') + std::string(129, ']'), arena).ok());
  EXPECT_FALSE(parseJson(std::string(1'000'000, '['), arena).ok());
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "{\"a\":";
  EXPECT_FALSE(parseJson(deep + "1" + std::string(200, '}'), arena).ok());
}

TEST(JsonReader, RefusesEveryTruncation) {
  const std::string text =
      R"({"id":"x\ny","n":-1.5e3,"l":[1,2.25,true,null,{"k":"é"}],"o":{"t":"","f":false}})";
  JsonReader reader;
  for (std::size_t size = 0; size < text.size(); ++size) {
    for (const std::string& behind : kBehind) {
      Arena arena;
      // The rest of the document itself stands behind it, too.
      EXPECT_FALSE(readBefore(reader, text.substr(0, size), behind, arena).ok()) << size;
      EXPECT_FALSE(readBefore(reader, text.substr(0, size), text.substr(size), arena).ok()) << size;
    }
  }
}

TEST(JsonReader, ReadsBackEveryDouble) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    // Also the plain prices, where the short way is taken.
    if (i % 2 == 0) number = static_cast<double>(random() % 100'000'000) / 1000;
    if (!std::isfinite(number)) continue;
    Arena arena;
    const auto value = parseJson(toJson(Value(number)), arena);
    ASSERT_TRUE(value.ok()) << toJson(Value(number));
    EXPECT_EQ(value->number(), number);
  }
}

TEST(JsonReader, GrowsWithItsDocuments) {
  JsonReader reader;
  for (const std::size_t count : {1U, 5'000U, 100U, 300'000U, 3U}) {
    Arena arena;
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i)
      text += (i > 0 ? ",{\"k\":" : "{\"k\":") + std::to_string(i) + "}";
    text += "]";
    const auto value = readBefore(reader, text, "", arena);
    ASSERT_TRUE(value.ok());
    ASSERT_EQ(value->size(), count);
    EXPECT_EQ(value->asArray().back().get("k").asInt(), static_cast<std::int64_t>(count) - 1);
  }
}

}  // namespace
}  // namespace freshet::record
