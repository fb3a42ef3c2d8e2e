// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec dropSpec() {
  spec::NodeSpec spec;
  spec.id = "drop";
  spec.family = spec::Family::Route;
  spec.title = "Drop";
  spec.summary = "Ends a path on purpose: events that come here are counted and go no further.";
  spec.icon = "slash-circle";
  spec.synonyms = {"discard", "ignore", "stop", "end", "null", "sink"};
  spec.keySummary = "reason";
  spec.fields.push_back(field("reason", FieldType::Text, "Reason",
                              "Why these events end here; shown on the card and in the counts."));
  spec.examples.push_back({"People who did not agree", R"({"reason": "No consent to emails"})"});
  return spec;
}

/// What is emitted nowhere was filtered.
class Drop final : public stage::Stage {
 public:
  Result<stage::Step> process(record::Batch&, stage::Output&) override { return stage::Step::Done; }
};

}  // namespace

stage::NodeType dropNode() {
  stage::NodeType type;
  type.spec = dropSpec();
  type.makeStage = [](const spec::Config&,
                      stage::BuildContext&) -> Result<std::unique_ptr<stage::Stage>> {
    return std::unique_ptr<stage::Stage>(std::make_unique<Drop>());
  };
  return type;
}

}  // namespace freshet::nodes
