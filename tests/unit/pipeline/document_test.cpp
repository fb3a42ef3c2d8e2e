// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/pipeline/files.h"
#include "core/pipeline/project.h"
#include "tests/unit/pipeline/catalog.h"

namespace freshet::pipeline {
namespace {

constexpr std::string_view kFile = "a.pipeline.json";

Error errorOf(std::string_view text) {
  const auto read = readProject("/p", kFile, text, {});
  return read ? Error{} : read.error();
}

std::string formatted(std::string_view text) {
  const auto read = readProject("/p", kFile, text, {});
  EXPECT_TRUE(read) << read.error().text();
  return canonicalText(read->pipeline, makeCatalog());
}

TEST(Document, SyntaxErrorsNameLineColumnAndCause) {
  const struct {
    std::string_view text, where, words;
  } cases[] = {
      {"{\n  \"name\": \"a\"\n  \"nodes\": []\n}", "a.pipeline.json:3:3",
       "a comma or a } is missing"},
      {"{\n  \"name\": \"a\",\n}", "a.pipeline.json:3:1", "a comma too many"},
      {"{ \"nodes\": [1,] }", "a.pipeline.json:1:15", "a comma too many"},
      {"{ \"name\": 'a' }", "a.pipeline.json:1:11", "double quotes"},
      {"{ \"name\": \"a }\n", "a.pipeline.json:1:11", "never ends"},
      {"{ \"Zo\xC3\xAB\": nul }", "a.pipeline.json:1:10", "no value"},
      {"{} {}", "a.pipeline.json:1:4", "something follows"},
      {"", "a.pipeline.json:1:1", "the file ends"},
      {"{ \"name\": \"\xFF\" }", "a.pipeline.json:1:12", "no UTF-8"},
      {"{ \"name\": \"\\x\" }", "a.pipeline.json:1:12", "no such escape"},
      {"{ \"x\": 01 }", "a.pipeline.json:1:8", "leading zero"},
      {"{ \"x\": 1, \"x\": 2 }", "a.pipeline.json:1:11", "twice"},
  };
  for (const auto& each : cases) {
    const Error error = errorOf(each.text);
    EXPECT_EQ(error.code, "E-1001") << each.text;
    EXPECT_EQ(error.where, each.where) << each.text;
    EXPECT_NE(error.message.find(each.words), std::string::npos) << error.message;
  }
}

TEST(Document, DeepNestingIsRefusedAndEndsQuickly) {
  EXPECT_EQ(errorOf(std::string(100000, '[')).code, "E-1001");
}

TEST(Document, WrongShapesAreRefusedWhereTheyStand) {
  const struct {
    std::string_view text, code, where;
  } cases[] = {
      {"[]", "E-1004", "a.pipeline.json:1:1"},
      {"{ \"formatVersion\": 2 }", "E-1003", "a.pipeline.json:1:20"},
      {"{ \"formatVersion\": \"1\" }", "E-1004", "a.pipeline.json:1:20"},
      {"{ \"nodes\": {} }", "E-1004", "a.pipeline.json:1:12"},
      {"{ \"nodes\": [ 7 ] }", "E-1004", "a.pipeline.json:1:14"},
      {"{ \"nodes\": [ { \"id\": 7 } ] }", "E-1004", "a.pipeline.json:1:22"},
      {"{ \"nodes\": [ { \"id\": \"a\", \"settings\": [] } ] }", "E-1004", "a.pipeline.json:1:39"},
      {"{ \"edges\": [\n \"a => b\" ] }", "E-1005", "a.pipeline.json:2:2"},
      {"{ \"edges\": [ \"a. -> b\" ] }", "E-1005", "a.pipeline.json:1:14"},
      {"{ \"edges\": [ \"a -> b -> c\" ] }", "E-1005", "a.pipeline.json:1:14"},
  };
  for (const auto& each : cases) {
    const Error error = errorOf(each.text);
    EXPECT_EQ(error.code, each.code) << each.text << "\n" << error.text();
    EXPECT_EQ(error.where, each.where) << each.text << "\n" << error.text();
  }
}

TEST(Document, PlacesAreThoseOfKeysAndValues) {
  const auto read = readProject("/p", kFile,
                                "{\n"
                                "  \"connections\": { \"people\": { \"type\": \"embedded\" } },\n"
                                "  \"nodes\": [\n"
                                "    { \"id\": \"b\", \"type\": \"branch\",\n"
                                "      \"settings\": { \"c\\u0061ses\": [ { \"when\": \"x\" } ],\n"
                                "        \"n\": 7 } }\n"
                                "  ],\n"
                                "  \"edges\": [ \"a.x  ->  b\" ]\n"
                                "}",
                                {});
  ASSERT_TRUE(read) << read.error().text();
  const auto at = [&](std::string_view key) {
    const Places::Place* place = read->places.find(key);
    return place ? std::to_string(place->line) + ':' + std::to_string(place->column) + ' ' +
                       std::to_string(place->valueLine) + ':' + std::to_string(place->valueColumn)
                 : "none";
  };
  EXPECT_EQ(at("b"), "4:7 4:13");
  EXPECT_EQ(at("b.type"), "4:18 4:26");
  EXPECT_EQ(at("b/n"), "6:9 6:14");
  EXPECT_EQ(at("b/n/deeper"), "6:9 6:14");
  EXPECT_EQ(at("b/c\\u0061ses/0/when"), "5:39 5:47");
  EXPECT_EQ(at("edge a.x -> b"), "8:14 8:14");
  EXPECT_EQ(at("connections/people/type"), "2:32 2:40");
  EXPECT_EQ(at("nobody"), "none");
}

TEST(Document, CanonicalTextHasOneFormAndKeepsWhatItDoesNotKnow) {
  const std::string text = formatted(R"({
    "owner": "Ada", "edges": ["s.out -> look", "look.missing->end"],
    "connections": { "people": { "seed": "p.ndjson", "type": "embedded", "file": "people.db" } },
    "nodes": [
      { "settings": { "colour": [1, 2.5, 1e21], "rate": 40.0, "every": "2 s", "people": null },
        "type": "made.source", "id": "s", "zone": { "a": 1 } },
      { "id": "look", "type": "look.up", "title": "Zoë \u0041",
        "settings": { "key": "{{ event.id }}", "connection": "people" } },
      { "id": "end", "type": "made.sink", "settings": { "folder": "out" } },
      { "id": "later", "type": "not.known", "settings": { "z": 1, "a": {}, "b": [] } } ],
    "name": "x" })");
  EXPECT_EQ(text, R"({
  "formatVersion": 1,
  "name": "x",
  "connections": {
    "people": {
      "type": "embedded",
      "seed": "p.ndjson"
    }
  },
  "nodes": [
    {
      "id": "s",
      "type": "made.source",
      "settings": {
        "every": "2 s",
        "colour": [
          1,
          2.5,
          1e+21
        ]
      },
      "zone": {
        "a": 1
      }
    },
    {
      "id": "look",
      "type": "look.up",
      "title": "Zoë A",
      "settings": {
        "connection": "people",
        "key": "{{ event.id }}"
      }
    },
    {
      "id": "end",
      "type": "made.sink"
    },
    {
      "id": "later",
      "type": "not.known",
      "settings": {
        "z": 1,
        "a": {},
        "b": []
      }
    }
  ],
  "edges": [
    "s -> look",
    "look.missing -> end"
  ],
  "owner": "Ada"
}
)");
  EXPECT_EQ(formatted(text), text);
}

