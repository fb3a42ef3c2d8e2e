// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "core/runtime/letter_request.h"
#include "core/runtime/runtime.h"
#include "tests/support/test_types.h"

namespace freshet::testing {
namespace {

namespace fs = std::filesystem;

/// A pipeline in which `mail` fails until its `to` is mended: behind a branch that goes well, a
/// score that was written, or a wait that has fired.
class LettersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "freshet-letters-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
    std::ofstream(m_folder / "people.ndjson") << R"({"id":"ann","points":0})";
    for (int i = 0; i < 8; ++i) {
      m_world.events.push_back({R"({"userId":"ann","event":"add","n":)" + std::to_string(i) + "}",
                                "ann", 0, 1'000'000 + i * 1000});
    }
  }
  void TearDown() override { fs::remove_all(m_folder); }

  std::unique_ptr<runtime::Runtime> run(const std::string& graph, const std::string& to,
                                        bool isLettersOnly) {
    std::string text = R"({"formatVersion": 1, "name": "p",
      "connections": {"people": {"type": "embedded", "seed": "people.ndjson"}}, )" +
                       graph + "}";
    text.replace(text.find("$TO"), 3, to);
    auto project = pipeline::readProject(m_folder.string(), "p.pipeline.json", text, "");
    EXPECT_TRUE(project.ok()) << project.error().text();
    auto topology = runtime::Topology::compile(*project, *m_types, pipeline::lookUpInEnvironment);
    EXPECT_TRUE(topology.ok()) << topology.error().text();
    runtime::RunSettings settings;
    settings.stateFolder = (m_folder / "state").string();
    settings.isMaxSpeed = true;
    settings.isLettersOnly = isLettersOnly;
    auto made =
        std::make_unique<runtime::Runtime>(*topology, *m_types, runtime::StoreLookup(), settings);
    made->start();
    made->wait();
    EXPECT_EQ(made->phase(), runtime::Phase::Finished) << made->error()->text();
    return made;
  }
  void queue(bool isWhole = false) {
    auto db = runtime::StateDb::open((m_folder / "state").string());
    ASSERT_TRUE(db.ok());
    runtime::LetterRequest request;
    request.isWhole = isWhole;
    ASSERT_TRUE(runtime::serve(request, **db).ok());
  }

  fs::path m_folder;
  TestWorld m_world;
  std::unique_ptr<plugin::Registry> m_types = makeTestTypes(m_world);
};

const std::string kMail = R"({"id": "mail", "type": "email.render", "settings": {
  "from": "a@example.org", "to": "$TO", "subject": "{{ event.n }}", "html": "<p>hello</p>"}})";
const std::string kBeside = R"("nodes": [{"id": "in", "type": "test.events"},
  {"id": "who", "type": "profile.read", "settings": {"connection": "people",
    "key": "{{ event.userId }}"}}, )" +
                            kMail + R"(, {"id": "end", "type": "test.sink"},
  {"id": "save", "type": "profile.write", "settings": {"connection": "people",
    "key": "{{ event.userId }}", "set": {"points": "{{ profile.points | plus: 1 }}"}}},
  {"id": "copy", "type": "test.sink"}],
  "edges": ["in -> who", "who -> mail", "mail -> end", "who -> save", "who -> copy"])";

TEST_F(LettersTest, WhatWentWellBesideItIsNotDoneTwice) {
  auto first = run(kBeside, "nobody", false);
  EXPECT_EQ(first->deadLetters(100, 0).size(), 8U);
  first.reset();
  EXPECT_EQ(m_world.sinks["copy"].size(), 8U);
  queue();
  const auto again = run(kBeside, "ann@example.org", true);
  EXPECT_TRUE(again->deadLetters(100, 0).empty());
  EXPECT_EQ(m_world.sinks["end"].size(), 8U);
  EXPECT_EQ(m_world.sinks["copy"].size(), 8U);
  const auto ann = again->profile("people", "ann");
  EXPECT_EQ((*ann)->get("points"), record::Value(std::int64_t{8}));
  // The profile was read anew.
  EXPECT_NE(m_world.sinks["end"][0].find(R"("points":8)"), std::string::npos);
  EXPECT_EQ(again->snapshot().in, 8U);
}

TEST_F(LettersTest, FromItsSourceItGoesThroughEveryStep) {
  run(kBeside, "nobody", false);
  queue(true);
  const auto again = run(kBeside, "ann@example.org", true);
  EXPECT_EQ(m_world.sinks["end"].size(), 8U);
  EXPECT_EQ(m_world.sinks["copy"].size(), 16U);
}

const std::string kAfterWrite = R"("nodes": [{"id": "in", "type": "test.events"},
  {"id": "who", "type": "profile.read", "settings": {"connection": "people",
    "key": "{{ event.userId }}"}},
  {"id": "left", "type": "wait", "settings": {"key": "{{ event.n }}",
    "until": "event.event == 'add'", "for": "1 s", "as": "basket"}}, )" +
                                kMail + R"(, {"id": "end", "type": "test.sink"}],
  "edges": ["in -> who", "who -> left", "left -> mail", "mail -> end"])";

TEST_F(LettersTest, BehindAWaitItGoesOnWithWhatTheWaitHadGathered) {
  auto first = run(kAfterWrite, "nobody", false);
  const auto letters = first->deadLetters(100, 0);
  ASSERT_GE(letters.size(), 5U);
  EXPECT_NE(letters[0].sections.find("\"basket\""), std::string::npos);
  first.reset();
  queue();
  const auto again = run(kAfterWrite, "ann@example.org", true);
  EXPECT_TRUE(again->deadLetters(100, 0).empty());
  ASSERT_EQ(m_world.sinks["end"].size(), letters.size());
  EXPECT_NE(m_world.sinks["end"][0].find("\"basket\""), std::string::npos);
}

TEST_F(LettersTest, WhatIsStillBadKeepsItsNumberAndCountsItsAttempts) {
  auto first = run(kBeside, "nobody", false);
  const auto before = first->deadLetters(100, 0);
  first.reset();
  for (int attempt = 2; attempt < 5; ++attempt) {
    queue();
    const auto again = run(kBeside, "{{ event.n }}", true);
    const auto after = again->deadLetters(100, 0);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      EXPECT_EQ(after[i].id, before[i].id);
      EXPECT_EQ(after[i].attempts, attempt);
      EXPECT_EQ(after[i].firstMs, before[i].firstMs);
      EXPECT_EQ(after[i].offset, before[i].offset);
      EXPECT_EQ(after[i].bytes, before[i].bytes);
      EXPECT_EQ(after[i].ticket, 0);
      EXPECT_NE(after[i].message, before[i].message);
    }
  }
}

TEST_F(LettersTest, ARunThatEndsTakesThemAlong) {
  run(kBeside, "nobody", false);
  queue();
  m_world.events.push_back({R"({"userId":"ann","event":"add","n":8})", "ann", 0, 2'000'000});
  const auto again = run(kBeside, "ann@example.org", false);
  EXPECT_EQ(m_world.sinks["end"].size(), 9U);
  EXPECT_EQ(again->snapshot().in, 9U);
}

TEST_F(LettersTest, HeadersOfAnyBytesComeBack) {
  const std::string name("a\0b", 3), value("\xff\n\0", 3);
  const record::Header headers[] = {{name, value}, {"", ""}};
  const std::string packed = runtime::packHeaders(headers);
  const auto back = runtime::unpackHeaders(packed);
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].name, name);
  EXPECT_EQ(back[0].value, value);
  EXPECT_EQ(back[1].name, "");
}

}  // namespace
}  // namespace freshet::testing
