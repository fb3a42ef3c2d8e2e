// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include "core/nodes/bind.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using record::Value;
using spec::field;
using spec::FieldType;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "branch";
  spec.family = spec::Family::Route;
  spec.title = "Branch";
  spec.summary = "Sends each event down the first path whose condition is true; the rest end here.";
  spec.icon = "branch";
  spec.synonyms = {"split", "switch", "if else", "route", "decision", "cases", "a/b"};
  spec.outputsFromCases = true;
  spec.keySummary = "cases";
  spec.fields.push_back(field("cases", FieldType::Cases, "Cases, in order",
                              "An event takes the first case that is true; what fits none is "
                              "filtered out.")
                            .required());
  spec.examples = {
      {"People who agreed and people who did not",
       R"({"cases": [{"name": "agreed", "title": "Agreed to emails", "when": "profile.consent.email"},
                     {"name": "no-consent", "title": "No consent", "when": "true"}]})"},
      {"By price",
       R"({"cases": [{"name": "large", "when": "event.total >= 100"},
                     {"name": "small", "when": "event.total > 0"}]})"}};
  return spec;
}

class Branch final : public stage::Stage {
 public:
  explicit Branch(std::vector<stage::BoundCondition> cases) : m_cases(std::move(cases)) {}

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    for (record::Record* record : batch.records) {
      for (std::size_t port = 0; port < m_cases.size(); ++port) {
        if (!m_cases[port].holds(*record, *batch.arena)) continue;
        out.emit(port, record);
        break;
      }
    }
    return stage::Step::Done;
  }

 private:
  std::vector<stage::BoundCondition> m_cases;
};

Result<std::unique_ptr<stage::Stage>> makeBranch(const spec::Config& config,
                                                 stage::BuildContext& context) {
  std::vector<stage::BoundCondition> cases;
  const Value list = config.value("cases");
  if (!list.isArray() || list.size() == 0) {
    return Error{"E-2110", "A branch needs at least one case.", "cases"};
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value when = list.asArray()[i].get("when");
    const std::string text = when.isString() ? std::string(when.asString())
                             : when.truthy() ? "true"
                                             : "false";
    auto bound = stage::BoundCondition::bind(text, context);
    if (!bound) {
      Error error = bound.error();
      error.where = "cases/" + std::to_string(i) + "/when";
      return error;
    }
    cases.push_back(std::move(*bound));
  }
  return std::unique_ptr<stage::Stage>(std::make_unique<Branch>(std::move(cases)));
}

}  // namespace

stage::NodeType branchNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = makeBranch;
  return type;
}

}  // namespace freshet::nodes
