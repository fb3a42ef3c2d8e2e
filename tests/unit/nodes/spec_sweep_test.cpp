// SPDX-License-Identifier: GPL-3.0-or-later
// What every node of core promises by its declaration.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/nodes/all_nodes.h"
#include "core/pipeline/project.h"

namespace freshet::nodes {
namespace {

using pipeline::Diagnostic;

std::string nameOf(const testing::TestParamInfo<stage::NodeType>& info) {
  std::string name = info.param.spec.id;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

class EveryNode : public testing::TestWithParam<stage::NodeType> {
 protected:
  const spec::NodeSpec& spec() const { return GetParam().spec; }

  /// The errors that lint finds in these settings. Files and connections are the project's affair.
  std::vector<std::string> errorsOf(const record::OwnedValue& settings) const {
    spec::SpecCatalog catalog;
    catalog.add(spec());
    pipeline::Project project;
    project.folder = std::filesystem::temp_directory_path().string();
    project.pipeline.name = "sweep";
    project.pipeline.nodes.push_back({"step", spec().id, "", settings, {}});
    static const std::set<std::string> kOfTheProject = {"E-1208", "E-1210", "E-1301"};
    std::vector<std::string> errors;
    for (const Diagnostic& found : pipeline::lint(project, catalog)) {
      if (found.severity == pipeline::Severity::Error && !kOfTheProject.contains(found.code)) {
        errors.push_back(found.text());
      }
    }
    return errors;
  }
};

TEST_P(EveryNode, SaysWhatItIs) {
  EXPECT_FALSE(spec().title.empty());
  EXPECT_TRUE(spec().summary.ends_with('.')) << spec().summary;
  EXPECT_FALSE(spec().synonyms.empty());
  EXPECT_TRUE(std::filesystem::exists(std::string(FRESHET_STEP_ICONS) + '/' + spec().icon + ".svg"))
      << spec().icon;
  const auto& type = GetParam();
  EXPECT_EQ((type.makeStage ? 1 : 0) + (type.makeSource ? 1 : 0) + (type.makeSink ? 1 : 0) +
                (type.makeOutboxSink ? 1 : 0),
            1);
  EXPECT_EQ(spec().hasInput, !type.makeSource);
  if (!spec().keySummary.empty()) {
    EXPECT_TRUE(spec().find(spec().keySummary)) << spec().keySummary;
  }
}

TEST_P(EveryNode, ExplainsEveryField) {
  std::set<std::string> names;
  for (const spec::FieldSpec& field : spec().fields) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name << " is declared twice";
    EXPECT_FALSE(field.title.empty()) << field.name;
    EXPECT_TRUE(field.help.ends_with('.')) << field.name << ": " << field.help;
    EXPECT_FALSE(field.isRequired && !field.fallback->isNil()) << field.name;
    EXPECT_EQ(field.type == spec::FieldType::Choice, !field.choices.empty()) << field.name;
  }
}

TEST_P(EveryNode, HasDefaultsThatAreValid) {
  for (const spec::FieldSpec& field : spec().fields) {
    if (field.fallback->isNil()) continue;
    const auto errors = errorsOf(record::OwnedValue().with(field.name, *field.fallback));
    for (const std::string& error : errors) {
      EXPECT_NE(error.find("E-1203"), std::string::npos) << field.name << ": " << error;
    }
  }
}

TEST_P(EveryNode, HasExamplesThatLintClean) {
  EXPECT_FALSE(spec().examples.empty());
  for (const spec::ExampleSpec& example : spec().examples) {
    EXPECT_FALSE(example.title.empty());
    const auto settings = record::OwnedValue::fromJson(example.settingsJson);
    ASSERT_TRUE(settings.ok()) << example.title << ": " << settings.error().text();
    for (const std::string& error : errorsOf(*settings)) {
      ADD_FAILURE() << example.title << ": " << error;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Core, EveryNode, testing::ValuesIn(allNodes()), nameOf);

}  // namespace
}  // namespace freshet::nodes
