// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <initializer_list>

#include "core/pipeline/files.h"
#include "core/pipeline/format.h"
#include "core/pipeline/json_places.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

namespace fs = std::filesystem;
using record::Kind;
using record::Member;
using record::OwnedValue;
using record::Value;

/// The members of `object` whose keys are not among `known`, in their order.
OwnedValue unknownOf(const Value& object, std::initializer_list<std::string_view> known) {
  std::vector<Member> unknown;
  for (const Member& member : object.asObject()) {
    if (std::ranges::find(known, member.key) == known.end()) unknown.push_back(member);
  }
  return unknown.empty() ? OwnedValue() : OwnedValue(Value(std::span<const Member>(unknown)));
}

/// Reads one file into its part of the project; the first fault wins.
class Reader {
 public:
  explicit Reader(const PlacedJson& file) : m_file(file) {}

  Status pipeline(Project& project) {
    Pipeline& to = project.pipeline;
    const Value& root = m_file.value();
    if (auto bad = header(root, "a pipeline"); !bad) return bad;
    text(root, "", "name", to.name);
    text(root, "", "title", to.title);
    if (const Value found = member(root, "", "connections", Kind::Object); !found.isNil()) {
      to.connections = OwnedValue(found);
      for (const Member& connection : found.asObject()) {
        const std::string path = "connections/" + std::string(connection.key);
        if (!connection.value.isObject()) fault(path, "a connection is an object { }");
        m_file.addTo(project.places, path, path);
      }
    }
    const Value nodes = member(root, "", "nodes", Kind::Array);
    for (std::size_t i = 0; i < nodes.size(); ++i) node(nodes.asArray()[i], i, project);
    const Value edges = member(root, "", "edges", Kind::Array);
    for (std::size_t i = 0; i < edges.size(); ++i) edge(edges.asArray()[i], i, project);
    to.extra = unknownOf(root, {"formatVersion", "name", "title", "connections", "nodes", "edges"});
    m_file.addTo(project.places, "name", "name");
    return m_status;
  }

  Status layout(Layout& to) {
    const Value& root = m_file.value();
    if (auto bad = header(root, "a layout"); !bad) return bad;
    const Value nodes = member(root, "", "nodes", Kind::Object);
    if (nodes.isObject()) {
      for (const Member& placed : nodes.asObject()) {
        const std::string path = "nodes/" + std::string(placed.key);
        if (!isObject(placed.value, path)) break;
        to.nodes.push_back({std::string(placed.key), point(placed.value, path),
                            unknownOf(placed.value, {"x", "y"})});
      }
    }
    const Value groups = member(root, "", "groups", Kind::Array);
    for (std::size_t i = 0; i < groups.size(); ++i) group(groups.asArray()[i], i, to);
    const Value notes = member(root, "", "notes", Kind::Array);
    for (std::size_t i = 0; i < notes.size(); ++i) note(notes.asArray()[i], i, to);
    to.extra = unknownOf(root, {"formatVersion", "nodes", "groups", "notes"});
    return m_status;
  }

 private:
  void fault(std::string_view path, std::string message) {
    if (m_status) m_status = m_file.error(path, "E-1004", std::move(message));
  }

  Status header(const Value& root, std::string_view what) {
    return checkFormat(m_file, root, what);
  }

  bool isObject(const Value& value, std::string_view path) {
    if (!value.isObject()) fault(path, "this should be an object { }");
    return value.isObject();
  }

  Value member(const Value& object, std::string_view path, std::string_view key, Kind kind) {
    const Value found = object.get(key);
    if (found.isNil() || found.kind() == kind) return found;
    const std::string_view words = kind == Kind::Object  ? "an object { }"
                                   : kind == Kind::Array ? "a list [ ]"
                                                         : "a text in double quotes";
    fault(path.empty() ? std::string(key) : std::string(path) + '/' + std::string(key),
          '"' + std::string(key) + "\" should be " + std::string(words));
    return {};
  }

  void text(const Value& object, std::string_view path, std::string_view key, std::string& to) {
    if (const Value found = member(object, path, key, Kind::String); found.isString()) {
      to = found.asString();
    }
  }

  double number(const Value& object, std::string_view path, std::string_view key) {
    const Value found = object.get(key);
    if (!found.isNil() && !found.isNumber()) {
      fault(std::string(path) + '/' + std::string(key),
            '"' + std::string(key) + "\" should be a number");
    }
    return found.number();
  }

  Point point(const Value& object, std::string_view path) {
    return {number(object, path, "x"), number(object, path, "y")};
  }

  void node(const Value& from, std::size_t index, Project& project) {
    const std::string path = "nodes/" + std::to_string(index);
    if (!isObject(from, path)) return;
    Node made;
    text(from, path, "id", made.id);
    text(from, path, "type", made.type);
    text(from, path, "title", made.title);
    if (const Value settings = member(from, path, "settings", Kind::Object); !settings.isNil()) {
      made.settings = OwnedValue(settings);
    }
    made.extra = unknownOf(from, {"id", "type", "title", "settings"});
    project.places.at.insert_or_assign(path, m_file.place(path + "/id"));
    if (!project.places.at.contains(made.id)) {
      // The settings' places first, so that the node's own is the id's and not the settings' key.
      m_file.addTo(project.places, path + "/settings", made.id);
      project.places.at.insert_or_assign(made.id, m_file.place(path + "/id"));
      project.places.at.insert_or_assign(made.id + ".type", m_file.place(path + "/type"));
    }
    project.pipeline.nodes.push_back(std::move(made));
  }

