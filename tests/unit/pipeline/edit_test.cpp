// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <random>

#include "core/pipeline/graph_edit.h"
#include "tests/unit/pipeline/catalog.h"

namespace freshet::pipeline {
namespace {

constexpr std::string_view kPipeline = R"({"name":"x","nodes":[
  {"id":"s","type":"made.source","settings":{"rate":5,"odd":[1]}},
  {"id":"b","type":"branch","settings":{"cases":[{"name":"yes","when":"true"}]}},
  {"id":"l","type":"look.up","title":"Look","settings":{"connection":"p","key":"k"},"more":1},
  {"id":"e","type":"made.sink"}],
  "edges":["s -> b","b.yes -> l","l -> e","l.missing -> e"]})";
constexpr std::string_view kLayout =
    R"({"nodes":{"s":{"x":0,"y":0},"l":{"x":40,"y":0,"pin":1}},"groups":[{"title":"g","members":["l"]}]})";

Project makeProject() {
  return readProject("/p", "x.pipeline.json", kPipeline, kLayout).value();
}

std::string bytesOf(const Project& project) {
  return canonicalText(project.pipeline, makeCatalog()) + canonicalText(project.layout);
}

TEST(GraphEdit, InsertOnEdgeKeepsPortAndOrder) {
  Project project = makeProject();
  GraphEdit::insertOnEdge(project, {"n", "look.up", {}, {}, {}}, {20, 20}, {"b", "yes", "l"})
      .apply(project);
  EXPECT_EQ(project.pipeline.edges[1].text(), "b.yes -> n");
  EXPECT_EQ(project.pipeline.edges[2].text(), "n -> l");
  EXPECT_EQ(project.pipeline.edges.size(), 5U);
  EXPECT_EQ(project.layout.find("n"), (Point{20, 20}));
}

TEST(GraphEdit, RemoveAndHealConnectsNeighboursOnce) {
  Project project = makeProject();
  GraphEdit::removeAndHeal(project, "l").apply(project);
  std::vector<std::string> edges;
  for (const Edge& edge : project.pipeline.edges) edges.push_back(edge.text());
  EXPECT_EQ(edges, (std::vector<std::string>{"s -> b", "b.yes -> e"}));
  EXPECT_FALSE(project.layout.find("l"));
  EXPECT_TRUE(project.layout.groups.empty());
}

TEST(GraphEdit, TypingAndDraggingMerge) {
  Project project = makeProject();
  const std::string before = bytesOf(project);
  const auto first = GraphEdit::setTitle(project, "l", "A");
  first.apply(project);
  const auto second = GraphEdit::setTitle(project, "l", "Ab");
  ASSERT_TRUE(first.mergesWith(second));
  EXPECT_FALSE(first.mergesWith(GraphEdit::setTitle(project, "s", "A")));
  const auto both = first.mergedWith(second);
  both.apply(project);
  EXPECT_EQ(project.pipeline.find("l")->title, "Ab");
  both.revert(project);
  EXPECT_EQ(bytesOf(project), before);
  EXPECT_TRUE(GraphEdit::moveNodes(project, {{"s", {5, 5}}}).isLayoutOnly());
  EXPECT_FALSE(both.isLayoutOnly());
  EXPECT_EQ(GraphEdit::removeNodes(project, {"s", "l"}).label(), "Delete %1 steps");
  EXPECT_EQ(GraphEdit::removeNodes(project, {"s", "l"}).argument(), "2");
}

GraphEdit anyEdit(const Project& project, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return random() % std::max<std::size_t>(limit, 1); };
  const Pipeline& pipeline = project.pipeline;
  const std::string id =
      pipeline.nodes.empty() ? "none" : pipeline.nodes[below(pipeline.nodes.size())].id;
  const Point at{static_cast<double>(below(500)), static_cast<double>(below(500)) / 2};
  const Node fresh{freeId(pipeline, "New Step"), "look.up", {}, {}, {}};
  const Edge edge =
      pipeline.edges.empty() ? Edge{"s", "", "e"} : pipeline.edges[below(pipeline.edges.size())];
  switch (below(9)) {
    case 0:
      return GraphEdit::removeNodes(project, {id});
    case 1:
      return GraphEdit::removeAndHeal(project, id);
    case 2:
      return GraphEdit::addEdge(project, {id, "", fresh.id});
    case 3:
      return GraphEdit::removeEdge(project, edge);
    case 4:
      return GraphEdit::insertOnEdge(project, fresh, at, edge);
    case 5:
      return GraphEdit::setSetting(project, id, "rate",
                                   below(2) ? record::Value(std::int64_t{7}) : record::Value());
    case 6:
      return GraphEdit::setTitle(project, id, below(2) ? "Title" : "");
    case 7:
      return GraphEdit::moveNodes(project, {{id, at}});
    default:
      return GraphEdit::addNode(project, fresh, at);
  }
}

TEST(GraphEdit, UndoingAnyScriptIsByteIdentical) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    Project project = makeProject();
    std::vector<GraphEdit> done;
    std::vector<std::string> states{bytesOf(project)};
    for (int step = 0; step < 30; ++step) {
      done.push_back(anyEdit(project, random));
      done.back().apply(project);
      states.push_back(bytesOf(project));
    }
    for (std::size_t step = done.size(); step-- > 0;) {
      done[step].revert(project);
      ASSERT_EQ(bytesOf(project), states[step]) << "seed " << seed << " step " << step;
    }
    for (std::size_t step = 0; step < done.size(); ++step) done[step].apply(project);
    ASSERT_EQ(bytesOf(project), states.back());
  }
}

TEST(Refusal, SaysWhy) {
  const Project project = makeProject();
  const auto catalog = makeCatalog();
  EXPECT_EQ(refusal(project, catalog, {"s", "", "l"}), "");
  EXPECT_EQ(refusal(project, catalog, {"b", "yes", "e"}), "");
  EXPECT_EQ(refusal(project, catalog, {"b", "error", "e"}), "");
  EXPECT_EQ(refusal(project, catalog, {"s", "out", "b"}), "These two are connected already");
  EXPECT_EQ(refusal(project, catalog, {"l", "found", "b"}), "This would close a loop: b, l, b");
  EXPECT_EQ(refusal(project, catalog, {"l", "", "l"}), "This would close a loop: l, l");
  EXPECT_EQ(refusal(project, catalog, {"l", "", "s"}), "Made is a source: nothing can lead to it");
  EXPECT_EQ(refusal(project, catalog, {"e", "", "l"}), "Sink is an end: nothing comes out of it");
  EXPECT_EQ(refusal(project, catalog, {"l", "nope", "e"}), "Look has no output nope");
  EXPECT_EQ(refusal(project, catalog, {"l", "", "gone"}), "There is no step gone");
}

TEST(FreeId, ComesFromTheTitle) {
  Pipeline pipeline = makeProject().pipeline;
  EXPECT_EQ(freeId(pipeline, "Basket left?"), "basket-left");
  EXPECT_EQ(freeId(pipeline, "email.render"), "email-render");
  EXPECT_EQ(freeId(pipeline, "ليلى"), "step");
  EXPECT_EQ(freeId(pipeline, "S"), "s-2");
}

}  // namespace
}  // namespace freshet::pipeline
