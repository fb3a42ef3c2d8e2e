// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/bind.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "filter";
  spec.family = spec::Family::Route;
  spec.title = "Filter";
  spec.summary = "Lets events through for which a condition is true; the others end here.";
  spec.icon = "funnel";
  spec.synonyms = {"where", "only", "condition", "if", "keep", "select", "segment"};
  spec.outputs = {{"out", "Kept"}};
  spec.keySummary = "when";
  spec.fields.push_back(field("when", FieldType::Condition, "Keep an event if",
                              "A condition over the event and what was added to it.")
                            .required());
  spec.examples = {{"Orders over 50", R"({"when": "event.total > 50"})"},
                   {"People who agreed to emails and are no staff",
                    R"({"when": "profile.consent.email and not profile.staff"})"}};
  return spec;
}

class Filter final : public stage::Stage {
 public:
  explicit Filter(stage::BoundCondition when) : m_when(std::move(when)) {}

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    for (record::Record* record : batch.records) {
      if (m_when.holds(*record, *batch.arena)) out.emit(0, record);
    }
    return stage::Step::Done;
  }

 private:
  stage::BoundCondition m_when;
};

}  // namespace

stage::NodeType filterNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = [](const spec::Config& config,
                      stage::BuildContext& context) -> Result<std::unique_ptr<stage::Stage>> {
    auto when = bindCondition(config, "when", context);
    if (!when) return when.error();
    return std::unique_ptr<stage::Stage>(std::make_unique<Filter>(std::move(*when)));
  };
  return type;
}

}  // namespace freshet::nodes
