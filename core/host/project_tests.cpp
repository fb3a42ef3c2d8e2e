// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host/project_tests.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/base/text.h"
#include "core/host/expectation.h"
#include "core/pipeline/files.h"
#include "core/pipeline/test_file.h"
#include "core/profile/memory_store.h"
#include "core/record/json.h"
#include "core/runtime/topology_driver.h"

namespace freshet::host {
namespace {

namespace fs = std::filesystem;
using record::Member;
using record::OwnedValue;
using record::Value;

std::span<const Member> membersOf(const Value& object) {
  return object.isObject() ? object.asObject() : std::span<const Member>();
}

std::span<const Value> itemsOf(const Value& array) {
  return array.isArray() ? array.asArray() : std::span<const Value>();
}

std::string textOf(const Value& value) {
  return value.isString() ? std::string(value.asString()) : std::string();
}

/// References that are not set here are empty: nothing outside is reached.
const char* lookUpOrEmpty(std::string_view kind, std::string_view name) {
  const char* found = pipeline::lookUpInEnvironment(kind, name);
  return found ? found : "";
}

Value parsed(const std::vector<std::string>& texts, Arena& arena) {
  const auto values = arena.array<Value>(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto value = record::parseJson(texts[i], arena);
    if (value) values[i] = *value;
  }
  return Value(std::span<const Value>(values));
}

/// One case on its way: the clock it sets, and the lane it drives.
class CaseRun {
 public:
  CaseRun(const Value& test, std::shared_ptr<const runtime::Topology> topology,
          const stage::TypeLookup& types)
      : m_test(test),
        m_topology(topology),
        m_driver(std::move(topology), types, settingsOf(m_test)) {
    m_nowMs = parseIsoTime(textOf(m_test.get("now"))).value_or(pipeline::kTestStart);
  }

  Status run() {
    for (const Member& connection : membersOf(m_test.get("profiles"))) {
      auto store = std::make_shared<profile::MemoryStore>();
      for (const Member& person : membersOf(connection.value)) {
        auto json = profileOf(person.value);
        if (!json) return json.error();
        store->put(person.key, *json, {});
      }
      m_driver.provide(std::string(connection.key), std::move(store));
    }
    if (auto status = m_driver.open(); !status) return status;
    for (const Value& event : itemsOf(m_test.get("events"))) {
      if (auto status = step(event); !status) return status;
    }
    m_driver.outcome().finish();
    return {};
  }

  /// What came, in the shape of "expect".
  Value outcome(Arena& arena) {
    runtime::Outcome& outcome = m_driver.outcome();
    Value made;
    const auto set = [&](Value& object, std::string_view name, const Value& value) {
      object = record::withMember(object, arena.copy(name), value, arena);
    };
    Value sinks, edges, profiles;
    std::vector<Value> emails;
    for (const runtime::TopologyNode& node : m_topology->nodes()) {
      if (node.role != runtime::Role::Sink && node.role != runtime::Role::OutboxSink) continue;
      const Value arrived = parsed(outcome.sinks[node.id], arena);
      set(sinks, node.id, arrived);
      for (const Value& record : arrived.asArray()) {
        if (record.get("email").isObject()) emails.push_back(record.get("email"));
      }
    }
    for (const runtime::TopologyEdge& edge : m_topology->edges())
      set(edges, edge.text, parsed(outcome.edges[edge.text], arena));
    for (const Member& connection : membersOf(m_test.get("expect").get("profiles"))) {
      Value people;
      for (const Member& person : membersOf(connection.value)) {
        const std::string json =
            m_driver.profile(std::string(connection.key), std::string(person.key));
        const auto value = record::parseJson(json, arena);
        set(people, person.key, value ? *value : Value());
      }
      set(profiles, connection.key, people);
    }
    const auto mails = arena.array<Value>(emails.size());
    std::ranges::copy(emails, mails.begin());
    const auto counts = record::parseJson(runtime::countsJson(outcome.counts), arena);
    set(made, "sinks", sinks);
    set(made, "edges", edges);
    set(made, "emails", Value(std::span<const Value>(mails)));
    set(made, "dead", parsed(outcome.dead, arena));
    set(made, "profiles", profiles);
    set(made, "counts", *counts);
    return made;
  }

