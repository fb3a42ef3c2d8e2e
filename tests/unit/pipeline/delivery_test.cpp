// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/delivery.h"

#include <gtest/gtest.h>

#include <map>

#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

using spec::DeliveryClass;
using spec::field;
using spec::FieldType;

spec::NodeSpec node(std::string id, DeliveryClass delivery, bool isSource, bool hasConnection) {
  spec::NodeSpec made;
  made.id = std::move(id);
  made.title = made.id;
  made.delivery = delivery;
  made.hasInput = !isSource;
  made.family = isSource ? spec::Family::Source : spec::Family::Sink;
  if (isSource) made.outputs = {{"out", "Out"}};
  if (hasConnection)
    made.fields.push_back(field("connection", FieldType::Connection, "Connection", "Which."));
  return made;
}

spec::SpecCatalog catalog() {
  spec::SpecCatalog made;
  spec::NodeSpec stream = node("stream", DeliveryClass::Transactional, true, true);
  stream.fields.push_back(field("delivery", FieldType::Choice, "Delivery", "How.")
                              .orElse("\"auto\"")
                              .oneOf({"auto", "exactly-once", "at-least-once"}));
  made.add(std::move(stream));
  made.add(node("files", DeliveryClass::None, true, false));
  made.add(node("to-stream", DeliveryClass::Transactional, false, true));
  made.add(node("outbox", DeliveryClass::Transactional, false, false));
  made.add(node("upsert", DeliveryClass::Idempotent, false, true));
  made.add(node("post", DeliveryClass::AtLeastOnce, false, true));
  spec::NodeSpec pass = node("pass", DeliveryClass::None, false, false);
  pass.outputs = {{"out", "Out"}};
  made.add(std::move(pass));
  return made;
}

/// Nodes as "id type {settings}", wires as they are.
Delivery weigh(const std::string& nodes, const std::string& edges) {
  const auto project =
      readProject("/nowhere", "p.pipeline.json",
                  R"({"formatVersion": 1, "name": "p", "connections": {}, "nodes": [)" + nodes +
                      R"(], "edges": [)" + edges + "]}",
                  "");
  EXPECT_TRUE(project.ok()) << project.error().text();
  return deliveryOf(project->pipeline, catalog());
}

std::string named(const std::string& id, const std::string& type, const std::string& settings) {
  return R"({"id": ")" + id + R"(", "type": ")" + type + R"(", "settings": {)" + settings + "}}";
}

const std::string kIn = named("in", "stream", R"("connection": "k")");
const std::string kOut = named("out", "to-stream", R"("connection": "k")");

TEST(Delivery, sameConnectionIsExactlyOnce) {
  const Delivery delivery =
      weigh(kIn + "," + named("p", "pass", "") + "," + kOut, R"("in -> p", "p -> out")");
  EXPECT_TRUE(delivery.isTransactional);
  EXPECT_EQ(delivery.source, "in");
  ASSERT_EQ(delivery.edges.size(), 2u);
  for (const auto& edge : delivery.edges) EXPECT_EQ(edge.guarantee, Guarantee::ExactlyOnce);
}

TEST(Delivery, theWeakestSinkDecidesWhatLeadsToIt) {
  const Delivery delivery = weigh(kIn + "," + named("p", "pass", "") + "," + kOut + "," +
                                      named("db", "upsert", R"("connection": "d")") + "," +
                                      named("far", "to-stream", R"("connection": "other")"),
                                  R"("in -> p", "p -> out", "p -> db", "in -> far")");
  std::map<std::string, Guarantee> by;
  for (const auto& edge : delivery.edges) by[edge.edge] = edge.guarantee;
  EXPECT_EQ(by["in -> p"], Guarantee::EffectivelyOnce);
  EXPECT_EQ(by["p -> out"], Guarantee::ExactlyOnce);
  EXPECT_EQ(by["p -> db"], Guarantee::EffectivelyOnce);
  EXPECT_EQ(by["in -> far"], Guarantee::AtLeastOnce);
  EXPECT_TRUE(delivery.refusal.empty());
}

TEST(Delivery, theOutboxIsAsGoodAsThePositions) {
  const std::string outbox = named("mails", "outbox", "");
  EXPECT_EQ(weigh(kIn + "," + outbox, R"("in -> mails")").edges.at(0).guarantee,
            Guarantee::ExactlyOnce);
  EXPECT_EQ(weigh(named("f", "files", "") + "," + outbox, R"("f -> mails")").edges.at(0).guarantee,
            Guarantee::ExactlyOnce);
  const auto apart = weigh(
      named("in", "stream", R"("connection": "k", "delivery": "at-least-once")") + "," + outbox,
      R"("in -> mails")");
  EXPECT_FALSE(apart.isTransactional);
  EXPECT_EQ(apart.edges.at(0).guarantee, Guarantee::AtLeastOnce);
  EXPECT_EQ(apart.edges.at(0).why, "in is set to at-least-once");
}

TEST(Delivery, twoSourcesShareNoTransaction) {
  const auto delivery =
      weigh(kIn + "," + named("f", "files", "") + "," + kOut, R"("in -> out", "f -> out")");
  EXPECT_FALSE(delivery.isTransactional);
  EXPECT_EQ(delivery.edges.at(0).guarantee, Guarantee::AtLeastOnce);
  EXPECT_TRUE(delivery.refusal.empty());
}

TEST(Delivery, aPromiseThatCannotBeKeptIsRefused) {
  const std::string promised =
      named("in", "stream", R"("connection": "k", "delivery": "exactly-once")");
  EXPECT_TRUE(weigh(promised + "," + kOut, R"("in -> out")").refusal.empty());
  EXPECT_EQ(weigh(promised + "," + named("hook", "post", R"("connection": "h")"), R"("in -> hook")")
                .refusal,
            "hook cannot take back what it has sent");
  EXPECT_NE(
      weigh(promised + "," + named("f", "files", "") + "," + kOut, R"("in -> out", "f -> out")")
          .refusal.find("beside in"),
      std::string::npos);
}

}  // namespace
}  // namespace freshet::pipeline