  void edge(const Value& from, std::size_t index, Project& project) {
    const std::string path = "edges/" + std::to_string(index);
    if (!from.isString()) return fault(path, "a wire is a text: \"from -> to\"");
    auto made = Edge::fromText(from.asString());
    if (!made) {
      if (m_status) m_status = m_file.error(path, made.error().code, made.error().message);
      return;
    }
    m_file.addTo(project.places, path, "edge " + made->text());
    project.pipeline.edges.push_back(std::move(*made));
  }

  void group(const Value& from, std::size_t index, Layout& to) {
    const std::string path = "groups/" + std::to_string(index);
    if (!isObject(from, path)) return;
    Layout::Group made;
    text(from, path, "title", made.title);
    const Value members = member(from, path, "members", Kind::Array);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const Value& id = members.asArray()[i];
      if (!id.isString()) return fault(path + "/members/" + std::to_string(i), "this is no id");
      made.members.emplace_back(id.asString());
    }
    made.extra = unknownOf(from, {"title", "members"});
    to.groups.push_back(std::move(made));
  }

  void note(const Value& from, std::size_t index, Layout& to) {
    const std::string path = "notes/" + std::to_string(index);
    if (!isObject(from, path)) return;
    Layout::Note made;
    made.at = point(from, path);
    made.width = number(from, path, "width");
    made.height = number(from, path, "height");
    text(from, path, "text", made.text);
    made.extra = unknownOf(from, {"x", "y", "width", "height", "text"});
    to.notes.push_back(std::move(made));
  }

  const PlacedJson& m_file;
  Status m_status;
};

Result<fs::path> onlyPipelineIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().ends_with(kPipelineSuffix)) found.push_back(entry.path());
  }
  if (error) {
    return Error{"E-1002", "cannot read " + folder.string() + ": " + reasonOf(error.value()),
                 folder.string()};
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return Error{"E-1002", "there is no *.pipeline.json in this folder", folder.string()};
  }
  std::ranges::sort(found);
  return Error{"E-1006",
               "there are several pipelines in this folder; name one of them, such as " +
                   found.front().filename().string(),
               folder.string()};
}

}  // namespace

const Places::Place* Places::find(std::string_view key) const {
  for (;; key = key.substr(0, key.rfind('/'))) {
    if (const auto found = at.find(key); found != at.end()) return &found->second;
    if (key.find('/') == std::string_view::npos) return nullptr;
  }
}

Status checkFormat(const PlacedJson& file, const Value& root, std::string_view what) {
  if (!root.isObject()) {
    return file.error("", "E-1004", std::string(what) + " is an object { }");
  }
  const Value version = root.get("formatVersion");
  if (version.isNil()) return {};
  if (!version.isInt() || version.asInt() < 1) {
    return file.error("formatVersion", "E-1004", "\"formatVersion\" should be a whole number");
  }
  if (version.asInt() > kFormatVersion) {
    return file.error("formatVersion", "E-1003",
                      "this file has format " + std::to_string(version.asInt()) +
                          ", this Freshet reads up to " + std::to_string(kFormatVersion) +
                          ": a newer Freshet wrote it; install that one");
  }
  return {};
}

std::string layoutFileOf(std::string_view pipelineFile) {
  if (pipelineFile.ends_with(kPipelineSuffix)) pipelineFile.remove_suffix(kPipelineSuffix.size());
  return std::string(pipelineFile) + std::string(kLayoutSuffix);
}

Result<Project> readProject(std::string_view folder, std::string_view pipelineFile,
                            std::string_view pipelineText, std::string_view layoutText) {
  Project project;
  project.folder = folder;
  project.pipelineFile = pipelineFile;
  const auto file = PlacedJson::read(pipelineFile, pipelineText);
  if (!file) return file.error();
  if (auto read = Reader(*file).pipeline(project); !read) return read.error();
  for (auto& [key, place] : project.places.at) place.file.clear();
  if (!layoutText.empty()) {
    const auto layout = PlacedJson::read(layoutFileOf(pipelineFile), layoutText);
    if (!layout) return layout.error();
    if (auto read = Reader(*layout).layout(project.layout); !read) return read.error();
  }
  return project;
}

Result<Project> loadProject(std::string_view path) {
  std::error_code ignored;
  fs::path file = fs::absolute(fs::path(path), ignored).lexically_normal();
  if (!file.has_filename()) file = file.parent_path();
  if (fs::is_directory(file, ignored)) {
    auto only = onlyPipelineIn(file);
    if (!only) return only.error();
    file = *only;
  }
  const auto text = readFile(file.string());
  if (!text) return text.error();
  const fs::path layout = file.parent_path() / layoutFileOf(file.filename().string());
  std::string layoutText;
  if (fs::exists(layout, ignored)) {
    auto read = readFile(layout.string());
    if (!read) return read.error();
    layoutText = std::move(*read);
  }
  return readProject(file.parent_path().string(), file.filename().string(), *text, layoutText);
}

}  // namespace freshet::pipeline