 private:
  static runtime::TopologyDriver::Settings settingsOf(const Value& test) {
    runtime::TopologyDriver::Settings settings;
    if (test.get("seed").isInt())
      settings.seed = static_cast<std::uint64_t>(test.get("seed").asInt());
    settings.watchesEdges = true;
    return settings;
  }

  /// A profile itself, or the persona file that holds it.
  Result<std::string> profileOf(const Value& value) const {
    if (!value.isString()) return record::toJson(value);
    const std::string path(value.asString());
    auto text = pipeline::readProjectFile(m_topology->project(), path);
    if (!text) return text.error();
    const auto persona = OwnedValue::fromJson(*text);
    if (!persona) return Error{"E-1401", path + ": " + persona.error().message, {}, Retry::Never};
    const Value inner = persona->value().get("profile");
    return record::toJson(inner.isObject() ? inner : persona->value());
  }

  Status step(const Value& event) {
    if (event.get("after").isString())
      m_nowMs += parseDuration(event.get("after").asString()).value_or(0);
    if (event.get("at").isString())
      m_nowMs = parseIsoTime(event.get("at").asString()).value_or(m_nowMs);
    if (event.find("after") || event.find("at")) {
      if (auto status = passTime(); !status) return status;
    }
    if (event.get("event").isNil() && event.get("bytes").isNil()) return {};
    return arrive(event);
  }

  /// Sources that have been silent until now.
  Status passTime() {
    for (const auto& [shard, latenessMs] : m_shards) {
      if (auto status = m_driver.advanceWatermark(shard, m_nowMs - latenessMs); !status)
        return status;
    }
    return {};
  }

  Status arrive(const Value& event) {
    const std::uint32_t source = sourceOf(event);
    const auto& node = m_topology->nodes()[source];
    const Value number = event.get("partition");
    const auto partition = static_cast<std::int32_t>(number.isInt() ? number.asInt() : 0);
    const std::string name = node.id + '/' + std::to_string(partition);
    const std::uint32_t shard = m_driver.shard(name);
    m_shards.emplace(shard, node.latenessMs);
    std::vector<record::Header> headers;
    for (const Member& header : membersOf(event.get("headers")))
      headers.push_back(
          {header.key, header.value.isString() ? header.value.asString() : std::string_view()});
    const std::string bytes = event.get("bytes").isString() ? textOf(event.get("bytes"))
                                                            : record::toJson(event.get("event"));
    const std::string key = textOf(event.get("key"));
    runtime::DrivenEvent driven;
    driven.bytes = bytes;
    driven.key = key;
    driven.headers = headers;
    driven.shard = shard;
    driven.partition = partition;
    driven.offset = event.get("offset").isInt() ? event.get("offset").asInt() : m_offsets[name];
    m_offsets[name] = driven.offset + 1;
    driven.timeMs = parseIsoTime(textOf(event.get("time"))).value_or(m_nowMs);
    driven.arrivedMs = m_nowMs;
    return m_driver.process(source, {&driven, 1});
  }

  std::uint32_t sourceOf(const Value& event) const {
    const std::string wanted = textOf(event.get("source"));
    const auto& nodes = m_topology->nodes();
    // Without a name, the first of the pipeline's file.
    const auto& order = m_topology->project().pipeline.nodes;
    for (const pipeline::Node& node : order) {
      if (!wanted.empty() && node.id != wanted) continue;
      const auto found = std::ranges::find(nodes, node.id, &runtime::TopologyNode::id);
      if (found->role == runtime::Role::Source)
        return static_cast<std::uint32_t>(found - nodes.begin());
    }
    return 0;
  }

