// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/pipeline/format.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

using record::Member;
using record::Value;

/// Builds the tree that is then written; everything lives in one arena.
class Canonical {
 public:
  std::string text(const Pipeline& pipeline, const spec::SpecCatalog& catalog) {
    std::vector<Member> root{{"formatVersion", whole(kFormatVersion)},
                             {"name", string(pipeline.name)}};
    if (!pipeline.title.empty()) root.push_back({"title", string(pipeline.title)});
    if (pipeline.connections->size() > 0) {
      std::vector<Member> connections;
      for (const Member& entry : pipeline.connections->asObject()) {
        connections.push_back({entry.key, connection(entry.value, catalog)});
      }
      root.push_back({"connections", object(connections)});
    }
    std::vector<Value> nodes;
    for (const Node& each : pipeline.nodes) nodes.push_back(node(each, catalog.find(each.type)));
    root.push_back({"nodes", array(nodes)});
    std::vector<Value> edges;
    for (const Edge& each : pipeline.edges) edges.push_back(edge(each, pipeline, catalog));
    root.push_back({"edges", array(edges)});
    append(*pipeline.extra, root);
    return record::toPrettyJson(object(root));
  }

  std::string text(const Layout& layout) {
    std::vector<Member> root{{"formatVersion", whole(kFormatVersion)}};
    if (!layout.nodes.empty()) {
      std::vector<Member> nodes;
      for (const Layout::Placed& placed : layout.nodes) {
        nodes.push_back({placed.node, position(placed.at, *placed.extra)});
      }
      root.push_back({"nodes", object(nodes)});
    }
    if (!layout.groups.empty()) {
      std::vector<Value> groups;
      for (const Layout::Group& each : layout.groups) groups.push_back(group(each));
      root.push_back({"groups", array(groups)});
    }
    if (!layout.notes.empty()) {
      std::vector<Value> notes;
      for (const Layout::Note& each : layout.notes) notes.push_back(note(each));
      root.push_back({"notes", array(notes)});
    }
    append(*layout.extra, root);
    return record::toPrettyJson(object(root));
  }

 private:
  static Value whole(std::int64_t value) { return Value(value); }
  static Value string(std::string_view text) { return Value(text); }
  static Value number(double value) {
    // What a 64-bit integer cannot hold stays as it is.
    const bool isWhole = std::trunc(value) == value && std::abs(value) < 9e15;
    return isWhole ? Value(static_cast<std::int64_t>(value)) : Value(value);
  }

  Value object(const std::vector<Member>& members) {
    const auto kept = m_arena.array<Member>(members.size());
    std::ranges::copy(members, kept.begin());
    return Value(std::span<const Member>(kept));
  }

  Value array(const std::vector<Value>& items) {
    const auto kept = m_arena.array<Value>(items.size());
    std::ranges::copy(items, kept.begin());
    return Value(std::span<const Value>(kept));
  }

  static void append(const Value& extra, std::vector<Member>& to) {
    if (!extra.isObject()) return;
    to.insert(to.end(), extra.asObject().begin(), extra.asObject().end());
  }

  /// Known keys in the order of `first`, then the rest in theirs.
  Value ordered(const Value& from, std::initializer_list<std::string_view> first) {
    if (!from.isObject()) return from;
    std::vector<Member> members;
    for (const std::string_view key : first) {
      if (const Value* found = from.find(key)) members.push_back({key, *found});
    }
    for (const Member& member : from.asObject()) {
      if (std::ranges::find(first, member.key) == first.end()) members.push_back(member);
    }
    return object(members);
  }

  Value cases(const Value& from) {
    if (!from.isArray()) return from;
    std::vector<Value> items;
    for (const Value& item : from.asArray())
      items.push_back(ordered(item, {"name", "title", "when"}));
    return array(items);
  }

  Value setting(const spec::FieldSpec& field, const Value& value) {
    const bool isNumber =
        field.type == spec::FieldType::Number || field.type == spec::FieldType::Integer;
    if (isNumber && value.isFloat()) return number(value.asFloat());
    return field.type == spec::FieldType::Cases ? cases(value) : value;
  }

  void appendFields(const Value& settings, const std::vector<spec::FieldSpec>& fields,
                    std::vector<Member>& to) {
    if (!settings.isObject()) return;
    for (const spec::FieldSpec& field : fields) {
      const Value* found = settings.find(field.name);
      const bool isDefault = found && (found->isNil() || *found == *field.fallback);
      if (!found || isDefault) continue;
      to.push_back({field.name, setting(field, *found)});
    }
    for (const Member& member : settings.asObject()) {
      if (std::ranges::find(fields, member.key, &spec::FieldSpec::name) == fields.end()) {
        to.push_back(member);
      }
    }
  }

  Value connection(const Value& from, const spec::SpecCatalog& catalog) {
    const Value type = from.get("type");
    const spec::ConnectionSpec* spec =
        type.isString() ? catalog.findConnection(type.asString()) : nullptr;
    if (!spec) return ordered(from, {"type"});
    std::vector<Member> members{{"type", type}};
    std::vector<Member> settings;
    for (const Member& member : from.asObject()) {
      if (member.key != "type") settings.push_back(member);
    }
    appendFields(Value(std::span<const Member>(settings)), spec->fields, members);
    return object(members);
  }

  Value node(const Node& from, const spec::NodeSpec* spec) {
    std::vector<Member> members{{"id", string(from.id)}, {"type", string(from.type)}};
    if (!from.title.empty()) members.push_back({"title", string(from.title)});
    std::vector<Member> settings;
    static const std::vector<spec::FieldSpec> kNone;
    appendFields(*from.settings, spec ? spec->fields : kNone, settings);
    if (!settings.empty()) members.push_back({"settings", object(settings)});
    append(*from.extra, members);
    return object(members);
  }

  Value edge(const Edge& from, const Pipeline& pipeline, const spec::SpecCatalog& catalog) {
    Edge written = from;
    const Node* start = pipeline.find(from.from);
    const spec::NodeSpec* spec = start ? catalog.find(start->type) : nullptr;
    const bool hasFirst = spec && !spec->outputsFromCases && !spec->outputs.empty();
    if (hasFirst && spec->outputs.front().name == from.port) written.port.clear();
    return Value(m_arena.copy(written.text()));
  }

  Value position(Point at, const Value& extra) {
    std::vector<Member> members{{"x", number(at.x)}, {"y", number(at.y)}};
    append(extra, members);
    return object(members);
  }

  Value group(const Layout::Group& from) {
    std::vector<Value> ids;
    for (const std::string& id : from.members) ids.push_back(string(id));
    std::vector<Member> members{{"title", string(from.title)}, {"members", array(ids)}};
    append(*from.extra, members);
    return object(members);
  }

  Value note(const Layout::Note& from) {
    std::vector<Member> members{{"x", number(from.at.x)},
                                {"y", number(from.at.y)},
                                {"width", number(from.width)},
                                {"height", number(from.height)},
                                {"text", string(from.text)}};
    append(*from.extra, members);
    return object(members);
  }

  Arena m_arena;
};

}  // namespace

std::string canonicalText(const Pipeline& pipeline, const spec::SpecCatalog& catalog) {
  return Canonical().text(pipeline, catalog);
}

std::string canonicalText(const Layout& layout) {
  return Canonical().text(layout);
}

}  // namespace freshet::pipeline
