// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/pipeline/codes.h"
#include "core/pipeline/files.h"
#include "core/pipeline/project.h"
#include "tests/unit/pipeline/catalog.h"

namespace freshet::pipeline {
namespace {

namespace fs = std::filesystem;

std::string linted(const std::string& file) {
  std::string out;
  const auto project = loadProject(file);
  if (!project) return project.error().text() + '\n';
  for (const Diagnostic& found : lint(*project, makeCatalog())) out += found.text() + '\n';
  return out;
}

/// Each NAME.pipeline.json beside a NAME.expected that holds what lint prints, line by line.
TEST(Lint, Cases) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(FRESHET_SOURCE "/tests/cases/lint")) {
    if (entry.path().string().ends_with(".pipeline.json")) files.insert(entry.path());
  }
  EXPECT_GE(files.size(), 15U);
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    const fs::path expected = file.parent_path() / (name.substr(0, name.find('.')) + ".expected");
    const auto text = readFile(expected.string());
    EXPECT_EQ(linted(file.string()), text ? *text : "no " + expected.string()) << name;
  }
}

TEST(Lint, KnowsNodeAndFieldOfAFinding) {
  const auto project = loadProject(FRESHET_SOURCE "/tests/cases/lint/cases.pipeline.json");
  ASSERT_TRUE(project);
  const auto found = lint(*project, makeCatalog());
  const auto twice = std::ranges::find(found, "two cases are called a", &Diagnostic::message);
  ASSERT_NE(twice, found.end());
  EXPECT_EQ(twice->node, "b");
  EXPECT_EQ(twice->field, "cases");
  EXPECT_EQ(twice->severity, Severity::Error);
}

TEST(Lint, AsksTheNodesOwnCodeOnceSettingsAreRight) {
  const auto project = loadProject(FRESHET_SOURCE "/tests/cases/lint/clean.pipeline.json");
  ASSERT_TRUE(project);
  const auto found = lint(*project, makeCatalog(), [](const Project&, const Node& node) -> Status {
    if (node.id != "n") return {};
    return Error{"E-2201", "the schema has no type", "schema"};
  });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].text(), "clean.pipeline.json:10:78: E-2201 the schema has no type");
  EXPECT_EQ(found[0].field, "schema");
  std::vector<std::string> asked;
  const auto wrong = loadProject(FRESHET_SOURCE "/tests/cases/lint/wrong_values.pipeline.json");
  lint(*wrong, makeCatalog(), [&](const Project&, const Node& node) -> Status {
    asked.push_back(node.id);
    return {};
  });
  EXPECT_EQ(asked, (std::vector<std::string>{"s", "e"}));
}

TEST(Lint, AnOverlaysFindingsNameTheOverlay) {
  const auto project = loadProject(FRESHET_SOURCE "/tests/cases/lint/clean.pipeline.json");
  ASSERT_TRUE(project);
  const auto over = withOverlay(*project, "broken");
  ASSERT_TRUE(over) << over.error().text();
  std::string text;
  for (const Diagnostic& found : lint(*over, makeCatalog())) text += found.text() + '\n';
  EXPECT_EQ(text,
            "env/broken.json:4:65: E-1204 Rate is 1–1000000 (it says 0)\n"
            "env/broken.json:5:12: E-1103 there is no step of type made.sinks (did you mean "
            "made.sink?)\n");
}

TEST(Codes, AreOrderedAndSayWhatTheyMean) {
  EXPECT_TRUE(
      std::ranges::is_sorted(codes(), {}, [](const Code& code) { return code.code.substr(2); }));
  for (const Code& code : codes()) EXPECT_TRUE(code.meaning.ends_with('.')) << code.code;
  EXPECT_EQ(meaningOf("E-1203"), "A setting that is needed is empty.");
  EXPECT_EQ(meaningOf("E-0"), "");
}

}  // namespace
}  // namespace freshet::pipeline
