// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/stage_cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/liquid/environment.h"
#include "core/nodes/all_nodes.h"
#include "tests/support/fake_context.h"

namespace freshet::testing {
namespace {

using record::Member;
using record::Record;
using record::Value;

const std::set<std::string_view> kOriginMembers = {"bytes",  "key",   "time",     "partition",
                                                   "offset", "shard", "watermark"};

Value textValue(std::string_view text) {
  return Value(text);
}

std::span<const Member> membersOf(const Value& object) {
  return object.isObject() ? object.asObject() : std::span<const Member>();
}

std::span<const Value> itemsOf(const Value& array) {
  return array.isArray() ? array.asArray() : std::span<const Value>();
}

TimeMs timeOf(const Value& value, TimeMs otherwise) {
  if (value.isInt()) return value.asInt();
  return value.isString() ? parseIsoTime(value.asString()).value_or(otherwise) : otherwise;
}

std::int64_t integerOf(const Value& value, std::int64_t otherwise) {
  return value.isInt() ? value.asInt() : otherwise;
}

class CaseRun {
 public:
  CaseRun(const StageCase& stageCase, std::size_t batchSize)
      : m_content(*stageCase.content), m_type(stageCase.type), m_batchSize(batchSize) {
    m_liquid.setLoader([this](std::string_view name) {
      return m_build.file("templates/partials/" + std::string(name) + ".liquid");
    });
    for (const Member& file : membersOf(m_content.get("files"))) {
      m_build.files[std::string(file.key)] =
          file.value.isString() ? std::string(file.value.asString()) : record::toJson(file.value);
    }
    m_build.isWrittenDownstream = m_content.get("writtenDownstream").truthy();
    for (const Member& profile : membersOf(m_content.get("profiles"))) {
      m_context.fakeProfiles.profiles.insert_or_assign(std::string(profile.key),
                                                       record::OwnedValue(profile.value));
    }
  }

  std::string run() {
    if (!makeStages()) return m_problems;
    readRecords();
    processAll();
    for (const Value& watermark : itemsOf(m_content.get("watermarks"))) {
      advance(timeOf(watermark, 0));
    }
    compare();
    return m_problems;
  }

 private:
  struct Made {
    const stage::NodeType* type = nullptr;
    std::unique_ptr<stage::Stage> stage;
    std::vector<std::string> ports;
  };

  void problem(const std::string& text) { m_problems += text + '\n'; }

  /// The node, and those that "chain" puts behind its first port.
  bool makeStages() {
    static const std::vector<stage::NodeType> kTypes = nodes::allNodes();
    std::vector<std::pair<std::string, Value>> wanted{{m_type, m_content.get("settings")}};
    for (const Value& next : itemsOf(m_content.get("chain"))) {
      wanted.emplace_back(next.get("type").asString(), next.get("settings"));
    }
    const Value expected = m_content.get("expect").get("error");
    for (const auto& [id, settings] : wanted) {
      const auto type = std::ranges::find_if(
          kTypes, [&](const stage::NodeType& known) { return known.spec.id == id; });
      if (type == kTypes.end() || !type->makeStage) {
        problem("there is no node " + id);
        return false;
      }
      auto made = type->makeStage(spec::Config(type->spec, record::OwnedValue(settings)), m_build);
      if (!made) {
        const Error& error = made.error();
        if (expected.isNil()) problem("not made: " + error.text());
        same("error's where", textValue(error.where), expected.get("where"));
        if (expected.find("code")) {
          same("error's code", textValue(error.code), expected.get("code"));
        }
        return false;
      }
      m_stages.push_back({&*type, std::move(*made), {}});
      for (const spec::PortSpec& port : type->spec.outputs) {
        m_stages.back().ports.push_back(port.name);
      }
      if (type->spec.outputsFromCases) {
        for (const Value& port : itemsOf(settings.get("cases"))) {
          m_stages.back().ports.emplace_back(port.get("name").asString());
        }
      }
    }
    if (!expected.isNil()) problem("expected an error, but the stage was made");
    return m_problems.empty();
  }

  void readRecords() {
    std::vector<const Value*> all;
    for (const Value& from : itemsOf(m_content.get("records"))) {
      all.push_back(&from);
      for (const Member& member : from.asObject()) {
        if (!kOriginMembers.contains(member.key)) m_build.slot(member.key);
      }
    }
    m_context.slots = m_build.slots;
    for (Made& made : m_stages) {
      if (const Status status = made.stage->open(m_context); !status) {
        problem("not opened: " + status.error().text());
      }
    }
    for (std::size_t i = 0; i < all.size(); ++i) m_records.push_back(makeRecord(*all[i], i));
  }

