// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/profiles.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/pipeline/project.h"
#include "core/profile/embedded_store.h"
#include "core/runtime/state_db.h"

namespace freshet::cli {
namespace {

using record::Member;
using record::OwnedValue;
using record::Value;

constexpr int kUnreachable = 4;

/// A store, and the database that an embedded one lives in.
struct Opened {
  std::shared_ptr<profile::ProfileStore> store;
  std::unique_ptr<runtime::StateDb> state;
};

Result<pipeline::Project> loadWithOverlay(const ProfilesArguments& arguments) {
  auto project = pipeline::loadProject(arguments.project);
  if (!project || arguments.env.empty()) return project;
  return pipeline::withOverlay(*project, arguments.env);
}

/// The name of the connection to use: the one asked for, else the only one that serves profiles.
Result<std::string> connectionOf(const ProfilesArguments& arguments,
                                 const pipeline::Project& project,
                                 const spec::SpecCatalog& catalog) {
  std::vector<std::string> serving;
  if (project.pipeline.connections->isObject()) {
    for (const Member& each : project.pipeline.connections->asObject()) {
      const Value type = each.value.get("type");
      const auto* spec = type.isString() ? catalog.findConnection(type.asString()) : nullptr;
      if (spec && spec->kind == "profiles") serving.emplace_back(each.key);
    }
  }
  const std::string& asked = arguments.connection;
  if (asked.empty() && serving.size() == 1) return serving.front();
  if (!asked.empty() && std::ranges::find(serving, asked) != serving.end()) return asked;
  std::string known;
  for (const std::string& each : serving) known += (known.empty() ? "" : ", ") + each;
  return Error{"E-1210",
               (asked.empty() ? "name a connection with --connection"
                              : "there is no connection " + asked + " that serves profiles") +
                   (known.empty() ? std::string() : " (there is " + known + ')'),
               project.pipelineFile};
}

Result<Opened> open(const ProfilesArguments& arguments, const pipeline::Project& project,
                    const std::string& connection, const plugin::Registry& registry) {
  const auto settings = pipeline::resolveReferences(project.pipeline.connections->get(connection),
                                                    pipeline::lookUpInEnvironment);
  if (!settings) return settings.error();
  const std::string type((*settings)->get("type").asString());
  Opened opened;
  if (type != "embedded") {
    const profile::ProfileStoreType* maker = registry.profileStore(type);
    if (!maker) return Error{"E-1214", "no plug-in serves connections of type " + type, connection};
    auto store = maker->open(*settings);
    if (!store) return store.error();
    opened.store = std::move(*store);
    return opened;
  }
  const std::string folder =
      arguments.state.empty()
          ? runtime::defaultStateFolder(project.folder, project.pipeline.name, arguments.env)
          : arguments.state;
  std::shared_ptr<profile::Database> database;
  if (arguments.what == ProfilesArguments::What::Get) {
    // Reading needs no lock: a run may go on meanwhile.
    std::error_code failed;
    const std::string file = folder + "/state.db";
    if (!std::filesystem::exists(file, failed)) {
      return Error{"E-3101", "this project has no profiles yet: run it, or import some",
                   connection};
    }
    auto opening = profile::Database::open(file);
    if (!opening) return opening.error();
    database = *opening;
  } else {
    auto state = runtime::StateDb::open(folder);
    if (!state) return state.error();
    opened.state = std::move(*state);
    database = opened.state->database();
  }
  auto store = profile::EmbeddedStore::open(std::move(database), connection);
  if (!store) return store.error();
  opened.store = std::move(*store);
  return opened;
}

/// Writes to an embedded store happen inside a transaction of its database.
Status write(Opened& opened, const std::function<Status()>& body) {
  return opened.state ? opened.state->commit({}, body) : body();
}

int get(const ProfilesArguments& arguments, Opened& opened, const Shell& shell) {
  Arena arena;
  const std::vector<std::string_view> keys(arguments.keys.begin(), arguments.keys.end());
  std::vector<profile::StoredProfile> found(keys.size());
  if (const Status read = opened.store->read(keys, found, arena); !read) {
    shell.error(read.error());
    return kUnreachable;
  }
  int code = kOk;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto value = record::parseJson(found[i].json, arena);
    if (found[i].json.empty() || !value) {
      shell.error("there is no profile " + oneLine(keys[i]));
      code = kFindings;
    } else {
      shell.print(record::toPrettyJson(*value));
    }
  }
  return code;
}

Result<std::string> textToPut(const ProfilesArguments& arguments) {
  std::string text = arguments.json;
  if (text == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  const auto value = OwnedValue::fromJson(text);
  if (!value) return Error{value.error().code, value.error().message, "the profile"};
  if (!(*value)->isObject()) return Error{"E-1004", "a profile is an object { }", "the profile"};
  return record::toJson(**value);
}

int put(const ProfilesArguments& arguments, Opened& opened, const Shell& shell) {
  const auto json = textToPut(arguments);
  if (!json) {
    shell.error(json.error());
    return kUsage;
  }
  const profile::ProfileWrite one{arguments.key, *json, 0, -1};
  const Status written = write(opened, [&] { return opened.store->write({&one, 1}); });
  if (written) return kOk;
  shell.error(written.error());
  return kUnreachable;
}

int import(const ProfilesArguments& arguments, Opened& opened, const Shell& shell) {
  const auto text = pipeline::readFile(arguments.file);
  if (!text) {
    shell.error(text.error());
    return kUsage;
  }
  std::size_t count = 0;
  const Status written = write(opened, [&]() -> Status {
    const auto imported = profile::importPeople(*opened.store, *text);
    if (!imported) return imported.error();
    count = *imported;
    return {};
  });
  if (!written) {
    shell.error(arguments.file + ": " + written.error().text());
    return kFindings;
  }
  shell.note(counted(count, "profile") + " imported");
  return kOk;
}

}  // namespace

int profiles(const ProfilesArguments& arguments, const plugin::Registry& registry,
             const Shell& shell) {
  const auto project = loadWithOverlay(arguments);
  if (!project) {
    shell.error(project.error());
    return kUsage;
  }
  const auto connection = connectionOf(arguments, *project, registry.catalog());
  if (!connection) {
    shell.error(connection.error());
    return kUsage;
  }
  auto opened = open(arguments, *project, *connection, registry);
  if (!opened) {
    shell.error(opened.error());
    return kUnreachable;
  }
  switch (arguments.what) {
    case ProfilesArguments::What::Get:
      return get(arguments, *opened, shell);
    case ProfilesArguments::What::Put:
      return put(arguments, *opened, shell);
    case ProfilesArguments::What::Import:
      break;
  }
  return import(arguments, *opened, shell);
}

}  // namespace freshet::cli
