// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/outcome.h"

#include <algorithm>

#include "core/record/json.h"

namespace freshet::runtime {
namespace {

using record::Value;

// A larger event is told by its size.
constexpr std::size_t kMostBytes = 4096;

class JsonObject {
 public:
  void set(std::string_view name, const Value& member) {
    if (!m_out.empty()) m_out += ',';
    record::writeJsonString(name, m_out);
    m_out += ':';
    record::writeJson(member, m_out);
  }
  std::string text() const { return '{' + m_out + '}'; }

 private:
  std::string m_out;
};

JsonObject described(const record::Record& record, std::span<const std::string> slots) {
  JsonObject object;
  object.set("key", Value(record.origin->key));
  object.set("time", Value(record.origin->timeMs));
  for (std::size_t slot = 0; slot < record.sections.size(); ++slot) {
    if (!record.sections[slot].isNil()) object.set(slots[slot], record.sections[slot]);
  }
  return object;
}

std::string_view keyOf(const std::string& json) {
  // `describe` writes the key first, escaped: as good to sort by as the key itself.
  constexpr std::size_t kBefore = std::string_view(R"({"key":")").size();
  std::size_t end = kBefore;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return std::string_view(json).substr(kBefore, end - kBefore);
}

}  // namespace

std::string describe(const record::Record& record, std::span<const std::string> slots) {
  return described(record, slots).text();
}

std::string deadJson(std::string_view node, const DeadRecord& dead) {
  const record::Origin& origin = *dead.record->origin;
  JsonObject object;
  object.set("node", Value(node));
  object.set("code", Value(std::string_view(dead.code)));
  object.set("message", Value(std::string_view(dead.message)));
  object.set("pointer", Value(std::string_view(dead.pointer)));
  object.set("partition", Value(std::int64_t{origin.partition}));
  object.set("offset", Value(origin.offset));
  if (origin.bytes.size() < kMostBytes) {
    object.set("bytes", Value(origin.bytes));
  } else {
    object.set("size", Value(static_cast<std::int64_t>(origin.bytes.size())));
  }
  return object.text();
}

std::string countsJson(const Counts& counts) {
  JsonObject object;
  const auto set = [&](std::string_view name, std::uint64_t count) {
    object.set(name, Value(static_cast<std::int64_t>(count)));
  };
  set("in", counts.in);
  set("out", counts.out);
  set("filtered", counts.filtered);
  set("dead", counts.dead);
  set("emitted", counts.emitted);
  set("errors", counts.errors);
  return object.text();
}

void Outcome::add(const LaneResult& result, const Topology& topology) {
  const auto& nodes = topology.nodes();
  const auto& slots = topology.slots();
  for (std::size_t node = 0; node < result.sinks.size(); ++node) {
    for (const record::Record* record : result.sinks[node])
      sinks[nodes[node].id].push_back(describe(*record, slots));
  }
  for (const Composed& entry : result.outbox) {
    JsonObject object = described(*entry.record, slots);
    object.set("id", Value(std::string_view(entry.id)));
    object.set("body", Value(std::string_view(entry.body)));
    sinks[nodes[entry.node].id].push_back(object.text());
  }
  for (const DeadRecord& record : result.dead)
    dead.push_back(deadJson(nodes[record.node].id, record));
  counts.add(result.counts);
}

void Outcome::finish() {
  for (auto* lists : {&sinks, &edges}) {
    for (auto& [name, records] : *lists) std::ranges::stable_sort(records, {}, keyOf);
  }
  std::ranges::sort(dead);
}

}  // namespace freshet::runtime
