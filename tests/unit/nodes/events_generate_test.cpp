// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/nodes/all_nodes.h"
#include "tests/support/fake_context.h"

namespace freshet {
namespace {

using stage::Polled;

constexpr TimeMs kStartedMs = 1'718'112'000'000;
constexpr TimeMs kMinuteMs = 60'000;
constexpr TimeMs kFarAheadMs = kStartedMs + 100'000'000'000;

std::string fileText(const std::string& path) {
  std::ifstream in(FRESHET_EXAMPLE "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Partitions that are given at open neither come nor go.
struct NoListener final : stage::PartitionListener {
  void onAssigned(std::span<const std::int32_t>) override { FAIL(); }
  void onRevoked(std::span<const std::int32_t>, bool) override { FAIL(); }
};

class EventsGenerate : public ::testing::Test {
 protected:
  EventsGenerate() {
    for (const char* path : {"shop/people.ndjson", "shop/products.json", "shop/opening.json"}) {
      m_build.files[path] = fileText(path);
    }
    m_context.started = kStartedMs;
    m_context.now = kFarAheadMs;
    make(R"({"people": "shop/people.ndjson", "catalogue": "shop/products.json",
             "script": "shop/opening.json", "speed": 60, "backlog": "1 h",
             "firstBasketAfter": "37 min"})");
  }

  void make(std::string_view settings) {
    for (const stage::NodeType& type : nodes::allNodes()) {
      if (type.spec.id != "events.generate") continue;
      auto source = type.makeSource(
          spec::Config(type.spec, record::OwnedValue::fromJson(settings).value()), m_build);
      ASSERT_TRUE(source.ok()) << source.error().text();
      m_source = std::move(*source);
    }
    ASSERT_TRUE(m_source);
  }

  Polled read(std::size_t most, std::span<const stage::Position> from = {}, int lane = 0,
              int lanes = 1) {
    auto reader = m_source->reader(lane, lanes);
    EXPECT_TRUE(reader->open(m_context, from, m_listener).ok());
    Polled all;
    while (all.events.size() < most) {
      auto polled = reader->poll(m_arena, std::min<std::size_t>(most - all.events.size(), 777), 0);
      EXPECT_TRUE(polled.ok());
      all.nextAtMs = polled->nextAtMs;
      if (polled->events.empty()) break;
      all.events.insert(all.events.end(), polled->events.begin(), polled->events.end());
    }
    return all;
  }

  testing::FakeBuild m_build;
  testing::FakeContext m_context;
  NoListener m_listener;
  Arena m_arena;
  std::unique_ptr<stage::Source> m_source;
};

TEST_F(EventsGenerate, KeepsTheMixOfAShop) {
  const Polled polled = read(200'000);
  record::JsonReader reader;
  Arena arena;
  std::map<std::string, double> share;
  for (const Polled::Event& event : polled.events) {
    arena.reset();
    const auto value = reader.read(event.bytes, arena);
    const bool isWhole = value && value->get("userId").isString() &&
                         value->get("type") == record::Value(std::string_view("track")) &&
                         !value->get("properties").get("price").isString();
    share[isWhole ? std::string(value->get("event").asString()) : "malformed"] += 1.0 / 2000;
  }
  EXPECT_NEAR(share["page_view"], 72, 0.4);
  EXPECT_NEAR(share["search"], 11, 0.2);
  EXPECT_NEAR(share["add_to_cart"], 12, 0.2);
  EXPECT_NEAR(share["purchase"], 4.4, 0.1);
  EXPECT_NEAR(share["malformed"], 0.6, 0.05);
  EXPECT_EQ(share.size(), 5U);
}

TEST_F(EventsGenerate, IsTheSameFromAnyPosition) {
  std::map<std::int32_t, std::vector<Polled::Event>> all;
  for (const Polled::Event& event : read(20'000).events) all[event.partition].push_back(event);
  ASSERT_EQ(all.size(), 8U);
  for (const std::int64_t offset : {1, 127, 128, 500, 1999}) {
    std::vector<stage::Position> from;
    for (int partition = 0; partition < 8; ++partition) from.push_back({partition, offset});
    for (const Polled::Event& event : read(2000, from, 1, 4).events) {
      ASSERT_EQ(event.partition % 4, 1);
      const auto& expected = all[event.partition];
      const auto at = static_cast<std::size_t>(event.offset);
      if (at >= expected.size()) continue;
      ASSERT_EQ(event.offset, expected[at].offset);
      ASSERT_EQ(event.bytes, expected[at].bytes);
      ASSERT_EQ(event.key, expected[at].key);
      ASSERT_EQ(event.timeMs, expected[at].timeMs);
    }
  }
}

TEST_F(EventsGenerate, OffsetsAndTimesNeverFall) {
  std::map<std::int32_t, std::pair<std::int64_t, TimeMs>> last;
  TimeMs before = 0;
  for (const Polled::Event& event : read(50'000).events) {
    auto [it, isNew] = last.try_emplace(event.partition, -1, 0);
    EXPECT_EQ(event.offset, it->second.first + 1);
    EXPECT_GE(event.timeMs, it->second.second);
    EXPECT_GE(event.timeMs, before);
    EXPECT_EQ(stableHash(event.key) % 8, static_cast<std::uint64_t>(event.partition));
    it->second = {event.offset, before = event.timeMs};
  }
}

TEST_F(EventsGenerate, PlaysTheScriptAndKeepsBasketsBack) {
  m_context.now = kStartedMs;
  const Polled polled = read(100'000);
  // One shop hour is one real minute of forty a second.
  EXPECT_NEAR(static_cast<double>(polled.events.size()), 2400, 400);
  EXPECT_GT(polled.nextAtMs, kStartedMs);
  record::JsonReader reader;
  const TimeMs beganMs = kStartedMs - 60 * kMinuteMs;
  std::vector<TimeMs> zoe;
  bool hasOthers = false;
  for (const Polled::Event& event : polled.events) {
    EXPECT_GE(event.timeMs, beganMs);
    const auto value = reader.read(event.bytes, m_arena);
    if (!value) continue;
    if (event.key == "u00000001") {
      EXPECT_EQ(value->get("event").asString(), "add_to_cart");
      EXPECT_EQ(parseIsoTime(value->get("timestamp").asString()), event.timeMs);
      zoe.push_back(event.timeMs - beganMs);
    } else if (event.key > "u00000008" && value->get("event").isString() &&
               (value->get("event").asString() == "add_to_cart" ||
                value->get("event").asString() == "purchase")) {
      EXPECT_GE(event.timeMs, beganMs + 37 * kMinuteMs);
      hasOthers = true;
    }
  }
  EXPECT_EQ(zoe,
            (std::vector<TimeMs>{35 * kMinuteMs, 35 * kMinuteMs + 6000, 35 * kMinuteMs + 12000}));
  EXPECT_TRUE(hasOthers);
}

TEST_F(EventsGenerate, PeopleBuyWhatLiesInTheirBasket) {
  record::JsonReader reader;
  std::map<std::string, std::vector<std::string>> baskets;
  std::set<std::string> ids;
  int purchases = 0;
  const auto events = read(60'000).events;
  for (const Polled::Event& event : events) {
    const auto value = reader.read(event.bytes, m_arena);
    if (!value || event.timeMs < kStartedMs) continue;
    const record::Value name = value->get("event");
    const record::Value properties = value->get("properties");
    EXPECT_TRUE(ids.emplace(value->get("messageId").asString()).second);
    auto& basket = baskets[std::string(event.key)];
    if (name == record::Value(std::string_view("add_to_cart"))) {
      basket.emplace_back(properties.get("product_id").asString());
    } else if (name == record::Value(std::string_view("purchase"))) {
      const auto products = properties.get("products").asArray();
      // Baskets that were left in an earlier visit may lie below.
      ASSERT_GE(basket.size(), products.size());
      double total = 0;
      for (std::size_t i = 0; i < products.size(); ++i) {
        EXPECT_EQ(basket[basket.size() - products.size() + i],
                  products[i].get("product_id").asString());
        total += products[i].get("price").number() * products[i].get("quantity").number();
      }
      EXPECT_NEAR(total, properties.get("total").number(), 0.001);
      basket.clear();
      ++purchases;
    }
  }
  EXPECT_GT(purchases, 2000);
}

TEST_F(EventsGenerate, BurstsAndForgetsTheCurrencyOnTime) {
  m_context.now = kStartedMs + 60 * 60 * 1000 * 2;
  std::map<std::int64_t, int> bySecond;
  std::map<std::int64_t, int> lacking;
  record::JsonReader reader;
  for (const Polled::Event& event : read(1'000'000).events) {
    if (event.timeMs < kStartedMs) continue;
    const std::int64_t second = (event.timeMs - kStartedMs) / 60'000;
    ++bySecond[second];
    const auto value = reader.read(event.bytes, m_arena);
    if (!value || !value->get("event").isString()) continue;
    const std::string_view name = value->get("event").asString();
    if (name != "add_to_cart" && name != "purchase") continue;
    if (value->get("properties").get("currency").isNil()) ++lacking[second];
  }
  const auto sum = [](std::map<std::int64_t, int>& counts, int from, int to) {
    int total = 0;
    for (int second = from; second < to; ++second) total += counts[second];
    return total;
  };
  EXPECT_NEAR(sum(bySecond, 0, 30) / 30.0, 40 * 1.25, 12);
  EXPECT_NEAR(sum(bySecond, 30, 38) / 8.0, 40 * 4.1, 12);
  EXPECT_NEAR(sum(lacking, 40, 50) / static_cast<double>(sum(bySecond, 40, 50)), 0.08, 0.04);
  EXPECT_EQ(sum(lacking, 0, 40) + sum(lacking, 50, 110), 0);
}

TEST_F(EventsGenerate, SaysWhatIsWrongWithItsFiles) {
  m_build.files["shop/opening.json"] = R"([{"at": "1 min", "person": "nobody", "event": "x"}])";
  for (const stage::NodeType& type : nodes::allNodes()) {
    if (type.spec.id != "events.generate") continue;
    const auto source = type.makeSource(
        spec::Config(type.spec,
                     record::OwnedValue::fromJson(type.spec.examples[0].settingsJson)
                         .value()
                         .with("script", record::Value(std::string_view("shop/opening.json")))),
        m_build);
    ASSERT_FALSE(source.ok());
    EXPECT_EQ(source.error().where, "script");
    EXPECT_NE(source.error().message.find("event 1"), std::string::npos);
  }
}

}  // namespace
}  // namespace freshet
