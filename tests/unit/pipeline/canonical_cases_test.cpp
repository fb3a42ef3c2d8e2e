// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>

#include "core/pipeline/files.h"
#include "core/pipeline/project.h"
#include "tests/unit/pipeline/catalog.h"

namespace freshet::pipeline {
namespace {

namespace fs = std::filesystem;

std::set<std::string> pipelinesBelow(const std::string& folder) {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.ends_with(".pipeline.json")) files.insert(path);
  }
  return files;
}

Result<Project> read(std::string_view text) {
  return readProject("/p", "x.pipeline.json", text, {});
}

/// What is read from canonical text is canonical again, and nothing is lost on the way.
void expectFixpoint(const Project& project, const std::string& name) {
  const auto catalog = makeCatalog();
  const std::string once = canonicalText(project.pipeline, catalog);
  const auto again = read(once);
  ASSERT_TRUE(again) << name << ": " << again.error().text();
  EXPECT_EQ(canonicalText(again->pipeline, catalog), once) << name;
  const spec::SpecCatalog none;
  const auto unknown = read(canonicalText(project.pipeline, none));
  ASSERT_TRUE(unknown) << name;
  EXPECT_EQ(unknown->pipeline.extra, project.pipeline.extra) << name;
  EXPECT_EQ(unknown->pipeline.edges, project.pipeline.edges) << name;
  ASSERT_EQ(unknown->pipeline.nodes.size(), project.pipeline.nodes.size()) << name;
}

TEST(CanonicalCases, AreWhatTheyShouldBe) {
  for (const std::string& file : pipelinesBelow(FRESHET_SOURCE "/tests/cases/pipelines")) {
    const auto project = loadProject(file);
    ASSERT_TRUE(project) << project.error().text();
    const std::string stem =
        file.substr(0, file.size() - std::string_view(".pipeline.json").size());
    const auto expected = readFile(stem + ".canonical");
    EXPECT_EQ(canonicalText(project->pipeline, makeCatalog()),
              expected ? *expected : expected.error().text());
    expectFixpoint(*project, file);
  }
}

TEST(CanonicalCases, EveryPipelineOfTheTreeIsAFixpoint) {
  for (const char* folder : {"/resources/examples", "/tests/cases/lint", "/tests/bench"}) {
    for (const std::string& file : pipelinesBelow(std::string(FRESHET_SOURCE) + folder)) {
      if (const auto project = loadProject(file)) expectFixpoint(*project, file);
    }
  }
}

TEST(CanonicalCases, MutatedFilesAreReadOrRefusedWithAPlace) {
  const std::string original =
      *readFile(FRESHET_SOURCE "/tests/cases/pipelines/everything.pipeline.json");
  constexpr std::string_view kBytes = "{}[]\":,.\\ 019-eu\n\t>nftx";
  std::size_t wereRead = 0;
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    std::string text = original;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.erase(at, 1 + random() % 20);
          break;
        case 1:
          text.insert(at, 1, kBytes[random() % kBytes.size()]);
          break;
        case 2:
          text.insert(at, original.substr(random() % original.size(), 30));
          break;
        default:
          text[at] = static_cast<char>(random() % 2 ? random() : kBytes[random() % kBytes.size()]);
      }
      if (text.empty()) text.push_back(kBytes.front());
    }
    const auto project = read(text);
    if (project) {
      ++wereRead;
      expectFixpoint(*project, std::to_string(seed));
      (void)lint(*project, makeCatalog());
    } else {
      EXPECT_TRUE(project.error().where.starts_with("x.pipeline.json:")) << project.error().text();
    }
  }
  EXPECT_GT(wereRead, 100U);
}

}  // namespace
}  // namespace freshet::pipeline
