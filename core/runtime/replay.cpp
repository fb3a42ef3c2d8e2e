// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/replay.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <optional>
#include <thread>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/record/json.h"
#include "core/runtime/lane_recorder.h"
#include "core/runtime/topology_driver.h"

namespace freshet::runtime {
namespace {

using Kind = RecordedStep::Kind;

/// One lane of a recording on its way through a pipeline.
class LaneReplay {
 public:
  LaneReplay(std::shared_ptr<const Topology> topology, const stage::TypeLookup& types,
             std::uint64_t seed, int lane, const ReplaySettings& settings)
      : m_driver(std::move(topology), types, {seed, lane, 1, false}), m_batch(settings.batch) {}

  void add(const RecordedStep& step) { m_steps.push_back(&step); }
  Status open() { return m_driver.open(); }
  bool isDone() const { return m_at == m_steps.size(); }
  TimeMs nextMs() const { return m_steps[m_at]->atMs; }

  Status step() {
    const RecordedStep& step = *m_steps[m_at++];
    // What the outside answered belongs to the step before.
    if (step.kind == Kind::Profile) return {};
    if (step.kind != Kind::Batch) {
      if (auto status = processGathered(); !status) return status;
    }
    for (std::size_t at = m_at; at < m_steps.size() && m_steps[at]->kind == Kind::Profile; ++at)
      m_answers.push_back(m_steps[at]);
    switch (step.kind) {
      case Kind::Batch:
        return gather(readBatch(step.body));
      case Kind::ShardOpened:
        return openShard(step.body);
      case Kind::ShardDropped:
        return m_driver.lane().restore(shard(ByteCursor(step.body).shortText()), m_empty);
      case Kind::Watermark:
        return watermark(step.body);
      case Kind::Letters: {
        if (auto status = answer(); !status) return status;
        return m_driver.retry(readLetters(step.body));
      }
      case Kind::Refused:
        for (const StoredDead& letter : readLetters(step.body)) refuse(letter);
        return {};
      case Kind::Profile:
        break;
    }
    return {};
  }

  Status finish(Replayed& into) {
    if (auto status = processGathered(); !status) return status;
    Outcome& outcome = m_driver.outcome();
    for (auto& [node, records] : outcome.sinks)
      std::ranges::move(records, std::back_inserter(into.outcome.sinks[node]));
    std::ranges::move(outcome.dead, std::back_inserter(into.outcome.dead));
    for (const auto& [edge, count] : outcome.routes) into.outcome.routes[edge] += count;
    into.outcome.counts.add(outcome.counts);
    for (const auto& [name, number] : m_shards)
      into.state[name] = sha256(m_driver.lane().snapshot(number));
    const record::Value connections = *m_driver.topology().project().pipeline.connections;
    for (const record::Member& connection :
         connections.isObject() ? connections.asObject() : std::span<const record::Member>()) {
      auto store = m_driver.profiles(connection.key);
      // Connections of other kinds have no profiles.
      if (!store || !*store) continue;
      into.unknownProfiles += (*store)->unknown();
      auto written = (*store)->written();
      if (!written.empty()) into.profiles[std::string(connection.key)].merge(written);
    }
    into.events += m_events;
    into.withoutSource += m_withoutSource;
    return {};
  }

 private:
  std::uint32_t shard(std::string_view name) {
    const auto found = m_shards.find(name);
    if (found != m_shards.end()) return found->second;
    const std::uint32_t number = m_driver.shard(std::string(name));
    m_shards.emplace(std::string(name), number);
    return number;
  }

  Status openShard(std::string_view body) {
    ByteCursor in(body);
    const std::string_view name = in.shortText();
    const std::string_view snapshot = in.shortText();
    const std::uint32_t number = shard(name);
    if (m_empty.empty()) m_empty = m_driver.lane().snapshot(number);
    return m_driver.lane().restore(number, snapshot);
  }

  Status watermark(std::string_view body) {
    ByteCursor in(body);
    const std::uint32_t number = shard(in.shortText());
    const TimeMs to = in.shortNumber();
    if (auto status = answer(); !status) return status;
    return m_driver.advanceWatermark(number, to);
  }

  Status gather(RecordedBatch batch) {
    const auto& nodes = m_driver.topology().nodes();
    const auto source = std::ranges::find(nodes, batch.source, &TopologyNode::id);
    m_events += batch.events.size();
    if (source == nodes.end() || source->role != Role::Source) {
      m_withoutSource += batch.events.size();
      return {};
    }
    const auto number = static_cast<std::uint32_t>(source - nodes.begin());
    if (number != m_source) {
      if (auto status = processGathered(); !status) return status;
    }
    m_source = number;
    for (RecordedEvent& event : batch.events) {
      std::string name(batch.source);
      name += '/';
      name += std::to_string(event.partition);
      DrivenEvent driven{event.bytes,  event.key,       {},
                         shard(name),  event.partition, event.offset,
                         event.timeMs, batch.arrivedMs, event.isWithheld};
      driven.headers = m_headers.emplace_back(std::move(event.headers));
      m_gathered.push_back(driven);
      if (m_batch > 0 && m_gathered.size() >= m_batch) {
        if (auto status = processGathered(); !status) return status;
      }
    }
    return m_batch == 0 ? processGathered() : Status();
  }

