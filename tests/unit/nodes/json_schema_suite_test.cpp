// SPDX-License-Identifier: GPL-3.0-or-later
// Runs cases in the form of the official JSON Schema test suite. Arguments: a draft ("draft7",
// "draft2020-12"), then files or folders of cases. What is left out is listed with its reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "core/nodes/json_schema/json_schema.h"

namespace {

using freshet::nodes::json_schema::Draft;
using freshet::nodes::json_schema::JsonSchema;
using freshet::nodes::json_schema::Options;
using freshet::nodes::json_schema::Problem;
using freshet::record::OwnedValue;
using freshet::record::Value;
namespace fs = std::filesystem;

/// Left out as a whole: "file" or "file: schema's description" → why.
const std::map<std::string, std::string, std::less<>> kLeftOut = {
    {"refRemote.json", "references to the network are refused"},
    {"vocabulary.json", "$vocabulary is refused"},
    {"dynamicRef.json", "$dynamicRef is refused"},
    {"unknownKeyword.json", "unknown keywords are refused"},
    {"definitions.json", "refers to the metaschema on the network"},
    {"defs.json", "refers to the metaschema on the network"},
    {"ref.json: remote ref, containing refs itself", "refers to the metaschema on the network"},
    {"ref.json: escaped pointer ref", "its definitions stand in unknown keywords"},
    {"ref.json: URN base URI with f-component", "refers to the metaschema on the network"},
    {"anchor.json: invalid anchors", "refers to the metaschema on the network"},
    {"id.json: Invalid use of fragments in location-independent $id",
     "refers to the metaschema on the network"},
    {"id.json: Valid use of empty fragments in location-independent $id",
     "refers to the metaschema on the network"},
    {"id.json: Unnormalized $ids are allowed but discouraged",
     "refers to the metaschema on the network"},
};

struct Counts {
  int passed = 0;
  std::vector<std::string> failures;
  std::map<std::string, int> leftOut;
};

class Suite {
 public:
  explicit Suite(Options options) : m_options(options) {}

  void run(const fs::path& path) {
    if (fs::is_directory(path)) {
      std::vector<fs::path> entries(fs::directory_iterator(path), fs::directory_iterator{});
      std::ranges::sort(entries);
      for (const fs::path& entry : entries) {
        if (entry.extension() == ".json") run(entry);
      }
      return;
    }
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    const auto groups = OwnedValue::fromJson(text.str());
    ASSERT_TRUE(groups.ok()) << path << groups.error().text();
    for (const Value& group : groups->value().asArray()) {
      runGroup(path.filename().string(), group);
    }
  }

  const Counts& counts() const { return m_counts; }

 private:
  void runGroup(const std::string& file, const Value& group) {
    const std::string name = file + ": " + std::string(group.get("description").asString());
    const auto tests = group.get("tests").asArray();
    for (const std::string_view excluded : {std::string_view(file), std::string_view(name)}) {
      const auto reason = kLeftOut.find(excluded);
      if (reason != kLeftOut.end()) {
        m_counts.leftOut[std::string(excluded) + " (" + reason->second + ")"] +=
            static_cast<int>(tests.size());
        return;
      }
    }
    auto schema = JsonSchema::compile(OwnedValue(group.get("schema")), m_options);
    if (!schema) {
      m_counts.failures.push_back(name + ": does not compile: " + schema.error().text());
      return;
    }
    for (const Value& test : tests) {
      Problem problem;
      const bool isValid = schema->accepts(test.get("data"), problem);
      if (isValid == test.get("valid").asBool() && isValid == schema->accepts(test.get("data"))) {
        ++m_counts.passed;
      } else {
        m_counts.failures.push_back(name + ": " + std::string(test.get("description").asString()) +
                                    (isValid ? "" : " (" + problem.message + ")"));
      }
    }
  }

  Options m_options;
  Counts m_counts;
};

std::vector<std::string> arguments;

TEST(JsonSchemaSuite, Passes) {
  ASSERT_GE(arguments.size(), 3U) << "a draft, \"formats\" or \"notes\", then files or folders";
  Options options;
  options.draft = arguments[0] == "draft7" ? Draft::Draft7 : Draft::Draft2020;
  options.checksFormats = arguments[1] == "formats";
  Suite suite(options);
  for (std::size_t i = 2; i < arguments.size(); ++i) suite.run(arguments[i]);
  const Counts& counts = suite.counts();
  int leftOut = 0;
  for (const auto& [what, count] : counts.leftOut) {
    std::cout << "left out: " << what << ": " << count << '\n';
    leftOut += count;
  }
  std::cout << arguments[0] << ": " << counts.passed << " passed, " << counts.failures.size()
            << " failed, " << leftOut << " left out\n";
  for (const std::string& failure : counts.failures) ADD_FAILURE() << failure;
  EXPECT_GT(counts.passed, 0);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  arguments.assign(argv + 1, argv + argc);
  return RUN_ALL_TESTS();
}
