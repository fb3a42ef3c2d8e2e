// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/instructions/hot_path.h"

#include "core/nodes/all_nodes.h"
#include "core/stage/payload.h"

namespace freshet::bench {
namespace {

using spec::field;
using spec::FieldType;

runtime::RunSettings byHand() {
  runtime::RunSettings settings;
  settings.isMaxSpeed = true;
  return settings;
}

/// Its lane is handed its events.
class Source final : public stage::Source {
 public:
  Result<int> partitions(stage::StageContext&) override { return 1; }
  std::unique_ptr<stage::SourceReader> reader(int, int) override { return nullptr; }
};

stage::NodeType sourceType() {
  stage::NodeType type;
  type.spec.id = "kafka.source";
  type.spec.family = spec::Family::Source;
  type.spec.outputs.push_back({"out", {}, false});
  type.makeSource = [](const spec::Config&,
                       stage::BuildContext&) -> Result<std::unique_ptr<stage::Source>> {
    return std::unique_ptr<stage::Source>(std::make_unique<Source>());
  };
  return type;
}

}  // namespace

[[gnu::noinline]] void counted(const std::function<void()>& work) {
  work();
}

/// Composes as Kafka's sink does, and stops where librdkafka would begin.
class HotPath::Sink final : public stage::Sink {
 public:
  explicit Sink(stage::Payload payload) : m_payload(std::move(payload)) {}

  static stage::NodeType type() {
    stage::NodeType type;
    type.spec.id = "kafka.sink";
    type.spec.family = spec::Family::Sink;
    type.spec.fields.push_back(field("value", FieldType::Expression, "Value", "As Kafka's"));
    type.spec.fields.push_back(field("include", FieldType::Map, "Include", "As Kafka's"));
    type.makeSink = [](const spec::Config& config,
                       stage::BuildContext& context) -> Result<std::unique_ptr<stage::Sink>> {
      auto payload = stage::Payload::compile(config, "value", context);
      if (!payload) return payload.error();
      return std::unique_ptr<stage::Sink>(std::make_unique<Sink>(std::move(*payload)));
    };
    return type;
  }

  Status write(std::span<record::Record* const> records, const stage::BatchLease&) override {
    m_arena.reset();
    m_written.clear();
    for (record::Record* record : records) {
      stage::Failure failure{record, {}, {}, {}};
      const auto value = m_payload.compose(*record, m_arena, failure);
      if (!value) return Error{std::string(failure.code), std::string(failure.message), {}};
      m_written.push_back(*value);
    }
    return {};
  }
  Status flush(std::vector<stage::Failure>&) override { return {}; }

  std::span<const std::string_view> written() const { return m_written; }

 private:
  stage::Payload m_payload;
  Arena m_arena;
  std::vector<std::string_view> m_written;
};

HotPath::HotPath(std::unique_ptr<plugin::Registry> types,
                 std::shared_ptr<const runtime::Topology> topology)
    : m_types(std::move(types)),
      m_run(std::move(topology), *m_types, {}, byHand()),
      m_share{m_run, 0, 1, {}, 0, {}} {}

HotPath::~HotPath() = default;

Result<std::unique_ptr<HotPath>> HotPath::open(const pipeline::Project& project) {
  auto types = std::make_unique<plugin::Registry>();
  for (stage::NodeType& type : nodes::allNodes()) types->add(std::move(type));
  types->add(sourceType());
  types->add(Sink::type());
  // References keep their defaults, whatever the environment holds.
  auto topology = runtime::Topology::compile(
      project, *types, [](std::string_view, std::string_view) -> const char* { return nullptr; });
  if (!topology) return topology.error();
  std::unique_ptr<HotPath> path(new HotPath(std::move(types), std::move(*topology)));
  if (auto status = path->openLane(); !status) return status.error();
  return path;
}

Status HotPath::openLane() {
  const runtime::Topology& topology = m_run.topology();
  auto parts = topology.makeLane();
  if (!parts) return parts.error();
  m_lane =
      std::make_unique<runtime::Lane>(m_run.sharedTopology(), std::move(*parts), m_meters, nullptr);
  std::vector<stage::StageContext*> contexts;
  for (std::size_t i = 0; i < topology.nodes().size(); ++i) {
    const runtime::TopologyNode& node = topology.nodes()[i];
    const bool isSource = node.role == runtime::Role::Source;
    if (isSource) {
      m_source = static_cast<std::uint32_t>(i);
      m_run.shard(node.id + "/0");
    }
    m_contexts.push_back(
        std::make_unique<runtime::NodeContext>(m_share, node.id, m_lane->state(i), isSource));
    contexts.push_back(m_contexts.back().get());
  }
  return m_lane->open(contexts);
}

Status HotPath::process(std::span<const HotEvent> events) {
  Status status;
  counted([&] { status = step(events); });
  m_counts.add(m_result.counts);
  return status;
}

Status HotPath::step(std::span<const HotEvent> events) {
  m_arena.reset();
  m_origins.clear();
  for (const HotEvent& event : events) {
    auto* origin = m_arena.make<record::Origin>();
    origin->bytes = m_arena.copy(event.bytes, record::kJsonPadding);
    origin->key = m_arena.copy(event.key);
    origin->offset = m_offset++;
    origin->timeMs = origin->arrivedMs = event.timeMs;
    m_origins.push_back(origin);
  }
  if (auto status = m_lane->process(m_source, m_origins, m_arena, m_result); !status) return status;
  if (!m_result.dead.empty()) {
    const runtime::DeadRecord& first = m_result.dead.front();
    return Error{first.code, first.message, m_run.topology().nodes()[first.node].id};
  }
  for (auto& [name, session] : m_share.sessions) {
    if (auto status = session->flush(); !status) return status;
  }
  for (std::size_t i = 0; i < m_result.sinks.size(); ++i) {
    stage::Sink* sink = m_lane->parts().sinks[i].get();
    if (!sink) continue;
    if (auto status = sink->write(m_result.sinks[i], nullptr); !status) return status;
  }
  return {};
}

std::span<const std::string_view> HotPath::written(std::string_view sink) {
  const auto& nodes = m_run.topology().nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].id == sink) return static_cast<Sink&>(*m_lane->parts().sinks[i]).written();
  }
  return {};
}

Result<std::map<std::string, std::string>> HotPath::profiles(std::string_view connection) {
  auto store = m_run.memoryProfiles(connection);
  if (!store) return store.error();
  return (*store)->written();
}

}  // namespace freshet::bench
