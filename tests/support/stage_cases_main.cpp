// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/support/stage_cases.h"

namespace freshet::testing {
namespace {

class CaseTest : public ::testing::Test {
 public:
  CaseTest(StageCase stageCase, std::size_t batchSize)
      : m_case(std::move(stageCase)), m_batchSize(batchSize) {}

  void TestBody() override {
    const std::string problems = runStageCase(m_case, m_batchSize);
    EXPECT_TRUE(problems.empty()) << problems;
  }

 private:
  StageCase m_case;
  std::size_t m_batchSize;
};

void registerCase(const StageCase& stageCase, std::size_t batchSize, const char* form) {
  const std::size_t slash = stageCase.name.find('/');
  ::testing::RegisterTest(stageCase.name.substr(0, slash).c_str(),
                          (stageCase.name.substr(slash + 1) + form).c_str(), nullptr, nullptr,
                          __FILE__, __LINE__,
                          [=]() -> CaseTest* { return new CaseTest(stageCase, batchSize); });
}

}  // namespace
}  // namespace freshet::testing

int main(int argc, char** argv) {
  using namespace freshet::testing;
  ::testing::InitGoogleTest(&argc, argv);
  const auto cases = findStageCases(FRESHET_CASES);
  for (const StageCase& stageCase : cases) {
    registerCase(stageCase, SIZE_MAX, "");
    registerCase(stageCase, 1, ".one_by_one");
    registerCase(stageCase, 3, ".three_by_three");
  }
  if (cases.empty()) return 1;
  return RUN_ALL_TESTS();
}