  Value m_test;
  std::shared_ptr<const runtime::Topology> m_topology;
  runtime::TopologyDriver m_driver;
  TimeMs m_nowMs = 0;
  std::map<std::uint32_t, TimeMs> m_shards;  ///< with the lateness of their source
  std::map<std::string, std::int64_t> m_offsets;
};

}  // namespace

std::vector<std::string> ProjectTests::files() const {
  return pipeline::testFiles(m_project);
}

std::string ProjectTests::nameOf(const std::string& file) const {
  const auto text = pipeline::readProjectFile(m_project, file);
  const auto json = text ? OwnedValue::fromJson(*text) : Result<OwnedValue>(text.error());
  const Value name = json ? json->value().get("name") : Value();
  return name.isString() ? std::string(name.asString()) : file;
}

Result<ProjectTests::Topology> ProjectTests::topology(const Value& test) {
  std::string key = textOf(test.get("env"));
  for (const Value& setting : itemsOf(test.get("settings"))) key += '\n' + textOf(setting);
  if (const auto found = m_topologies.find(key); found != m_topologies.end()) return found->second;
  pipeline::Project project = m_project;
  if (test.get("env").isString()) {
    auto overlaid = pipeline::withOverlay(project, test.get("env").asString());
    if (!overlaid) return overlaid.error();
    project = std::move(*overlaid);
  }
  for (const Value& setting : itemsOf(test.get("settings"))) {
    auto set = pipeline::withSetting(project, textOf(setting));
    if (!set) return set.error();
    project = std::move(*set);
  }
  auto compiled = runtime::Topology::compile(project, m_types, lookUpOrEmpty);
  if (compiled) m_topologies.emplace(std::move(key), *compiled);
  return compiled;
}

TestResult ProjectTests::run(const std::string& file, bool isUpdating) {
  TestResult result;
  result.file = result.name = file;
  const std::int64_t from = monotonicNs();
  const auto finish = [&]() -> TestResult& {
    result.seconds = static_cast<double>(monotonicNs() - from) / 1e9;
    return result;
  };
  const pipeline::TestFile test = pipeline::readTestFile(m_project, file, m_types.catalog());
  const Value content = *test.content;
  if (content.get("name").isString()) result.name = content.get("name").asString();
  for (const pipeline::Diagnostic& problem : test.problems)
    result.failures.push_back(problem.text());
  if (!result.failures.empty()) return finish();
  auto compiled = topology(content);
  if (!compiled) {
    result.failures.push_back(compiled.error().text());
    return finish();
  }
  CaseRun run(content, *compiled, m_types);
  if (const Status status = run.run(); !status) {
    result.failures.push_back(status.error().text());
    return finish();
  }
  Arena arena;
  const fs::path path = fs::path(m_project.folder) / file;
  Expectation expectation(path.parent_path().string(), isUpdating);
  Value expected = content.get("expect");
  const bool namesDead = expected.find("dead") != nullptr;
  // What nobody expects must not be lost.
  if (!namesDead)
    expected = record::withMember(expected, "dead", Value(std::span<const Value>()), arena);
  Value next = expectation.compare("expect", expected, run.outcome(arena), arena);
  if (isUpdating) {
    if (!namesDead && next.get("dead").size() == 0) {
      const auto kept = arena.array<Member>(next.size());
      const auto end =
          std::ranges::copy_if(next.asObject(), kept.begin(), [](const Member& member) {
            return member.key != "dead";
          }).out;
      next = Value(std::span<const Member>(kept.begin(), end));
    }
    const std::string text =
        record::toPrettyJson(record::withMember(content, "expect", next, arena));
    if (text != record::toPrettyJson(content)) {
      result.isUpdated = true;
      const Status written = pipeline::writeFileAtomically(path.string(), text);
      if (!written) expectation.add(written.error().text());
    }
  }
  result.failures = std::move(expectation.failures());
  return finish();
}

}  // namespace freshet::host