  Record* makeRecord(const Value& from, std::size_t index) {
    auto* origin = m_arena.make<record::Origin>();
    const Value bytes = from.get("bytes");
    origin->bytes = m_arena.copy(
        bytes.isString() ? std::string(bytes.asString()) : record::toJson(from.get("event")),
        record::kJsonPadding);
    origin->key = from.get("key").isString() ? from.get("key").asString() : std::string_view();
    origin->partition = static_cast<std::int32_t>(integerOf(from.get("partition"), 0));
    origin->shard = static_cast<std::uint32_t>(integerOf(from.get("shard"), origin->partition));
    origin->offset = integerOf(from.get("offset"), static_cast<std::int64_t>(index));
    origin->timeMs = timeOf(from.get("time"), static_cast<TimeMs>(index));
    origin->arrivedMs = origin->timeMs;
    origin->ordinal = static_cast<std::uint32_t>(index);
    TimeMs& watermark = m_watermarks.try_emplace(origin->shard, INT64_MIN).first->second;
    origin->watermarkMs = timeOf(from.get("watermark"), watermark);
    watermark = std::max(watermark, origin->timeMs);
    auto* record = m_arena.make<Record>(origin, m_arena.array<Value>(m_context.slots.size()));
    record::JsonReader reader;
    const auto event = reader.read(origin->bytes, m_arena);
    if (event) {
      record->sections[record::kEventSlot] = record::deepCopy(*event, m_arena);
    } else {
      problem("record " + std::to_string(index) + ": " + event.error().message);
    }
    for (const Member& member : from.asObject()) {
      if (!kOriginMembers.contains(member.key) && member.key != "event") {
        record->sections[m_build.slot(member.key)] = member.value;
      }
    }
    return record;
  }

  /// As a lane does it: a batch, then the timers of the shards it came from.
  void processAll() {
    std::map<std::uint32_t, TimeMs> reached;
    for (std::size_t from = 0; from < m_records.size();) {
      const std::size_t count = std::min(m_batchSize, m_records.size() - from);
      const auto records = std::span(m_records).subspan(from, count);
      process(0, records);
      for (const Record* record : records) {
        TimeMs& at = reached.try_emplace(record->origin->shard, INT64_MIN).first->second;
        at = std::max({at, record->origin->timeMs, record->origin->watermarkMs});
      }
      for (const auto& [shard, at] : reached) fire(shard, at);
      from += count;
    }
  }

  void process(std::size_t at, std::span<Record* const> records) {
    if (records.empty()) return;
    record::Batch batch{&m_arena, {records.begin(), records.end()}};
    stage::Output out(m_arena, std::max<std::size_t>(1, m_stages[at].ports.size()));
    auto step = m_stages[at].stage->process(batch, out);
    take(at, out);
    while (step && *step == stage::Step::More) {
      step = m_stages[at].stage->resume(out);
      take(at, out);
    }
    if (!step) problem("the stage failed: " + step.error().text());
  }

  void fire(std::uint32_t shard, TimeMs watermark) {
    const auto due = m_context.fakeState.takeDue(shard, watermark, m_arena);
    if (due.empty()) return;
    stage::Output out(m_arena, std::max<std::size_t>(1, m_stages[0].ports.size()));
    if (const Status status = m_stages[0].stage->onTimers(due, out); !status) {
      problem("the timers failed: " + status.error().text());
    }
    take(0, out);
  }

  void advance(TimeMs watermark) {
    for (const auto& [shard, at] : m_watermarks) fire(shard, watermark);
  }

  void take(std::size_t at, stage::Output& out) {
    for (const stage::Failure& failure : out.failures()) {
      const auto members = m_arena.array<Member>(4);
      members[0] = {"code", textValue(m_arena.copy(failure.code))};
      members[1] = {"message", textValue(m_arena.copy(failure.message))};
      members[2] = {"pointer", textValue(m_arena.copy(failure.pointer))};
      members[3] = {"record", Value(static_cast<std::int64_t>(failure.record->origin->ordinal))};
      m_failures.push_back(Value(std::span<const Member>(members)));
    }
    out.failures().clear();
    m_held += out.held().size();
    out.held().clear();
    for (std::size_t port = 0; port < out.ports().size(); ++port) {
      auto records = std::exchange(out.ports()[port], {});
      if (port == 0 && at + 1 < m_stages.size()) {
        process(at + 1, records);
        continue;
      }
      const auto& names = m_stages[at].ports;
      const std::string name = names.empty() ? "done" : names[port];
      for (const Record* record : records) m_ports[name].push_back(describe(*record));
    }
  }

