// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds an event for copying, parsing and checking. Arguments: events as NDJSON, a schema.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/nodes/json_schema/json_schema.h"
#include "core/record/json.h"

namespace {

using freshet::Arena;
using freshet::nodes::json_schema::JsonSchema;
using freshet::record::JsonReader;
using freshet::record::kJsonPadding;
using freshet::record::OwnedValue;
using freshet::record::Value;

constexpr int kRounds = 2000;
// A micro-batch: its values stay in the cache between parsing and checking.
constexpr std::size_t kMostEvents = 200;

std::string contents(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The quietest of many rounds of `work`, which handles `events` events: others use the machine
/// too.
template <class Work>
double nanoseconds(std::size_t events, Work work) {
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto from = freshet::monotonicNs();
    work();
    const auto took = static_cast<double>(freshet::monotonicNs() - from);
    if (round == 0 || took < best) best = took;
  }
  return best / static_cast<double>(events);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: json_schema_bench EVENTS.ndjson SCHEMA.json\n");
    return 2;
  }
  Arena documents;
  std::vector<std::string_view> events;
  const std::string text = contents(argv[1]);
  for (std::size_t at = 0; at < text.size() && events.size() < kMostEvents;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) {
      events.push_back(documents.copy(std::string_view(text).substr(at, end - at), kJsonPadding));
    }
    at = end + 1;
  }
  const auto document = OwnedValue::fromJson(contents(argv[2]));
  auto schema = document ? JsonSchema::compile(*document) : document.error();
  if (!schema || events.empty()) {
    std::fprintf(stderr, "%s\n", schema ? "no events" : schema.error().text().c_str());
    return 1;
  }

  Arena arena;
  JsonReader reader;
  std::vector<Value> values;
  std::size_t bytes = 0;
  for (const auto event : events) {
    auto value = reader.read(event, arena);
    if (!value || !schema->accepts(*value)) {
      std::fprintf(stderr, "an event is malformed or invalid\n");
      return 1;
    }
    values.push_back(*value);
    bytes += event.size();
  }
  std::size_t valid = 0;
  const double check = nanoseconds(events.size(), [&] {
    for (const Value& value : values) valid += schema->accepts(value) ? 1 : 0;
  });
  const double copy = nanoseconds(events.size(), [&] {
    arena.reset();
    for (const auto event : events) arena.copy(event, kJsonPadding);
  });
  const double parse = nanoseconds(events.size(), [&] {
    arena.reset();
    for (const auto event : events) valid += reader.read(event, arena).ok() ? 1 : 0;
  });
  const double both = nanoseconds(events.size(), [&] {
    arena.reset();
    for (const auto event : events) {
      const auto value = reader.read(event, arena);
      valid += value && schema->accepts(*value) ? 1 : 0;
    }
  });
  std::printf(
      "%zu events of %zu bytes; ns an event: copy %.0f, parse %.0f, check %.0f, both %.0f\n",
      events.size(), bytes / events.size(), copy, parse, check, both);
  return valid == events.size() * kRounds * 3 ? 0 : 1;
}
