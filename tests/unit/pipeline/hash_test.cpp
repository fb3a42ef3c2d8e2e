// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/pipeline/project.h"
#include "tests/unit/pipeline/catalog.h"
#include "tests/unit/pipeline/temporary_folder.h"

namespace freshet::pipeline {
namespace {

constexpr std::string_view kPipeline = R"({"name":"x","title":"X","nodes":[
  {"id":"s","type":"made.source","title":"S","settings":{"rate":5,"people":"people.ndjson"}},
  {"id":"b","type":"branch","settings":{"cases":[{"name":"yes","title":"Yes","when":"true"}]}},
  {"id":"n","type":"made.every","settings":{"body":"body.liquid"}}],
  "edges":["s -> b","b.yes -> n"]})";

class LogicHash : public testing::Test {
 protected:
  LogicHash() {
    folder.write("people.ndjson", "{}\n");
    folder.write("body.liquid", "{% render 'row' %}");
    folder.write("templates/partials/row.liquid", "row{% render 'cell' %}");
    folder.write("templates/partials/cell.liquid", "cell");
    folder.write("templates/partials/unused.liquid", "unused");
  }
  std::string hashOf(std::string text = std::string(kPipeline)) const {
    return logicHash(readProject(folder.path(), "x.pipeline.json", text, {}).value(),
                     makeCatalog());
  }
  static std::string replaced(std::string_view what, std::string_view with) {
    std::string text(kPipeline);
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), with);
  }
  TemporaryFolder folder;
};

TEST_F(LogicHash, CountsTextsAsTheyAreEdited) {
  Project project = readProject(folder.path(), "x.pipeline.json", kPipeline, {}).value();
  const std::string saved = logicHash(project, makeCatalog());
  project.texts["templates/partials/cell.liquid"] = "another";
  EXPECT_NE(logicHash(project, makeCatalog()), saved);
  project.texts["templates/partials/cell.liquid"] = "cell";
  EXPECT_EQ(logicHash(project, makeCatalog()), saved);
}

TEST_F(LogicHash, IsTheSameForTheSameLogic) {
  const std::string hash = hashOf();
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(hashOf(), hash);
  EXPECT_EQ(hashOf(replaced("\"title\":\"X\",", "")), hash);
  EXPECT_EQ(hashOf(replaced("\"title\":\"S\",", "\"title\":\"T\",")), hash);
  EXPECT_EQ(hashOf(replaced("\"title\":\"Yes\",", "")), hash);
  EXPECT_EQ(hashOf(replaced("\"rate\":5", "\"every\": \"1 s\",  \"rate\": 5.0")), hash);
  EXPECT_EQ(hashOf(replaced("s -> b", "s.out -> b")), hash);
  folder.write("templates/partials/unused.liquid", "changed");
  EXPECT_EQ(hashOf(), hash);
}

TEST_F(LogicHash, ChangesWithSettingsWiresAndFiles) {
  const std::string hash = hashOf();
  EXPECT_NE(hashOf(replaced("\"rate\":5", "\"rate\":6")), hash);
  EXPECT_NE(hashOf(replaced("\"b.yes -> n\"", "\"s -> n\"")), hash);
  for (const char* file : {"people.ndjson", "body.liquid", "templates/partials/cell.liquid"}) {
    const std::string before = hashOf();
    folder.write(file, std::string("{% render 'row' %}") + file);
    EXPECT_NE(hashOf(), before) << file;
  }
}

}  // namespace
}  // namespace freshet::pipeline
