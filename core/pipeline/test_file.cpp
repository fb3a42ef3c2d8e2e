// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/test_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/pipeline/findings.h"
#include "core/pipeline/json_places.h"

namespace freshet::pipeline {
namespace {

namespace fs = std::filesystem;
using record::Member;
using record::Value;

constexpr std::string_view kEnding = ".test.json";
constexpr std::string_view kFolder = "tests";

/// "file:line:col" as in an Error's place.
Diagnostic asDiagnostic(const std::string& file, const Error& error) {
  Diagnostic found;
  found.code = error.code;
  found.message = error.message;
  found.file = file;
  found.line = found.column = 1;
  if (!error.where.starts_with(file + ':')) return found;
  const auto parts = split(std::string_view(error.where).substr(file.size() + 1), ':');
  const auto number = [](std::string_view text, int& into) {
    (void)std::from_chars(text.data(), text.data() + text.size(), into);
  };
  if (!parts.empty()) number(parts[0], found.line);
  if (parts.size() > 1) number(parts[1], found.column);
  return found;
}

bool isTime(const Value& value) {
  return value.isString() && parseIsoTime(value.asString());
}

/// Checks one test against its pipeline.
class Check {
 public:
  Check(const PlacedJson& json, const Project& project, const spec::SpecCatalog& catalog,
        TestFile& test, const std::string& file)
      : m_json(json), m_test(test), m_file(file) {
    for (const Node& node : project.pipeline.nodes) {
      const spec::NodeSpec* spec = catalog.find(node.type);
      if (!spec) continue;
      if (spec->family == spec::Family::Source) m_sources.push_back(node.id);
      if (spec->family == spec::Family::Sink) m_sinks.push_back(node.id);
    }
    for (const Edge& edge : project.pipeline.edges) m_edges.push_back(edge.text());
    if (project.pipeline.connections->isObject()) {
      for (const Member& each : project.pipeline.connections->asObject())
        m_connections.emplace_back(each.key);
    }
  }

  void run() {
    const Value& test = m_json.value();
    known("", test, {"name", "now", "seed", "env", "settings", "profiles", "events", "expect"});
    if (const Value now = test.get("now"); !now.isNil() && !isTime(now))
      wrong("now", "a time such as 2026-01-05T08:00:00Z");
    if (const Value seed = test.get("seed"); !seed.isNil() && !seed.isInt())
      wrong("seed", "a whole number");
    if (!test.get("events").isArray()) wrong("events", "a list of events");
    if (!test.get("expect").isObject()) wrong("expect", "an object of what is expected");
    profiles("profiles", test.get("profiles"));
    const Value events = test.get("events");
    for (std::size_t i = 0; events.isArray() && i < events.size(); ++i)
      event("events/" + std::to_string(i), events.asArray()[i]);
    expectation(test.get("expect"));
  }

 private:
  void event(const std::string& path, const Value& value) {
    if (!value.isObject()) return wrong(path, "an object");
    known(path + '/', value,
          {"source", "key", "partition", "offset", "time", "headers", "event", "bytes", "after",
           "at"});
    if (const Value source = value.get("source"); source.isString())
      named(path + "/source", std::string(source.asString()), m_sources, "source");
    for (const std::string_view name : {"time", "at"}) {
      if (const Value at = value.get(name); !at.isNil() && !isTime(at))
        wrong(path + '/' + std::string(name), "a time such as 2026-01-05T08:00:00Z");
    }
    const Value after = value.get("after");
    if (!after.isNil() && !(after.isString() && parseDuration(after.asString())))
      wrong(path + "/after", "a time span such as 30 min");
  }

  void expectation(const Value& expect) {
    if (!expect.isObject()) return;
    known("expect/", expect, {"sinks", "edges", "emails", "dead", "profiles", "counts"});
    names("expect/sinks", expect.get("sinks"), m_sinks, "sink");
    names("expect/edges", expect.get("edges"), m_edges, "wire");
    profiles("expect/profiles", expect.get("profiles"));
  }

  void profiles(const std::string& path, const Value& value) {
    names(path, value, m_connections, "connection");
    if (!value.isObject()) return;
    for (const Member& each : value.asObject()) {
      if (!each.value.isObject())
        wrong(path + '/' + std::string(each.key), "an object of profiles by key");
    }
  }

  void names(const std::string& path, const Value& value, const std::vector<std::string>& among,
             std::string_view what) {
    if (value.isNil()) return;
    if (!value.isObject()) return wrong(path, "an object by " + std::string(what));
    for (const Member& each : value.asObject())
      named(path + '/' + std::string(each.key), std::string(each.key), among, what);
  }

  void named(const std::string& path, const std::string& name,
             const std::vector<std::string>& among, std::string_view what) {
    if (std::ranges::find(among, name) != among.end()) return;
    add(path, "E-1402", "there is no " + std::string(what) + " called " + name,
        suggestion(name, among));
  }

  void known(const std::string& path, const Value& object,
             std::initializer_list<std::string_view> names) {
    if (!object.isObject()) return add("", "E-1401", "a test is an object { }", {});
    for (const Member& member : object.asObject()) {
      if (std::ranges::find(names, member.key) != names.end()) continue;
      add(path + std::string(member.key), "E-1401",
          '"' + std::string(member.key) + "\" is no part of a test",
          suggestion(member.key, {names.begin(), names.end()}));
    }
  }

  void wrong(const std::string& path, std::string_view what) {
    add(path, "E-1401", path + " must be " + std::string(what), {});
  }

  void add(const std::string& path, std::string_view code, std::string message, std::string hint) {
    Diagnostic found;
    found.code = code;
    found.message = std::move(message);
    found.hint = std::move(hint);
    found.file = m_file;
    const Places::Place place = m_json.place(path);
    found.line = std::max(1, place.line);
    found.column = std::max(1, place.column);
    m_test.problems.push_back(std::move(found));
  }

  const PlacedJson& m_json;
  TestFile& m_test;
  std::string m_file;
  std::vector<std::string> m_sources, m_sinks, m_edges, m_connections;
};

}  // namespace

std::vector<std::string> testFiles(const Project& project) {
  std::vector<std::string> files;
  std::error_code failed;
  fs::directory_iterator at(fs::path(project.folder) / kFolder, failed);
  for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (name.ends_with(kEnding)) files.push_back(std::string(kFolder) + '/' + name);
  }
  std::ranges::sort(files);
  return files;
}

TestFile readTestFile(const Project& project, const std::string& file,
                      const spec::SpecCatalog& catalog) {
  TestFile test;
  const auto text = readProjectFile(project, file);
  const auto json = text ? PlacedJson::read(file, *text) : Result<PlacedJson>(text.error());
  if (!json) {
    test.problems.push_back(asDiagnostic(file, json.error()));
    return test;
  }
  test.content = record::OwnedValue(json->value());
  // In an environment steps may be others.
  const Value env = test.content->get("env");
  const auto overlaid = env.isString() ? withOverlay(project, env.asString()) : Result(project);
  if (!overlaid) {
    test.problems.push_back(asDiagnostic(file, overlaid.error()));
    return test;
  }
  Check(*json, *overlaid, catalog, test, file).run();
  return test;
}

std::vector<Diagnostic> lintTests(const Project& project, const spec::SpecCatalog& catalog) {
  std::vector<Diagnostic> found;
  for (const std::string& file : testFiles(project)) {
    for (Diagnostic& problem : readTestFile(project, file, catalog).problems)
      found.push_back(std::move(problem));
  }
  return found;
}

}  // namespace freshet::pipeline
