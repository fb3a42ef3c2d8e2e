// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_report.h"

#include "core/liquid/analysis.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

using liquid::Place;
using record::Member;
using record::Value;

/// An object under construction; everything lives in the arena.
class Entry {
 public:
  explicit Entry(Arena& arena) : m_arena(arena) {}
  Entry& add(std::string_view key, const Value& value) {
    m_members.push_back({key, value});
    return *this;
  }
  Entry& add(std::string_view key, std::string_view text) {
    return add(key, Value(m_arena.copy(text)));
  }
  Entry& addPlace(std::string_view file, const Place& place) {
    return add("file", file)
        .add("line", Value(std::int64_t{place.line}))
        .add("column", Value(std::int64_t{place.column}));
  }
  Value done() const {
    const auto members = m_arena.array<Member>(m_members.size());
    std::ranges::copy(m_members, members.begin());
    return Value(std::span<const Member>(members));
  }

 private:
  Arena& m_arena;
  std::vector<Member> m_members;
};

template <class Range, class Make>
Value listOf(const Range& range, Arena& arena, Make make) {
  const auto items = arena.array<Value>(range.size());
  std::size_t next = 0;
  for (const auto& each : range) items[next++] = make(Entry(arena), each).done();
  return Value(std::span<const Value>(items));
}

Entry& addMention(Entry& entry, const liquid::Mention& mention) {
  return entry.add("name", mention.name).addPlace(mention.file, mention.place);
}

std::string_view textOf(std::string_view output, const liquid::Origin& origin) {
  return output.substr(origin.begin, origin.end - origin.begin);
}

}  // namespace

std::string analysisJson(const liquid::Template& source) {
  Arena arena;
  const liquid::Analysis found = liquid::analyse(source);
  Entry all(arena);
  all.add("errors", listOf(source.diagnostics(), arena, [](Entry entry, const auto& each) {
            return entry.add("code", each.code)
                .add("severity", each.severity == liquid::Severity::Error ? "error" : "warning")
                .add("message", each.message)
                .add("hint", each.hint)
                .addPlace(each.file, each.place);
          }));
  all.add("variables", listOf(found.variables, arena, [](Entry entry, const auto& each) {
            return entry.add("path", each.path)
                .addPlace(each.file, each.place)
                .add("guarded", Value(each.isGuarded));
          }));
  all.add("filters", listOf(found.filters, arena,
                            [](Entry entry, const auto& each) { return addMention(entry, each); }));
  all.add("partials", listOf(found.partials, arena, [](Entry entry, const auto& each) {
            return addMention(entry, each.at)
                .add("tag", each.isRender ? "render" : "include")
                .add("found", Value(each.isFound));
          }));
  all.add("branches", listOf(found.branches, arena, [](Entry entry, const auto& each) {
            return addMention(entry, each.at);
          }));
  return record::toPrettyJson(all.done()) + '\n';
}

std::string originsJson(std::string_view output, const std::vector<liquid::Origin>& origins) {
  Arena arena;
  Entry all(arena);
  all.add("output", output);
  all.add("origins", listOf(origins, arena, [&](Entry entry, const liquid::Origin& each) {
            return entry.add("begin", Value(static_cast<std::int64_t>(each.begin)))
                .add("end", Value(static_cast<std::int64_t>(each.end)))
                .add("text", textOf(output, each))
                .add("path", each.path)
                .addPlace(each.file, each.place);
          }));
  return record::toPrettyJson(all.done()) + '\n';
}

std::string originsText(std::string_view output, const std::vector<liquid::Origin>& origins) {
  std::string out;
  for (const liquid::Origin& each : origins) {
    out += std::to_string(each.begin) + '-' + std::to_string(each.end) + '\t';
    out += each.path.empty() ? "(computed)" : each.path;
    out += '\t' + each.file + ':' + std::to_string(each.place.line) + ':' +
           std::to_string(each.place.column) + '\t';
    record::writeJsonString(textOf(output, each), out);
    out += '\n';
  }
  return out;
}

}  // namespace freshet::cli
