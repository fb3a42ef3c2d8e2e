// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/nodes/bind.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using record::Member;
using record::Value;
using spec::field;
using spec::FieldType;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "map";
  spec.family = spec::Family::Route;
  spec.title = "Change fields";
  spec.summary = "Sets, adds and removes fields, in the event or in a section of your own.";
  spec.icon = "sliders";
  spec.synonyms = {"map", "set", "rename", "compute", "transform", "variables", "mutate", "remove"};
  spec.outputs = {{"out", "Out"}};
  spec.addsSections = {"=set"};
  spec.fields.push_back(field("set", FieldType::Map, "Set",
                              "Each field and its new value, in this order: event.total, or vars.x "
                              "for a section of your own."));
  spec.fields.push_back(field("remove", FieldType::List, "Remove",
                              "Fields to take out afterwards, such as event.context.userAgent."));
  spec.examples = {{"A price band", R"j({"set": {"vars.price_band":
           "{% if event.price > 100 %}high{% else %}low{% endif %}"}})j"},
                   {"A sum with tax, and no user agent",
                    R"({"set": {"event.total": "{{ event.net | times: 1.21 }}"},
           "remove": ["event.context.userAgent"]})"}};
  return spec;
}

/// "event.props.price": a slot and the keys below it.
struct Path {
  std::uint32_t slot = 0;
  std::vector<std::string> keys;
};

Result<Path> readPath(std::string_view text, std::string_view field, stage::BuildContext& context) {
  const auto segments = split(text, '.');
  const bool hasGap = std::ranges::any_of(segments, [](auto segment) { return segment.empty(); });
  const std::string quoted = std::string(1, '"').append(text).append(1, '"');
  if (hasGap) {
    return Error{"E-2110", quoted + " is no path; write it like vars.price_band",
                 std::string(field)};
  }
  if (segments.front() == "meta") {
    return Error{"E-2110", quoted + " cannot be changed: meta says how the event arrived",
                 std::string(field)};
  }
  Path path;
  path.slot = context.slot(segments.front());
  path.keys.assign(segments.begin() + 1, segments.end());
  return path;
}

/// `object` with the value below `keys` set; what stands in the way and is no object is replaced.
Value withPath(const Value& object, std::span<const std::string> keys, const Value& value,
               Arena& arena) {
  if (keys.empty()) return value;
  const Value below = withPath(object.get(keys.front()), keys.subspan(1), value, arena);
  return record::withMember(object, keys.front(), below, arena);
}

Value withoutPath(const Value& object, std::span<const std::string> keys, Arena& arena) {
  if (keys.empty()) return Value();
  const Value* const found = object.find(keys.front());
  if (!found) return object;
  if (keys.size() > 1) {
    return record::withMember(object, keys.front(), withoutPath(*found, keys.subspan(1), arena),
                              arena);
  }
  const auto kept = arena.array<Member>(object.size());
  const auto [in, end] =
      std::ranges::remove_copy(object.asObject(), kept.begin(), keys.front(), &Member::key);
  return Value(std::span<const Member>(kept.begin(), end));
}

class Map final : public stage::Stage {
 public:
  struct Change {
    Path path;
    BoundMember value;
  };

  Map(std::vector<Change> set, std::vector<Path> remove)
      : m_set(std::move(set)), m_remove(std::move(remove)) {}

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    Arena& arena = *batch.arena;
    for (record::Record* record : batch.records) {
      for (const Change& change : m_set) {
        Value& section = record->sections[change.path.slot];
        section = withPath(section, change.path.keys, change.value.evaluate(*record, arena), arena);
      }
      for (const Path& path : m_remove) {
        Value& section = record->sections[path.slot];
        section = withoutPath(section, path.keys, arena);
      }
      out.emit(0, record);
    }
    return stage::Step::Done;
  }

 private:
  std::vector<Change> m_set;
  std::vector<Path> m_remove;
};

Result<std::unique_ptr<stage::Stage>> makeMap(const spec::Config& config,
                                              stage::BuildContext& context) {
  auto members = bindMap(config, "set", context);
  if (!members) return members.error();
  std::vector<Map::Change> set;
  for (BoundMember& member : *members) {
    auto path = readPath(member.name, "set", context);
    if (!path) return path.error();
    set.push_back({std::move(*path), std::move(member)});
  }
  std::vector<Path> remove;
  if (const Value list = config.value("remove"); list.isArray()) {
    for (const Value& item : list.asArray()) {
      auto path = readPath(item.isString() ? item.asString() : "", "remove", context);
      if (!path) return path.error();
      remove.push_back(std::move(*path));
    }
  }
  return std::unique_ptr<stage::Stage>(std::make_unique<Map>(std::move(set), std::move(remove)));
}

}  // namespace

stage::NodeType mapNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = makeMap;
  return type;
}

}  // namespace freshet::nodes
