// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "app/cli/lint.h"
#include "core/pipeline/codes.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

using pipeline::Diagnostic;
using record::Member;
using record::Value;

/// Builds nested JSON in one arena.
class Json {
 public:
  static Value text(std::string_view value) { return Value(value); }
  Value kept(const std::string& value) { return Value(m_arena.copy(value)); }
  Value object(std::initializer_list<Member> members) {
    const auto all = m_arena.array<Member>(members.size());
    std::ranges::copy(members, all.begin());
    return Value(std::span<const Member>(all));
  }
  Value array(const std::vector<Value>& items) {
    const auto all = m_arena.array<Value>(items.size());
    std::ranges::copy(items, all.begin());
    return Value(std::span<const Value>(all));
  }

 private:
  Arena m_arena;
};

Value resultOf(const Diagnostic& found, Json& json) {
  const std::string message =
      found.hint.empty() ? found.message : found.message + " (" + found.hint + ')';
  const Value region =
      json.object({{"startLine", Value(std::int64_t{std::max(found.line, 1)})},
                   {"startColumn", Value(std::int64_t{std::max(found.column, 1)})}});
  const Value place = json.object(
      {{"artifactLocation", json.object({{"uri", Json::text(found.file)}})}, {"region", region}});
  const bool isError = found.severity == pipeline::Severity::Error;
  return json.object({{"ruleId", Json::text(found.code)},
                      {"level", Json::text(isError ? "error" : "warning")},
                      {"message", json.object({{"text", json.kept(message)}})},
                      {"locations", json.array({json.object({{"physicalLocation", place}})})}});
}

}  // namespace

std::string toSarif(const std::vector<Diagnostic>& found) {
  Json json;
  std::set<std::string_view> used;
  std::vector<Value> results;
  for (const Diagnostic& each : found) {
    used.insert(each.code);
    results.push_back(resultOf(each, json));
  }
  std::vector<Value> rules;
  for (const std::string_view code : used) {
    const Value meaning = json.object({{"text", Json::text(pipeline::meaningOf(code))}});
    rules.push_back(json.object({{"id", Json::text(code)}, {"shortDescription", meaning}}));
  }
  const Value driver = json.object({{"name", Json::text("freshet")},
                                    {"version", Json::text(FRESHET_VERSION)},
                                    {"rules", json.array(rules)}});
  const Value run = json.object({{"tool", json.object({{"driver", driver}})},
                                 {"columnKind", Json::text("unicodeCodePoints")},
                                 {"results", json.array(results)}});
  return record::toPrettyJson(
      json.object({{"$schema", Json::text("https://json.schemastore.org/sarif-2.1.0.json")},
                   {"version", Json::text("2.1.0")},
                   {"runs", json.array({run})}}));
}

}  // namespace freshet::cli
