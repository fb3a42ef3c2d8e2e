// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/pipeline/format.h"
#include "core/pipeline/json_places.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

using record::Member;
using record::OwnedValue;
using record::Value;

std::string didYouMean(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest(word, known);
  return near ? "; did you mean " + *near + '?' : std::string();
}

std::vector<std::string> idsOf(const Pipeline& pipeline) {
  std::vector<std::string> ids;
  for (const Node& node : pipeline.nodes) ids.push_back(node.id);
  return ids;
}

void removeNode(Pipeline& pipeline, std::string_view id) {
  std::erase_if(pipeline.nodes, [&](const Node& node) { return node.id == id; });
  std::erase_if(pipeline.edges, [&](const Edge& edge) { return edge.from == id || edge.to == id; });
}

/// One entry of an overlay's "nodes".
Status applyToNode(Project& project, const PlacedJson& file, const Member& entry) {
  const std::string id(entry.key);
  const std::string path = "nodes/" + id;
  Node* node = project.pipeline.find(id);
  if (!node) {
    return file.errorAtName(
        path, "E-1007",
        "this pipeline has no step \"" + id + '"' + didYouMean(id, idsOf(project.pipeline)));
  }
  if (!entry.value.isObject()) return file.error(path, "E-1004", "this should be an object { }");
  const Value* type = entry.value.find("type");
  const Value settings = entry.value.get("settings");
  if (type && type->isNil()) {
    removeNode(project.pipeline, id);
    return {};
  }
  if (type && !type->isString()) {
    return file.error(path + "/type", "E-1004", "\"type\" should be a text or null");
  }
  if (!settings.isNil() && !settings.isObject()) {
    return file.error(path + "/settings", "E-1004", "\"settings\" should be an object { }");
  }
  if (type) {
    node->type = type->asString();
    node->settings = settings.isNil() ? OwnedValue() : OwnedValue(settings);
    const std::string below = id + '/';
    std::erase_if(project.places.at,
                  [&](const auto& place) { return place.first.starts_with(below); });
    project.places.at.insert_or_assign(id, file.place(path));
    project.places.at.insert_or_assign(id + ".type", file.place(path + "/type"));
  } else if (settings.isObject()) {
    for (const Member& setting : settings.asObject()) {
      node->settings = setting.value.isNil() ? node->settings.without(setting.key)
                                             : node->settings.with(setting.key, setting.value);
    }
  }
  if (settings.isObject()) {
    for (const Member& setting : settings.asObject()) {
      const std::string name(setting.key);
      file.addTo(project.places, path + "/settings/" + name, id + '/' + name);
    }
  }
  return {};
}

/// `object` with the member at a dotted path set; nil removes it.
Value withPath(const Value& object, std::string_view path, const Value& value, Arena& arena) {
  const std::size_t dot = path.find('.');
  const std::string_view key = path.substr(0, dot);
  if (dot != std::string_view::npos) {
    return record::withMember(object, key,
                              withPath(object.get(key), path.substr(dot + 1), value, arena), arena);
  }
  if (!value.isNil()) return record::withMember(object, key, value, arena);
  std::vector<Member> kept;
  if (object.isObject()) {
    std::ranges::copy_if(object.asObject(), std::back_inserter(kept),
                         [&](const Member& member) { return member.key != key; });
  }
  const auto members = arena.array<Member>(kept.size());
  std::ranges::copy(kept, members.begin());
  return Value(std::span<const Member>(members));
}

}  // namespace

Result<Project> withOverlay(const Project& project, std::string_view env) {
  namespace fs = std::filesystem;
  const std::string name = "env/" + std::string(env) + ".json";
  const auto text = readProjectFile(project, name);
  if (!text) {
    std::vector<std::string> known;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(project.folder) / "env", ignored)) {
      if (entry.path().extension() == ".json") known.push_back(entry.path().stem());
    }
    return Error{"E-1007",
                 "there is no environment \"" + std::string(env) + "\" (looked for " + name + ')' +
                     didYouMean(env, known),
                 name};
  }
  const auto file = PlacedJson::read(name, *text);
  if (!file) return file.error();
  const Value& root = file->value();
  if (auto bad = checkFormat(*file, root, "an overlay"); !bad) return bad.error();
  Project changed = project;
  for (const std::string_view part : {"connections", "nodes"}) {
    const Value found = root.get(part);
    if (!found.isNil() && !found.isObject()) {
      return file->error(part, "E-1004", '"' + std::string(part) + "\" should be an object { }");
    }
  }
  if (const Value connections = root.get("connections"); connections.isObject()) {
    for (const Member& connection : connections.asObject()) {
      const std::string path = "connections/" + std::string(connection.key);
      if (!connection.value.isObject()) {
        return file->error(path, "E-1004", "a connection is an object { }");
      }
      changed.pipeline.connections =
          changed.pipeline.connections.with(connection.key, connection.value);
      file->addTo(changed.places, path, path);
    }
  }
  if (const Value nodes = root.get("nodes"); nodes.isObject()) {
    for (const Member& entry : nodes.asObject()) {
      if (auto applied = applyToNode(changed, *file, entry); !applied) return applied.error();
    }
  }
  return changed;
}

Result<Project> withSetting(const Project& project, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string_view target = trim(assignment.substr(0, equals));
  const std::size_t dot = target.find('.');
  if (equals == std::string_view::npos || dot == std::string_view::npos ||
      dot + 1 == target.size()) {
    return Error{"E-1008", "a setting is written node.field=value, not " + oneLine(assignment, 80),
                 "--set"};
  }
  const std::string_view text = assignment.substr(equals + 1);
  Arena arena(512);
  const auto parsed = record::parseJson(text, arena);
  const Value value = parsed ? *parsed : Value(text);
  Project changed = project;
  const std::string_view id = target.substr(0, dot);
  const std::string_view path = target.substr(dot + 1);
  if (Node* node = changed.pipeline.find(id)) {
    node->settings = OwnedValue(withPath(*node->settings, path, value, arena));
    return changed;
  }
  if (id == "connections") {
    changed.pipeline.connections =
        OwnedValue(withPath(*changed.pipeline.connections, path, value, arena));
    return changed;
  }
  return Error{
      "E-1008",
      "there is no step \"" + std::string(id) + '"' + didYouMean(id, idsOf(project.pipeline)),
      "--set"};
}

}  // namespace freshet::pipeline