TEST(Document, CaseKeysAreOrderedAndTheFirstCaseKeepsItsName) {
  const std::string text = formatted(
      R"({"nodes":[{"id":"b","type":"branch","settings":{"cases":[{"when":"a","x":1,"name":"n"}]}}],
          "edges":["b.n -> c"]})");
  EXPECT_LT(text.find("\"name\": \"n\""), text.find("\"when\""));
  EXPECT_LT(text.find("\"when\""), text.find("\"x\""));
  EXPECT_NE(text.find("b.n -> c"), std::string::npos);
}

TEST(Document, LayoutKeepsUnknownKeysAndReportsItsOwnPlaces) {
  const std::string layout = R"({
  "formatVersion": 1,
  "nodes": {
    "a": {
      "x": 1.5,
      "y": -20,
      "pinned": true
    }
  },
  "groups": [
    {
      "title": "G",
      "members": [
        "a"
      ],
      "isCollapsed": true
    }
  ],
  "notes": [
    {
      "x": 0,
      "y": 0,
      "width": 10,
      "height": 20,
      "text": "hi"
    }
  ],
  "zoom": 0.5
}
)";
  const auto read = readProject("/p", kFile, "{}", layout);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(canonicalText(read->layout), layout);
  const auto bad = readProject("/p", kFile, "{}", "{\n\"nodes\": { \"a\": { \"x\": \"1\" } } }");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().where, "a.layout.json:2:24");
}

TEST(Document, TheExampleIsCanonical) {
  const std::string folder = FRESHET_SOURCE "/resources/examples/abandoned-basket";
  const auto project = loadProject(folder);
  ASSERT_TRUE(project) << project.error().text();
  EXPECT_EQ(project->pipelineFile, "abandoned-basket.pipeline.json");
  const spec::SpecCatalog none;
  EXPECT_EQ(canonicalText(project->pipeline, none),
            *readFile(folder + "/abandoned-basket.pipeline.json"));
  EXPECT_EQ(canonicalText(project->layout), *readFile(folder + "/abandoned-basket.layout.json"));
}

TEST(Document, AFolderWithoutOrWithSeveralPipelinesSaysSo) {
  EXPECT_EQ(loadProject(FRESHET_SOURCE "/core").error().code, "E-1002");
  EXPECT_EQ(loadProject("/nowhere/at/all").error().code, "E-1002");
}

TEST(Document, FlowOrderFollowsTheEdgesAndTheFile) {
  const auto read = readProject("/p", kFile, R"({"nodes":[{"id":"c"},{"id":"a"},{"id":"b"}],
      "edges":["a -> b","b -> c","a -> c","a -> gone"]})",
                                {});
  ASSERT_TRUE(read);
  EXPECT_EQ(flowOrder(read->pipeline), (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_TRUE(findLoop(read->pipeline).empty());
  Pipeline loop = read->pipeline;
  loop.edges.push_back({"c", "", "b"});
  EXPECT_TRUE(flowOrder(loop).empty());
  EXPECT_EQ(findLoop(loop), (std::vector<std::string>{"c", "b", "c"}));
}

}  // namespace
}  // namespace freshet::pipeline
