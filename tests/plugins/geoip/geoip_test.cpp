// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "core/liquid/environment.h"
#include "core/record/json.h"
#include "plugins/geoip/nodes.h"
#include "plugins/geoip/place_database.h"
#include "tests/support/fake_context.h"

namespace freshet::geoip {
namespace {

namespace fs = std::filesystem;

const std::string kPlaces = PLACES_FOLDER "/places.mmdb";

std::string found(PlaceDatabase& database, std::string_view address) {
  Arena arena;
  const auto place = database.find(address, arena);
  EXPECT_TRUE(place) << place.error().text();
  return place ? record::toJson(*place) : "error";
}

TEST(PlaceDatabase, KnowsAddressesOfBothKinds) {
  auto database = PlaceDatabase::open(kPlaces, "en");
  ASSERT_TRUE(database) << database.error().text();
  const std::string city =
      R"({"country":"NL","countryName":"Netherlands","isInEu":true,"continent":"EU",)"
      R"("region":"North Holland","regionCode":"NH","city":"Duinhaven","postalCode":"1999 ZZ",)"
      R"("latitude":52.5,"longitude":4.625,"accuracyKm":20,"timeZone":"Europe/Amsterdam"})";
  EXPECT_EQ(found(**database, "192.0.2.1"), city);
  EXPECT_EQ(found(**database, "192.0.2.255"), city);
  EXPECT_EQ(found(**database, "::ffff:192.0.2.9"), city);
  EXPECT_EQ(found(**database, "2001:db8:1:ffff::1"), city);
  EXPECT_EQ(found(**database, "2001:db8:3::1"),
            R"({"country":"KE","countryName":"Kenya","continent":"AF"})");
  EXPECT_EQ(found(**database, "203.0.113.7"), R"({"network":"Example Net","networkNumber":64500})");
}

TEST(PlaceDatabase, KnowsNothingOfOthers) {
  auto database = PlaceDatabase::open(kPlaces, "en");
  ASSERT_TRUE(database);
  for (const char* address :
       {"", "10.0.0.1", "127.0.0.1", "198.51.100.128", "203.0.113.8", "::1", "fe80::1",
        "2001:db8:4::", "not an address", "192.0.2.1.5", "192.0.2", "192.0.2.1 ", "fe80::1%eth0"}) {
    EXPECT_EQ(found(**database, address), "null") << address;
  }
  EXPECT_EQ(found(**database, std::string(10'000, '1')), "null");
  auto old = PlaceDatabase::open(PLACES_FOLDER "/places4.mmdb", "en");
  ASSERT_TRUE(old) << old.error().text();
  EXPECT_NE(found(**old, "192.0.2.1"), "null");
  EXPECT_EQ(found(**old, "2001:db8:1::1"), "null");
}

TEST(PlaceDatabase, NamesPlacesInAnotherLanguage) {
  auto database = PlaceDatabase::open(kPlaces, "de");
  ASSERT_TRUE(database);
  Arena arena;
  const auto place = (*database)->find("192.0.2.1", arena);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->get("countryName").asString(), "Niederlande");
  EXPECT_EQ(place->get("city").asString(), "Dünenhafen");
  EXPECT_TRUE(place->get("region").isNil());
}

TEST(PlaceDatabase, KnownPlacesCostNoMemory) {
  auto database = PlaceDatabase::open(kPlaces, "en");
  ASSERT_TRUE(database);
  Arena arena(64);
  (void)(*database)->find("192.0.2.1", arena);
  const std::size_t before = arena.capacityBytes();
  const auto first = (*database)->find("192.0.2.1", arena);
  for (int i = 0; i < 256; ++i) {
    const auto place = (*database)->find("192.0.2." + std::to_string(i), arena);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->asObject().data(), first->asObject().data());
  }
  EXPECT_EQ(arena.capacityBytes(), before);
}

TEST(PlaceDatabase, SurvivesDamage) {
  std::ifstream in(kPlaces, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  const std::string path =
      (fs::temp_directory_path() / ("freshet-geoip-" + std::to_string(::getpid()))).string();
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string bad = good;
    for (int i = 0; i < 8; ++i) bad[random() % bad.size()] = static_cast<char>(random());
    std::ofstream(path, std::ios::binary) << bad;
    auto database = PlaceDatabase::open(path, "en");
    if (!database) continue;
    Arena arena;
    for (const char* address : {"192.0.2.1", "198.51.100.3", "203.0.113.7", "2001:db8:1::1"}) {
      const auto place = (*database)->find(address, arena);
      if (place) (void)record::toJson(*place);
    }
  }
  fs::remove(path);
}

class Locate : public ::testing::Test {
 protected:
  Status start(const std::string& settings) {
    const stage::NodeType type = locateNode();
    auto given = record::OwnedValue::fromJson(settings);
    EXPECT_TRUE(given);
    auto made = type.makeStage(spec::Config(type.spec, *given), m_build);
    if (!made) return made.error();
    m_stage = std::move(*made);
    m_context.slots = m_build.slots;
    m_context.projectDirectory = PLACES_FOLDER;
    return m_stage->open(m_context);
  }

  liquid::TemplateEnvironment m_liquid;
  testing::FakeBuild m_build{&m_liquid};
  testing::FakeContext m_context;
  std::unique_ptr<stage::Stage> m_stage;
};

TEST_F(Locate, AddsThePlaceBesideTheEvent) {
  ASSERT_TRUE(start(R"({"database":"places.mmdb","as":"where"})"));
  Arena arena;
  record::Origin origin;
  const auto slot = m_build.slot("where");
  record::Batch batch{&arena, {}};
  for (const char* json : {R"({"context":{"ip":"192.0.2.77"}})", R"({"context":{"ip":"10.0.0.1"}})",
                           R"({"context":{}})", R"({"context":{"ip":7}})"}) {
    auto sections = arena.array<record::Value>(m_build.slots.size());
    sections[record::kEventSlot] = *record::parseJson(json, arena);
    batch.records.push_back(arena.make<record::Record>(&origin, sections));
  }
  stage::Output out(arena, 2);
  ASSERT_TRUE(m_stage->process(batch, out));
  ASSERT_EQ(out.ports()[0].size(), 1U);
  EXPECT_EQ(out.ports()[0][0]->sections[slot].get("city").asString(), "Duinhaven");
  ASSERT_EQ(out.ports()[1].size(), 3U);
  for (const record::Record* record : out.ports()[1]) EXPECT_TRUE(record->sections[slot].isNil());
  EXPECT_TRUE(out.failures().empty());
}

TEST_F(Locate, NamesADatabaseThatCannotBeOpened) {
  const auto missing = start(R"({"database":"none.mmdb"})");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "E-3501");
  EXPECT_NE(missing.error().message.find("none.mmdb cannot be opened: No such file"),
            std::string::npos)
      << missing.error().message;
  const auto other = start(R"({"database":"CMakeFiles"})");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, "E-3501");
}

}  // namespace
}  // namespace freshet::geoip
