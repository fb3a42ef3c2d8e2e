// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec tapSpec() {
  spec::NodeSpec spec;
  spec.id = "tap";
  spec.family = spec::Family::Test;
  spec.title = "Sample";
  spec.summary = "Lets one event in so many through, always the same ones, and filters the rest.";
  spec.icon = "tap";
  spec.synonyms = {"tap", "sampling", "watch", "inspect", "every nth", "debug"};
  spec.outputs = {{"out", "Out"}};
  spec.keySummary = "every";
  spec.fields.push_back(field("every", FieldType::Integer, "One in",
                              "1 lets every event through, 10 about one in ten.")
                            .orElse("1")
                            .between(1, 1e9)
                            .in("events"));
  spec.examples.push_back({"Look at all events", "{}"});
  spec.examples.push_back({"One event in a hundred", R"({"every": 100})"});
  return spec;
}

/// Chosen by position, not by counting: a replay, another batch size or more lanes choose the same.
std::uint64_t spread(const record::Origin& origin) {
  auto x = static_cast<std::uint64_t>(origin.offset) + (std::uint64_t{origin.shard} << 48);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

class Tap final : public stage::Stage {
 public:
  explicit Tap(std::int64_t every) : m_every(static_cast<std::uint64_t>(every)) {}

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    for (record::Record* record : batch.records) {
      if (m_every == 1 || spread(*record->origin) % m_every == 0) out.emit(0, record);
    }
    return stage::Step::Done;
  }

 private:
  std::uint64_t m_every;
};

}  // namespace

stage::NodeType tapNode() {
  stage::NodeType type;
  type.spec = tapSpec();
  type.makeStage = [](const spec::Config& config,
                      stage::BuildContext&) -> Result<std::unique_ptr<stage::Stage>> {
    const std::int64_t every = config.integer("every");
    if (every < 1) return Error{"E-2110", "\"One in\" must be 1 or more", "every"};
    return std::unique_ptr<stage::Stage>(std::make_unique<Tap>(every));
  };
  return type;
}

}  // namespace freshet::nodes
