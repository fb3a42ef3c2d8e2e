// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/pipeline/project.h"
#include "tests/unit/pipeline/catalog.h"
#include "tests/unit/pipeline/temporary_folder.h"

namespace freshet::pipeline {
namespace {

constexpr std::string_view kPipeline = R"({"name":"x",
  "connections":{"people":{"type":"embedded"},"other":{"type":"embedded"}},
  "nodes":[
  {"id":"s","type":"made.source","title":"Shop","settings":{"rate":5,"every":"2 s"}},
  {"id":"l","type":"look.up","settings":{"connection":"people","key":"k","set":{"a":1}}},
  {"id":"e","type":"made.sink"}],
  "edges":["s -> l","l -> e"]})";

class Overlay : public testing::Test {
 protected:
  Result<Project> with(std::string_view overlay) {
    folder.write("env/test.json", overlay);
    return withOverlay(readProject(folder.path(), "x.pipeline.json", kPipeline, {}).value(),
                       "test");
  }
  std::string settingsOf(const Result<Project>& project, std::string_view id) {
    return project ? record::toJson(*project->pipeline.find(id)->settings) : project.error().text();
  }
  TemporaryFolder folder;
};

TEST_F(Overlay, ReplacesConnectionsAndNodes) {
  const auto project = with(R"({ "connections": { "people": { "type": "redis", "url": "u" } },
  "nodes": { "s": { "type": "file.source",
                    "settings": { "path": "a" } },
             "l": { "settings": { "key": "other", "set": null } } } })");
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_EQ(record::toJson(*project->pipeline.connections),
            R"({"people":{"type":"redis","url":"u"},"other":{"type":"embedded"}})");
  EXPECT_EQ(project->pipeline.find("s")->type, "file.source");
  EXPECT_EQ(project->pipeline.find("s")->title, "Shop");
  EXPECT_EQ(settingsOf(project, "s"), R"({"path":"a"})");
  EXPECT_EQ(settingsOf(project, "l"), R"({"connection":"people","key":"other"})");
  const Places::Place* place = project->places.find("s/path");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->file, "env/test.json");
  EXPECT_EQ(place->line, 3);
  EXPECT_EQ(place->column, 35);
  EXPECT_EQ(project->places.find("l/connection")->file, "");
}

TEST_F(Overlay, ANullTypeLeavesTheNodeOut) {
  const auto project = with(R"({ "nodes": { "l": { "type": null } } })");
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_FALSE(project->pipeline.find("l"));
  EXPECT_TRUE(project->pipeline.edges.empty());
}

TEST_F(Overlay, FaultsNameTheirPlace) {
  EXPECT_EQ(with("{ \"nodes\": { \"ss\": {} } }").error().text(),
            "env/test.json:1:14: E-1007 this pipeline has no step \"ss\"; did you mean s?");
  EXPECT_EQ(with("{ \"nodes\": [] }").error().where, "env/test.json:1:12");
  EXPECT_EQ(with("{ \"nodes\": {").error().code, "E-1001");
  EXPECT_EQ(with("{ \"formatVersion\": 9 }").error().code, "E-1003");
  const auto project = readProject(folder.path(), "x.pipeline.json", kPipeline, {}).value();
  EXPECT_EQ(withOverlay(project, "tesst").error().message,
            "there is no environment \"tesst\" (looked for env/tesst.json); did you mean test?");
  EXPECT_FALSE(withOverlay(project, "../../secret"));
}

TEST(Setting, TakesJsonOrTextAndDottedPaths) {
  const auto project = readProject("/p", "x.pipeline.json", kPipeline, {}).value();
  const auto set = [&](std::string_view assignment, std::string_view id) {
    const auto changed = withSetting(project, assignment);
    return changed ? record::toJson(*changed->pipeline.find(id)->settings)
                   : changed.error().message;
  };
  EXPECT_EQ(set("s.rate=60", "s"), R"({"rate":60,"every":"2 s"})");
  EXPECT_EQ(set("s.every=3 min", "s"), R"({"rate":5,"every":"3 min"})");
  EXPECT_EQ(set("s.rate=null", "s"), R"({"every":"2 s"})");
  EXPECT_EQ(set("l.set.b=\"7\"", "l"),
            R"({"connection":"people","key":"k","set":{"a":1,"b":"7"}})");
  EXPECT_EQ(set("s.people=a=b", "s"), R"({"rate":5,"every":"2 s","people":"a=b"})");
  EXPECT_EQ(set("x.rate=1", "s"), "there is no step \"x\"; did you mean s?");
  EXPECT_EQ(set("rate", "s"), "a setting is written node.field=value, not rate");
  const auto url = withSetting(project, "connections.people.url=redis://h");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->pipeline.connections->get("people").get("url").asString(), "redis://h");
}

TEST(References, ResolveInStringLeavesOnly) {
  const Lookup lookup = [](std::string_view kind, std::string_view name) -> const char* {
    if (kind == "secret") return name == "TOKEN" ? "s3cret" : nullptr;
    return name == "HOST" ? "h:1" : name == "EMPTY" ? "" : nullptr;
  };
  const auto resolve = [&](std::string_view json) {
    const auto resolved = resolveReferences(*record::OwnedValue::fromJson(json).value(), lookup);
    return resolved ? record::toJson(**resolved) : resolved.error().text();
  };
  EXPECT_EQ(resolve(R"({"${env:HOST}":"a ${env:HOST}, ${env:HOST}","n":[1,"${secret:TOKEN}"]})"),
            R"({"${env:HOST}":"a h:1, h:1","n":[1,"s3cret"]})");
  EXPECT_EQ(resolve(R"(["${env:NONE:-${env:HOST}","${env:EMPTY:-x}","${env:EMPTY}"])"),
            R"(["${env:HOST","x",""])");
  EXPECT_EQ(resolve(R"(["${HOST} ${env:} ${file:x} $ {env:HOST} ${env:HOST"])"),
            R"(["${HOST} ${env:} ${file:x} $ {env:HOST} ${env:HOST"])");
  EXPECT_EQ(resolve(R"({"a":{"b":["${env:NONE}"]}})"),
            "a/b/0: E-1010 the environment variable NONE is not set; set it, or write "
            "${env:NONE:-default}");
  EXPECT_EQ(resolve(R"({"a":"${secret:X}"})"),
            "a: E-1010 the secret X is not set; set FRESHET_SECRET_X");
}

}  // namespace
}  // namespace freshet::pipeline