  Value describe(const Record& record) {
    const record::Origin& origin = *record.origin;
    Value value;
    const auto set = [&](std::string_view name, const Value& member) {
      value = record::withMember(value, name, member, m_arena);
    };
    for (std::size_t slot = 0; slot < record.sections.size(); ++slot) {
      set(m_context.slots[slot], record::deepCopy(record.sections[slot], m_arena));
    }
    set("bytes", textValue(m_arena.copy(origin.bytes)));
    set("key", textValue(m_arena.copy(origin.key)));
    set("time", Value(origin.timeMs));
    set("partition", Value(static_cast<std::int64_t>(origin.partition)));
    set("offset", Value(origin.offset));
    set("shard", Value(static_cast<std::int64_t>(origin.shard)));
    return value;
  }

  void compare() {
    const Value expected = m_content.get("expect");
    const Value ports = expected.get("ports");
    for (const auto& [name, records] : m_ports) {
      if (!ports.find(name)) {
        problem(std::to_string(records.size()) + " unexpected at port " + name + ": " +
                record::toJson(records.front()));
      }
    }
    for (const Member& port : membersOf(ports)) {
      compareAll("port " + std::string(port.key), m_ports[std::string(port.key)],
                 itemsOf(port.value));
    }
    compareAll("failures", m_failures, itemsOf(expected.get("failures")));
    same("held", Value(static_cast<std::int64_t>(m_held)),
         expected.get("held").isNil() ? Value(std::int64_t{0}) : expected.get("held"));
    if (!expected.get("keys").isNil()) {
      same("keys with state", Value(static_cast<std::int64_t>(m_context.fakeState.rows.size())),
           expected.get("keys"));
    }
    for (const Member& profile : membersOf(expected.get("profiles"))) {
      same("profile " + std::string(profile.key), m_context.fakeProfiles.read(profile.key),
           profile.value);
    }
  }

  /// Order holds for each key; how keys lie between each other depends on the batch.
  void compareAll(const std::string& what, std::vector<Value> actual,
                  std::span<const Value> expectedItems) {
    std::vector<Value> expected(expectedItems.begin(), expectedItems.end());
    const auto byKey = [](const Value& a, const Value& b) {
      const Value left = a.get("key");
      const Value right = b.get("key");
      return left.isString() && right.isString() && left.asString() < right.asString();
    };
    std::ranges::stable_sort(actual, byKey);
    std::ranges::stable_sort(expected, byKey);
    if (actual.size() != expected.size()) {
      problem(what + ": expected " + std::to_string(expected.size()) + ", got " +
              std::to_string(actual.size()));
      for (const Value& value : actual) problem("  got " + record::toJson(value));
      return;
    }
    for (std::size_t i = 0; i < actual.size(); ++i) {
      for (const Member& member : membersOf(expected[i])) {
        same(what + ' ' + std::to_string(i) + ", " + std::string(member.key),
             actual[i].get(member.key),
             member.key == "time" ? Value(timeOf(member.value, 0)) : member.value);
      }
    }
  }

  void same(const std::string& what, const Value& actual, const Value& expected) {
    if (actual == expected) return;
    problem(what + ": expected " + record::toJson(expected) + ", got " + record::toJson(actual));
  }

  Value m_content;
  std::string m_type;
  std::size_t m_batchSize;
  liquid::TemplateEnvironment m_liquid;
  FakeBuild m_build{&m_liquid};
  FakeContext m_context;
  Arena m_arena;
  std::vector<Made> m_stages;
  std::vector<Record*> m_records;
  std::map<std::uint32_t, TimeMs> m_watermarks;
  std::map<std::string, std::vector<Value>> m_ports;
  std::vector<Value> m_failures;
  std::size_t m_held = 0;
  std::string m_problems;
};

}  // namespace

std::vector<StageCase> findStageCases(const std::string& folder) {
  namespace fs = std::filesystem;
  constexpr std::string_view kEnding = ".case.json";
  std::vector<StageCase> cases;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (!file.ends_with(kEnding)) continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    const std::string type = entry.path().parent_path().filename().string();
    StageCase found;
    found.name = type + '/' + file.substr(0, file.size() - kEnding.size());
    found.type = type;
    auto content = record::OwnedValue::fromJson(text.str());
    if (content) found.content = std::move(*content);
    cases.push_back(std::move(found));
  }
  std::ranges::sort(cases, {}, &StageCase::name);
  return cases;
}

std::string runStageCase(const StageCase& stageCase, std::size_t batchSize) {
  if (!stageCase.content->isObject()) return "the case is not a JSON object";
  return CaseRun(stageCase, batchSize).run();
}

}  // namespace freshet::testing
