// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/text.h"
#include "core/record/json.h"
#include "core/runtime/runtime.h"
#include "tests/support/world_driver.h"

namespace freshet::testing {
namespace {

namespace fs = std::filesystem;
using record::Member;
using record::Value;

std::string textOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::span<const Member> membersOf(const Value& object) {
  return object.isObject() ? object.asObject() : std::span<const Member>();
}

std::span<const Value> itemsOf(const Value& array) {
  return array.isArray() ? array.asArray() : std::span<const Value>();
}

/// Every member of `expected` is in `actual`, and so within objects.
bool holds(const Value& actual, const Value& expected) {
  if (!expected.isObject()) return actual == expected;
  return std::ranges::all_of(expected.asObject(), [&](const Member& member) {
    return holds(actual.get(member.key), member.value);
  });
}

/// A whole pipeline in one file: nodes, edges, files, events in, what arrives where.
class PipelineCase : public ::testing::Test {
 public:
  /// `batchSize` 0: through the runtime, with `lanes`.
  PipelineCase(fs::path file, std::size_t batchSize, int lanes)
      : m_file(std::move(file)), m_batchSize(batchSize), m_lanes(lanes) {}

  void TestBody() override {
    auto content = record::OwnedValue::fromJson(textOf(m_file));
    ASSERT_TRUE(content.ok()) << content.error().text();
    m_content = *content;
    std::string pattern = (fs::temp_directory_path() / "freshet-case-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
    for (const Member& file : membersOf(m_content->get("files"))) {
      const fs::path path = m_folder / std::string(file.key);
      fs::create_directories(path.parent_path());
      std::ofstream(path) << (file.value.isString() ? std::string(file.value.asString())
                                                    : record::toJson(file.value));
    }
    readEvents();
    const auto types = makeTestTypes(m_world);
    auto project = pipeline::readProject(m_folder.string(), "case.pipeline.json",
                                         record::toJson(m_content->get("pipeline")), "");
    ASSERT_TRUE(project.ok()) << project.error().text();
    auto topology = runtime::Topology::compile(*project, *types, pipeline::lookUpInEnvironment);
    ASSERT_TRUE(topology.ok()) << topology.error().text();
    if (m_batchSize > 0) {
      driveByHand(*topology, *types);
    } else {
      runThrough(*topology, *types);
    }
    m_outcome.finish();
    compare();
    fs::remove_all(m_folder);
  }

 private:
  void readEvents() {
    for (const Value& from : itemsOf(m_content->get("events"))) {
      TestEvent event;
      const Value bytes = from.get("bytes");
      const Value size = from.get("size");
      event.bytes =
          bytes.isString() ? std::string(bytes.asString()) : record::toJson(from.get("event"));
      if (size.isInt()) event.bytes.resize(static_cast<std::size_t>(size.asInt()), ' ');
      if (from.get("key").isString()) event.key = from.get("key").asString();
      event.partition = static_cast<std::int32_t>(from.get("partition").asInt());
      event.timeMs = parseIsoTime(from.get("time").asString()).value_or(0);
      m_world.events.push_back(std::move(event));
    }
  }

  void driveByHand(const std::shared_ptr<const runtime::Topology>& topology,
                   const stage::TypeLookup& types) {
    WorldDriver driver(topology, types);
    const Status opened = driver.open();
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    for (std::size_t from = 0; from < m_world.events.size();
         from += std::min(m_batchSize, m_world.events.size())) {
      const Status done = driver.process(m_world, from, m_batchSize);
      ASSERT_TRUE(done.ok()) << done.error().text();
    }
    for (const Member& profile : membersOf(m_content->get("expect").get("profiles")))
      m_profiles[std::string(profile.key)] = driver.profile("people", std::string(profile.key));
    m_outcome = driver.outcome();
    m_counts = runtime::countsJson(m_outcome.counts);
  }

  void runThrough(const std::shared_ptr<const runtime::Topology>& topology,
                  const stage::TypeLookup& types) {
    runtime::RunSettings settings;
    settings.isMaxSpeed = true;
    settings.lanes = m_lanes;
    runtime::Runtime runtime(topology, types, {}, settings);
    runtime.start();
    runtime.wait();
    ASSERT_EQ(runtime.phase(), runtime::Phase::Finished) << runtime.error()->text();
    m_outcome.sinks = m_world.sinks;
    for (const runtime::StoredDead& dead : runtime.deadLetters(100, 0)) {
      record::Origin origin;
      origin.bytes = dead.bytes;
      origin.partition = dead.partition;
      origin.offset = dead.offset;
      record::Record record{&origin, {}};
      m_outcome.dead.push_back(
          runtime::deadJson(dead.node, {0, &record, dead.code, dead.message, dead.pointer}));
    }
    const metrics::MetricsSnapshot total = runtime.snapshot();
    m_counts = runtime::countsJson(
        {total.in, total.out, total.filtered, total.dead, total.emitted, total.errors, 0});
    for (const Member& profile : membersOf(m_content->get("expect").get("profiles"))) {
      const auto stored = runtime.profile("people", profile.key);
      ASSERT_TRUE(stored.ok());
      m_profiles[std::string(profile.key)] = record::toJson(**stored);
    }
  }

  void same(const std::string& what, const std::string& actual, const Value& expected) {
    const auto value = record::OwnedValue::fromJson(actual);
    ASSERT_TRUE(value.ok()) << actual;
    EXPECT_TRUE(holds(**value, expected))
        << what << ": " << actual << "\ninstead of " << record::toJson(expected);
  }

  void sameAll(const std::string& what, const std::vector<std::string>& actual,
               std::span<const Value> expected) {
    std::string all;
    for (const std::string& one : actual) all += "\n  " + one;
    ASSERT_EQ(actual.size(), expected.size()) << what << all;
    for (std::size_t i = 0; i < actual.size(); ++i) same(what, actual[i], expected[i]);
  }

  void compare() {
    const Value expected = m_content->get("expect");
    for (const Member& sink : membersOf(expected.get("sinks"))) {
      sameAll(std::string(sink.key), m_outcome.sinks[std::string(sink.key)], itemsOf(sink.value));
    }
    for (const auto& [sink, records] : m_outcome.sinks)
      EXPECT_TRUE(records.empty() || expected.get("sinks").find(sink)) << "arrived at " << sink;
    sameAll("dead letters", m_outcome.dead, itemsOf(expected.get("dead")));
    same("counts", m_counts, expected.get("counts"));
    for (const Member& profile : membersOf(expected.get("profiles")))
      same("profile", m_profiles[std::string(profile.key)], profile.value);
  }

  fs::path m_file;
  std::size_t m_batchSize;
  int m_lanes;
  fs::path m_folder;
  record::OwnedValue m_content;
  TestWorld m_world;
  runtime::Outcome m_outcome;
  std::string m_counts;
  std::map<std::string, std::string> m_profiles;
};

}  // namespace
}  // namespace freshet::testing

int main(int argc, char** argv) {
  using freshet::testing::PipelineCase;
  ::testing::InitGoogleTest(&argc, argv);
  struct Form {
    const char* name;
    std::size_t batchSize;
    int lanes;
  };
  static constexpr Form kForms[] = {{"at_once", SIZE_MAX / 2, 1},
                                    {"one_by_one", 1, 1},
                                    {"thousand", 1000, 1},
                                    {"one_lane", 0, 1},
                                    {"four_lanes", 0, 4}};
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(FRESHET_CASES)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".case.json")) continue;
    ++cases;
    for (const Form& form : kForms) {
      ::testing::RegisterTest(name.substr(0, name.find('.')).c_str(), form.name, nullptr, nullptr,
                              __FILE__, __LINE__, [file = entry.path(), form]() -> PipelineCase* {
                                return new PipelineCase(file, form.batchSize, form.lanes);
                              });
    }
  }
  return cases > 0 ? RUN_ALL_TESTS() : 1;
}
