// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/plugin/registry.h"

namespace freshet::plugin {
namespace {

namespace fs = std::filesystem;

class PluginLoader : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "freshet-plugins-XXXXXX";
    folder = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder); }

  void install(const std::string& module, const std::string& name, std::string manifest = {}) {
    fs::copy_file(fs::path(SAMPLE_MODULES) / (module + ".so"), folder / (name + ".so"));
    if (manifest.empty()) {
      manifest = R"({"id": "sample", "buildHash": ")" + std::string(buildHash()) + "\"}";
    }
    std::ofstream(folder / (name + ".json")) << manifest;
  }
  std::vector<PluginReport> load() { return loadPlugins(folder.string(), registry); }
  void expectSkipped(const std::string& because) {
    const auto reports = load();
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_NE(reports[0].problem.find(because), std::string::npos) << reports[0].problem;
    EXPECT_EQ(registry.catalog().findConnection("sample"), nullptr);
  }

  fs::path folder;
  Registry registry;
};

TEST_F(PluginLoader, registersAGoodOne) {
  install("good", "sample");
  const auto reports = load();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].problem, "");
  EXPECT_EQ(reports[0].id, "sample");
  EXPECT_EQ(reports[0].path, (folder / "sample.so").string());
  EXPECT_NE(registry.catalog().findConnection("sample"), nullptr);
}

TEST_F(PluginLoader, skipsWhatIsNoJson) {
  install("good", "sample", "{\"id\": ");
  expectSkipped("no JSON");
}

TEST_F(PluginLoader, skipsAnotherBuild) {
  install("good", "sample", R"({"id": "sample", "buildHash": "0123"})");
  expectSkipped("build hash 0123, this one is " + std::string(buildHash()));
}

TEST_F(PluginLoader, skipsOneWithoutABuildHash) {
  install("good", "sample", R"({"id": "sample"})");
  expectSkipped("build hash missing");
}

TEST_F(PluginLoader, skipsAModuleWithoutTheSymbol) {
  install("no_symbol", "sample");
  expectSkipped("no symbol freshetPlugin");
}

TEST_F(PluginLoader, skipsAModuleWithoutItsRegistration) {
  install("no_register", "sample");
  expectSkipped("descriptor is incomplete");
}

TEST_F(PluginLoader, skipsAModuleWithUnresolvedSymbols) {
  install("unresolved", "sample");
  expectSkipped("freshetNobodyDefinesThis");
}

TEST_F(PluginLoader, skipsAMissingModule) {
  install("good", "sample");
  fs::remove(folder / "sample.so");
  expectSkipped("cannot be opened");
}

TEST_F(PluginLoader, skipsWhatIsNoModule) {
  install("good", "sample");
  std::ofstream(folder / "sample.so", std::ios::trunc) << "not an ELF file";
  expectSkipped("cannot be opened");
}

TEST_F(PluginLoader, skipsAModuleThatSaysAnotherName) {
  install("good", "other", R"({"id": "other", "buildHash": ")" + std::string(buildHash()) + "\"}");
  expectSkipped(R"(its description says "other", the module "sample")");
}

TEST_F(PluginLoader, reportsAnExceptionOfTheRegistration) {
  install("throws", "sample");
  expectSkipped("no licence on a Sunday");
}

TEST_F(PluginLoader, aBrokenOneDoesNotStopTheOthers) {
  install("no_symbol", "a");
  install("good", "b");
  const auto reports = load();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_NE(reports[0].problem, "");
  EXPECT_EQ(reports[1].problem, "");
}

TEST_F(PluginLoader, theFirstOfANameCounts) {
  install("good", "a");
  install("good", "b");
  const auto reports = load();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].problem, "");
  EXPECT_NE(reports[1].problem.find("loaded already"), std::string::npos) << reports[1].problem;
}

TEST_F(PluginLoader, aFolderThatIsNotThereHoldsNoPlugins) {
  EXPECT_TRUE(loadPlugins((folder / "nowhere").string(), registry).empty());
}

TEST_F(PluginLoader, foldersOfTheUserComeFirstAndLast) {
  setenv("FRESHET_PLUGIN_PATH", "/one:/two", 1);
  setenv("XDG_DATA_HOME", "/data", 1);
  const auto folders = pluginFolders();
  ASSERT_EQ(folders.size(), 4u);
  EXPECT_EQ(folders[0], "/one");
  EXPECT_EQ(folders[1], "/two");
  EXPECT_TRUE(folders[2].ends_with("/freshet/plugins")) << folders[2];
  EXPECT_EQ(folders[3], "/data/freshet/plugins");
}

}  // namespace
}  // namespace freshet::plugin
