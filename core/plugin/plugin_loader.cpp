// SPDX-License-Identifier: GPL-3.0-or-later
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/text.h"
#include "core/plugin/registry.h"
#include "core/record/owned_value.h"

namespace freshet::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostManifestBytes = 64 * 1024;

std::string textOf(const record::Value& value) {
  return value.isString() ? std::string(value.asString()) : std::string();
}

/// Reads NAME.json; fills in the report's id, or its problem.
void readManifest(const fs::path& manifest, PluginReport& report) {
  std::error_code failed;
  if (const auto size = fs::file_size(manifest, failed); failed || size > kMostManifestBytes) {
    report.problem = "its description " + manifest.string() + " cannot be read";
    return;
  }
  std::ostringstream text;
  text << std::ifstream(manifest, std::ios::binary).rdbuf();
  const auto parsed = record::OwnedValue::fromJson(text.str());
  if (!parsed) {
    report.problem = "its description is no JSON: " + parsed.error().message;
    return;
  }
  if (const std::string id = textOf((*parsed)->get("id")); !id.empty()) report.id = id;
  const std::string hash = textOf((*parsed)->get("buildHash"));
  if (hash != buildHash()) {
    report.problem = "it was built for another Freshet (build hash " +
                     (hash.empty() ? std::string("missing") : oneLine(hash, 40)) +
                     ", this one is " + std::string(buildHash()) +
                     "); build it again beside this one";
  }
}

std::string openModule(const fs::path& module, const PluginReport& report, Registry& registry) {
  void* handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return std::string("it cannot be opened: ") + dlerror();
  const auto* descriptor = static_cast<const PluginDescriptor*>(dlsym(handle, "freshetPlugin"));
  std::string problem;
  if (!descriptor) {
    problem = "it has no symbol freshetPlugin";
  } else if (!descriptor->id || !descriptor->registerAll) {
    problem = "its descriptor is incomplete";
  } else if (report.id != descriptor->id) {
    problem = "its description says \"" + report.id + "\", the module \"" + descriptor->id + '"';
  } else if (!registry.claimPlugin(report.id)) {
    problem = "a plugin of this name is loaded already";
  }
  if (!problem.empty()) {
    dlclose(handle);
    return problem;
  }
  // From here on the module stays open: the registry holds pointers into its code.
  try {
    descriptor->registerAll(registry);
  } catch (const std::exception& error) {
    return std::string("it failed to register: ") + error.what();
  }
  return {};
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::vector<PluginReport> loadPlugins(std::string_view folder, Registry& registry) {
  std::vector<fs::path> manifests;
  std::error_code failed;
  for (fs::directory_iterator at(fs::path(folder), failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->path().extension() == ".json") manifests.push_back(at->path());
  }
  std::ranges::sort(manifests);
  std::vector<PluginReport> reports;
  for (const fs::path& manifest : manifests) {
    const fs::path module = fs::path(manifest).replace_extension(".so");
    PluginReport report{manifest.stem().string(), module.string(), {}};
    readManifest(manifest, report);
    if (report.problem.empty()) report.problem = openModule(module, report, registry);
    reports.push_back(std::move(report));
  }
  return reports;
}

std::vector<std::string> pluginFolders() {
  std::vector<std::string> folders;
  const std::string first = environment("FRESHET_PLUGIN_PATH");
  for (const std::string_view folder : split(first, ':')) {
    if (!folder.empty()) folders.emplace_back(folder);
  }
  Dl_info library{};
  if (dladdr(reinterpret_cast<const void*>(&pluginFolders), &library) != 0 && library.dli_fname) {
    std::error_code failed;
    const fs::path self = fs::canonical(library.dli_fname, failed);
    if (!failed) folders.push_back((self.parent_path() / "freshet" / "plugins").string());
  }
  std::string data = environment("XDG_DATA_HOME");
  if (data.empty() && !environment("HOME").empty()) data = environment("HOME") + "/.local/share";
  if (!data.empty()) folders.push_back(data + "/freshet/plugins");
  return folders;
}

}  // namespace freshet::plugin