  Status processGathered() {
    if (m_gathered.empty()) return {};
    if (auto status = answer(); !status) return status;
    auto status = m_driver.process(m_source, m_gathered);
    m_gathered.clear();
    m_headers.clear();
    return status;
  }

  Status answer() {
    for (const RecordedStep* step : m_answers) {
      const RecordedProfile profile = readProfile(step->body);
      auto store = m_driver.profiles(profile.connection);
      // A pipeline that has no such connection asks for none.
      if (store && *store) (*store)->put(profile.key, profile.json, profile.applied);
    }
    m_answers.clear();
    return {};
  }

  void refuse(const StoredDead& letter) {
    record::Origin origin;
    origin.bytes = letter.bytes;
    origin.partition = letter.partition;
    origin.offset = letter.offset;
    const record::Record record{&origin, {}};
    m_driver.outcome().dead.push_back(
        deadJson(letter.node, {0, &record, letter.code, letter.message, letter.pointer}));
  }

  TopologyDriver m_driver;
  std::size_t m_batch;
  std::vector<const RecordedStep*> m_steps;
  std::size_t m_at = 0;
  std::map<std::string, std::uint32_t, std::less<>> m_shards;
  std::string m_empty;  ///< the snapshot of a shard that holds nothing
  std::uint32_t m_source = 0;
  std::vector<DrivenEvent> m_gathered;
  std::deque<std::vector<record::Header>> m_headers;
  std::vector<const RecordedStep*> m_answers;
  std::uint64_t m_events = 0;
  std::uint64_t m_withoutSource = 0;
};

}  // namespace

Result<Replayed> replay(const Recording& recording, std::shared_ptr<const Topology> topology,
                        const stage::TypeLookup& types, const ReplaySettings& settings) {
  std::map<int, std::unique_ptr<LaneReplay>> lanes;
  for (const RecordedStep& step : recording.steps()) {
    auto& lane = lanes[step.lane];
    if (!lane) {
      lane =
          std::make_unique<LaneReplay>(topology, types, recording.head().seed, step.lane, settings);
      if (auto status = lane->open(); !status) return status.error();
    }
    lane->add(step);
  }
  const auto started = std::chrono::steady_clock::now();
  std::optional<TimeMs> first;
  while (true) {
    LaneReplay* next = nullptr;
    for (const auto& [number, lane] : lanes) {
      if (!lane->isDone() && (!next || lane->nextMs() < next->nextMs())) next = lane.get();
    }
    if (!next || (settings.interrupts && *settings.interrupts > 0)) break;
    // Shards open before the clock of the first event.
    if (settings.speed > 0 && next->nextMs() > 0) {
      if (!first) first = next->nextMs();
      const double dueMs = static_cast<double>(next->nextMs() - *first) / settings.speed;
      std::this_thread::sleep_until(
          started + std::chrono::microseconds(static_cast<std::int64_t>(dueMs * 1000)));
    }
    if (auto status = next->step(); !status) return status.error();
  }
  Replayed made;
  for (const auto& [number, lane] : lanes) {
    if (auto status = lane->finish(made); !status) return status.error();
  }
  made.outcome.finish();
  return made;
}

Result<pipeline::Project> unpackProject(const RecordingHead& head, const std::string& folder) {
  namespace fs = std::filesystem;
  for (const auto& [path, text] : head.files) {
    auto full = pipeline::pathInProject(folder, path);
    if (!full) return full.error();
    std::error_code failed;
    fs::create_directories(fs::path(*full).parent_path(), failed);
    if (auto status = pipeline::writeFileAtomically(*full, text); !status) return status.error();
  }
  return pipeline::loadProject(folder + '/' + head.pipelineFile);
}

void writeOutcome(const Replayed& replayed, const std::function<void(std::string_view)>& print) {
  std::string line;
  const auto begin = [&](std::string_view kind, std::string_view name) {
    line = "{\"";
    line += kind;
    line += "\":";
    record::writeJsonString(name, line);
  };
  const auto end = [&](std::string_view name, std::string_view json) {
    line += ",\"";
    line += name;
    line += "\":";
    line += json;
    line += "}\n";
    print(line);
  };
  for (const auto& [node, records] : replayed.outcome.sinks) {
    for (const std::string& record : records) {
      begin("sink", node);
      end("record", record);
    }
  }
  for (const auto& [edge, count] : replayed.outcome.routes) {
    begin("route", edge);
    end("records", std::to_string(count));
  }
  for (const std::string& letter : replayed.outcome.dead) print("{\"dead\":" + letter + "}\n");
  for (const auto& [connection, people] : replayed.profiles) {
    for (const auto& [key, json] : people) {
      begin("profiles", connection);
      line += ",\"key\":";
      record::writeJsonString(key, line);
      end("profile", json);
    }
  }
  for (const auto& [shard, hash] : replayed.state) {
    begin("state", shard);
    end("sha256", '"' + hash + '"');
  }
  print("{\"counts\":" + countsJson(replayed.outcome.counts) + "}\n");
}

}  // namespace freshet::runtime
