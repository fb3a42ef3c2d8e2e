// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/nodes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/liquid/environment.h"
#include "core/record/json.h"
#include "tests/support/fake_context.h"

namespace freshet::file {
namespace {

namespace fs = std::filesystem;

class NoListener final : public stage::PartitionListener {
 public:
  void onAssigned(std::span<const std::int32_t>) override {}
  void onRevoked(std::span<const std::int32_t>, bool) override {}
};

class Nodes : public ::testing::Test {
 protected:
  Nodes() {
    std::string name = (fs::temp_directory_path() / "freshet-nodes-XXXXXX").string();
    m_folder = mkdtemp(name.data());
    m_context.projectDirectory = m_folder.string();
  }
  ~Nodes() override { fs::remove_all(m_folder); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(m_folder / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(m_folder / name, std::ios::binary).rdbuf();
    return text.str();
  }
  static spec::Config config(const stage::NodeType& type, const std::string& settings) {
    auto given = record::OwnedValue::fromJson(settings);
    EXPECT_TRUE(given);
    return {type.spec, *given};
  }

  std::unique_ptr<stage::SourceReader> reader(const std::string& settings, std::int64_t from = 0) {
    const stage::NodeType type = sourceNode();
    auto made = type.makeSource(config(type, settings), m_build);
    EXPECT_TRUE(made) << made.error().text();
    m_source = std::move(*made);
    m_context.slots = m_build.slots;
    EXPECT_EQ(*m_source->partitions(m_context), 1);
    auto reader = m_source->reader(0, 1);
    const stage::Position position{0, from};
    EXPECT_TRUE(reader->open(m_context, {&position, 1}, m_listener));
    return reader;
  }
  /// "offset:key:bytes" of everything up to the end.
  static std::vector<std::string> all(stage::SourceReader& reader, std::size_t most = 1000) {
    std::vector<std::string> out;
    while (true) {
      Arena arena;
      auto polled = reader.poll(arena, most, 0);
      EXPECT_TRUE(polled) << polled.error().text();
      if (!polled || polled->isEnded || polled->events.empty()) return out;
      for (const auto& event : polled->events) {
        out.push_back(std::to_string(event.offset) + ':' + std::string(event.key) + ':' +
                      std::string(event.bytes));
      }
    }
  }
  std::unique_ptr<stage::OutboxSink> sink(const std::string& settings) {
    const stage::NodeType type = sinkNode();
    auto made = type.makeOutboxSink(config(type, settings), m_build);
    EXPECT_TRUE(made) << made.error().text();
    return std::move(*made);
  }
  /// What the sink makes of an event with a section "score", or the code it fails with.
  std::string composed(stage::OutboxSink& sink, const std::string& event) {
    Arena arena;
    record::Origin origin;
    origin.bytes = event;
    auto sections = arena.array<record::Value>(m_build.slots.size() + 1);
    sections[record::kEventSlot] = *record::parseJson(event, arena);
    sections[m_build.slot("score")] = *record::parseJson(R"({"value":4.5})", arena);
    const record::Record record{&origin, sections};
    std::string id, body;
    stage::Failure failure;
    return sink.compose(record, id, body, failure) ? body : std::string(failure.code);
  }

  fs::path m_folder;
  liquid::TemplateEnvironment m_liquid;
  testing::FakeBuild m_build{&m_liquid};
  testing::FakeContext m_context;
  NoListener m_listener;
  std::unique_ptr<stage::Source> m_source;
};

using Texts = std::vector<std::string>;

TEST_F(Nodes, ASourceReadsLinesAndGoesOnWhereItStood) {
  write("in.ndjson", "{\"userId\":\"a\"}\n\n{\"userId\":7}\nbroken\n{\"userId\":\"c\"}");
  const std::string settings = R"({"path":"in.ndjson","key":"{{ event.userId }}"})";
  const Texts whole = {"0:a:{\"userId\":\"a\"}", "1:7:{\"userId\":7}", "2::broken",
                       "3:c:{\"userId\":\"c\"}"};
  EXPECT_EQ(all(*reader(settings)), whole);
  EXPECT_EQ(all(*reader(settings), 1), whole);
  EXPECT_EQ(all(*reader(settings, 3)), Texts{whole[3]});
  EXPECT_TRUE(all(*reader(settings, 4)).empty());
  EXPECT_TRUE(m_source->isDeterministic());
}

TEST_F(Nodes, ASourceReadsTables) {
  write("in.csv", "id;name\r\n1;\"Zoë\"\r\n2;a;b\r\n3;\r\n");
  EXPECT_EQ(all(*reader(R"({"path":"in.csv"})")),
            (Texts{"0::{\"id\":1,\"name\":\"Zoë\"}", "1::2;a;b", "2::{\"id\":3}"}));
  EXPECT_EQ(all(*reader(R"({"path":"in.csv"})", 2)), Texts{"2::{\"id\":3}"});
}

TEST_F(Nodes, AnOverlongLineIsDelivered) {
  const std::string line = "{\"pad\":\"" + std::string(2 << 20, 'x') + "\"}";
  write("in.ndjson", line + "\n{}\n");
  const Texts got = all(*reader(R"({"path":"in.ndjson"})"));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0], "0::" + line);
}

TEST_F(Nodes, AFollowedFileGoesOn) {
  write("in.ndjson", "{}\n{\"half\":");
  auto follower = reader(R"({"path":"in.ndjson","follow":true})");
  EXPECT_FALSE(m_source->isDeterministic());
  EXPECT_EQ(all(*follower), Texts{"0::{}"});
  std::ofstream(m_folder / "in.ndjson", std::ios::app) << "1}\n";
  EXPECT_EQ(all(*follower), Texts{"1::{\"half\":1}"});
}

TEST_F(Nodes, AMissingFileIsNamed) {
  const stage::NodeType type = sourceNode();
  auto made = type.makeSource(config(type, R"({"path":"none.ndjson"})"), m_build);
  ASSERT_TRUE(made);
  const auto partitions = (*made)->partitions(m_context);
  ASSERT_FALSE(partitions);
  EXPECT_EQ(partitions.error().where, (m_folder / "none.ndjson").string());
}

TEST_F(Nodes, ASinkWritesTheEventAsItCame) {
  auto plain = sink(R"({"path":"out.ndjson"})");
  EXPECT_EQ(composed(*plain, R"({"a": 1.50, "b":"ü"})"), R"({"a": 1.50, "b":"ü"})");
  EXPECT_EQ(composed(*plain, "{\"a\":\n1}"), R"({"a":1})");
  auto scored = sink(R"({"path":"out.ndjson","include":["score","geo"]})");
  EXPECT_EQ(composed(*scored, R"({"a":1})"), R"({"a":1,"score":{"value":4.5}})");
  EXPECT_EQ(composed(*scored, "{ } "), R"({ "score":{"value":4.5}})");
  EXPECT_EQ(composed(*scored, "[1]"), "E-3323");
  auto value = sink(R"({"path":"out.txt","value":"{{ score.value }}"})");
  EXPECT_EQ(composed(*value, "{}"), "4.5");
  auto text = sink(R"({"path":"out.txt","value":"{{ event.a }}!"})");
  EXPECT_EQ(composed(*text, R"({"a":"x\ny"})"), "x y!");
}

TEST_F(Nodes, ASinkDeliversExactlyOnce) {
  using Entry = stage::OutboxSink::Entry;
  const Entry first[] = {{1, "", "one"}, {2, "", "two"}};
  const Entry second[] = {{3, "", "three"}};
  auto writer = sink(R"({"path":"out/log.ndjson"})");
  ASSERT_TRUE(writer->openDelivery(m_context, ""));
  const auto mark = writer->deliver(first);
  ASSERT_TRUE(mark);
  ASSERT_TRUE(writer->deliver(second));
  writer = sink(R"({"path":"out/log.ndjson"})");
  ASSERT_TRUE(writer->openDelivery(m_context, *mark));
  ASSERT_TRUE(writer->deliver(second));
  EXPECT_EQ(read("out/log.ndjson"), "one\ntwo\nthree\n");
}

}  // namespace
}  // namespace freshet::file
