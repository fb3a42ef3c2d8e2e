// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_types.h"

#include "core/nodes/all_nodes.h"
#include "core/runtime/outcome.h"

namespace freshet::testing {
namespace {

using record::Record;
using spec::field;
using spec::FieldType;

class EventsReader final : public stage::SourceReader {
 public:
  EventsReader(TestWorld& world, int lane, int lanes)
      : m_world(world), m_lane(lane), m_lanes(lanes) {}

  Status open(stage::StageContext&, std::span<const stage::Position> from,
              stage::PartitionListener&) override {
    for (const stage::Position& position : from) m_from[position.partition] = position.offset;
    return {};
  }

  Result<stage::Polled> poll(Arena& arena, std::size_t most, int) override {
    stage::Polled polled;
    for (; m_next < m_world.events.size() && polled.events.size() < most; ++m_next) {
      const TestEvent& event = m_world.events[m_next];
      const std::int64_t offset = m_offsets[event.partition]++;
      if (event.partition % m_lanes != m_lane || offset < m_from[event.partition]) continue;
      polled.events.push_back({arena.copy(event.bytes, record::kJsonPadding),
                               arena.copy(event.key),
                               {},
                               event.partition,
                               offset,
                               event.timeMs});
    }
    polled.isEnded = !m_world.isEndless && m_next == m_world.events.size();
    return polled;
  }

 private:
  TestWorld& m_world;
  int m_lane;
  int m_lanes;
  std::size_t m_next = 0;
  std::map<std::int32_t, std::int64_t> m_offsets;
  std::map<std::int32_t, std::int64_t> m_from;
};

class Events final : public stage::Source {
 public:
  explicit Events(TestWorld& world) : m_world(world) {}
  Result<int> partitions(stage::StageContext&) override { return TestWorld::kPartitions; }
  std::unique_ptr<stage::SourceReader> reader(int lane, int lanes) override {
    return std::make_unique<EventsReader>(m_world, lane, lanes);
  }
  bool isDeterministic() const override { return true; }

 private:
  TestWorld& m_world;
};

class Sink final : public stage::Sink {
 public:
  explicit Sink(TestWorld& world) : m_world(world) {}
  Status open(stage::StageContext& context) override {
    m_context = &context;
    return {};
  }
  Status write(std::span<Record* const> records, const stage::BatchLease&) override {
    const std::scoped_lock lock(m_world.mutex);
    for (const Record* record : records)
      m_world.sinks[m_context->nodeId()].push_back(
          runtime::describe(*record, m_context->sections()));
    return {};
  }
  Status flush(std::vector<stage::Failure>&) override { return {}; }

 private:
  TestWorld& m_world;
  stage::StageContext* m_context = nullptr;
};

class Flaky final : public stage::Stage {
 public:
  Flaky(TestWorld& world, std::int64_t failures) : m_world(world), m_failures(failures) {}
  Status open(stage::StageContext& context) override {
    m_node = context.nodeId();
    const std::scoped_lock lock(m_world.mutex);
    m_world.failuresLeft.try_emplace(m_node, static_cast<int>(m_failures));
    return {};
  }
  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    {
      const std::scoped_lock lock(m_world.mutex);
      if (m_world.failuresLeft[m_node]-- > 0)
        return Error{"E-9001", "The outside is away", {}, Retry::Later};
    }
    for (Record* record : batch.records) out.emit(0, record);
    return stage::Step::Done;
  }

 private:
  TestWorld& m_world;
  std::int64_t m_failures;
  std::string m_node;
};

spec::NodeSpec specOf(std::string id, spec::Family family) {
  spec::NodeSpec spec;
  spec.id = std::move(id);
  spec.family = family;
  spec.title = spec.summary = "For tests";
  return spec;
}

}  // namespace

std::unique_ptr<plugin::Registry> makeTestTypes(TestWorld& world) {
  auto types = std::make_unique<plugin::Registry>();
  for (stage::NodeType& type : nodes::allNodes()) types->add(std::move(type));

  stage::NodeType events;
  events.spec = specOf("test.events", spec::Family::Source);
  events.spec.outputs.push_back({"out", {}, false});
  events.makeSource = [&world](const spec::Config&,
                               stage::BuildContext&) -> Result<std::unique_ptr<stage::Source>> {
    return std::unique_ptr<stage::Source>(std::make_unique<Events>(world));
  };
  types->add(std::move(events));

  stage::NodeType sink;
  sink.spec = specOf("test.sink", spec::Family::Sink);
  sink.makeSink = [&world](const spec::Config&,
                           stage::BuildContext&) -> Result<std::unique_ptr<stage::Sink>> {
    return std::unique_ptr<stage::Sink>(std::make_unique<Sink>(world));
  };
  types->add(std::move(sink));

  stage::NodeType flaky;
  flaky.spec = specOf("test.flaky", spec::Family::Test);
  flaky.spec.outputs.push_back({"out", {}, false});
  flaky.spec.fields.push_back(field("failures", FieldType::Integer, "Failures", "Calls that fail"));
  flaky.makeStage = [&world](const spec::Config& config,
                             stage::BuildContext&) -> Result<std::unique_ptr<stage::Stage>> {
    return std::unique_ptr<stage::Stage>(
        std::make_unique<Flaky>(world, config.integer("failures")));
  };
  types->add(std::move(flaky));
  return types;
}

}  // namespace freshet::testing
