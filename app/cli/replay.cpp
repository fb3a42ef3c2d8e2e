// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/replay.h"

#include <stdlib.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/base/text.h"
#include "core/record/json.h"
#include "core/runtime/outcome_diff.h"

namespace freshet::cli {
namespace {

namespace fs = std::filesystem;
using runtime::OutcomeDiff;
using runtime::Replayed;

constexpr int kFailed = 3;
std::atomic<int> g_interrupts{0};

void onInterrupt(int) {
  ++g_interrupts;
}

/// References that are not set here are empty: nothing outside is reached.
const char* lookUpOrEmpty(std::string_view kind, std::string_view name) {
  const char* found = pipeline::lookUpInEnvironment(kind, name);
  return found ? found : "";
}

/// A folder that goes with its owner.
struct Scratch {
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "freshet-replay-XXXXXX").string();
    if (mkdtemp(pattern.data())) folder = pattern;
  }
  ~Scratch() {
    std::error_code failed;
    if (!folder.empty()) fs::remove_all(folder, failed);
  }
  std::string folder;
};

Result<pipeline::Project> loadGiven(const ReplayArguments& arguments) {
  auto project = pipeline::loadProject(arguments.project);
  if (project && !arguments.env.empty()) project = pipeline::withOverlay(*project, arguments.env);
  return project;
}

Result<pipeline::Project> withSettings(pipeline::Project project,
                                       const std::vector<std::string>& settings) {
  for (const std::string& assignment : settings) {
    auto set = pipeline::withSetting(project, assignment);
    if (!set) return set;
    project = std::move(*set);
  }
  return project;
}

Result<Replayed> run(const runtime::Recording& recording, const pipeline::Project& project,
                     const plugin::Registry& registry, const runtime::ReplaySettings& how) {
  auto topology = runtime::Topology::compile(project, registry, lookUpOrEmpty);
  if (!topology) return topology.error();
  return runtime::replay(recording, *topology, registry, how);
}

std::string arrow(std::uint64_t before, std::uint64_t after) {
  std::string text = std::to_string(before);
  return before == after ? text : text + " → " + std::to_string(after);
}

void printText(const OutcomeDiff& diff, const Shell& shell) {
  if (diff.isSame()) return shell.print("Nothing would differ.\n");
  for (const OutcomeDiff::Route& route : diff.routes)
    shell.print("wire  " + route.edge + "  " + arrow(route.before, route.after) + '\n');
  for (const OutcomeDiff::Part& part : diff.parts) {
    if (part.isSame()) continue;
    shell.print(part.name + "  " + arrow(part.before, part.after) + "  (" +
                std::to_string(part.removed) + " fewer, " + std::to_string(part.added) + " more, " +
                std::to_string(part.changed) + " changed)\n");
    for (const OutcomeDiff::Example& example : part.examples) {
      shell.print(std::string("  ") + example.sign + ' ' + oneLine(example.what) + '\n');
      for (const OutcomeDiff::Field& field : example.fields) {
        shell.print("      " + field.path + ": " +
                    (field.before.empty() ? "nothing" : oneLine(field.before, 100)) + " → " +
                    (field.after.empty() ? "nothing" : oneLine(field.after, 100)) + '\n');
      }
    }
  }
}

std::string toJson(const OutcomeDiff& diff) {
  std::string out = std::string("{\"same\":") + (diff.isSame() ? "true" : "false");
  const auto text = [&](std::string_view name, std::string_view value) {
    out += '"';
    out += name;
    out += "\":";
    record::writeJsonString(value, out);
  };
  const auto numbers = [&](std::uint64_t before, std::uint64_t after) {
    out += ",\"before\":" + std::to_string(before) + ",\"after\":" + std::to_string(after);
  };
  out += ",\"routes\":[";
  for (std::size_t i = 0; i < diff.routes.size(); ++i) {
    out += i > 0 ? ",{" : "{";
    text("edge", diff.routes[i].edge);
    numbers(diff.routes[i].before, diff.routes[i].after);
    out += '}';
  }
  out += "],\"parts\":[";
  for (std::size_t i = 0; i < diff.parts.size(); ++i) {
    const OutcomeDiff::Part& part = diff.parts[i];
    out += i > 0 ? ",{" : "{";
    text("name", part.name);
    numbers(part.before, part.after);
    out += ",\"removed\":" + std::to_string(part.removed) +
           ",\"added\":" + std::to_string(part.added) +
           ",\"changed\":" + std::to_string(part.changed) + ",\"examples\":[";
    for (std::size_t j = 0; j < part.examples.size(); ++j) {
      const OutcomeDiff::Example& example = part.examples[j];
      out += j > 0 ? ",{" : "{";
      text("sign", std::string_view(&example.sign, 1));
      out += ',';
      text("what", example.what);
      out += ",\"fields\":[";
      for (std::size_t k = 0; k < example.fields.size(); ++k) {
        const OutcomeDiff::Field& field = example.fields[k];
        out += k > 0 ? ",{" : "{";
        text("path", field.path);
        out += ",\"before\":" + (field.before.empty() ? "null" : field.before);
        out += ",\"after\":" + (field.after.empty() ? "null" : field.after) + '}';
      }
      out += "]}";
    }
    out += "]}";
  }
  return out + "]}\n";
}

Status writeOut(const std::string& path, const Replayed& replayed) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  runtime::writeOutcome(replayed, [&](std::string_view line) { out << line; });
  out.flush();
  if (out) return {};
  return Error{"E-1002", "the outcome cannot be written", path};
}

void showSummary(const runtime::Recording& recording, const Replayed& replayed,
                 const Shell& shell) {
  const runtime::Counts& counts = replayed.outcome.counts;
  shell.note(counted(replayed.events, "event") + ": " + std::to_string(counts.out) + " out, " +
             std::to_string(counts.filtered) + " filtered, " + std::to_string(counts.dead) +
             " dead; " + std::to_string(counts.emitted) + " emitted by timers");
  if (recording.cutBytes() > 0)
    shell.note(counted(recording.cutBytes(), "byte") + " torn off at the end were left out");
  if (replayed.withoutSource > 0)
    shell.note(counted(replayed.withoutSource, "event") + " had no source in this pipeline");
  if (replayed.unknownProfiles > 0) {
    shell.note(counted(replayed.unknownProfiles, "read") +
               " of profiles that the recording does not have: taken as nobody");
  }
}

}  // namespace

int replay(const ReplayArguments& arguments, const plugin::Registry& registry, const Shell& shell) {
  std::signal(SIGINT, onInterrupt);
  const auto failed = [&](const Error& error, int code) {
    shell.error(error);
    return code;
  };
  const auto recording = runtime::Recording::open(arguments.recording);
  if (!recording) return failed(recording.error(), kUsage);
  const Scratch scratch;
  auto recorded = runtime::unpackProject((*recording)->head(), scratch.folder);
  if (!recorded) return failed(recorded.error(), kFailed);
  auto project = arguments.project.empty() ? recorded : loadGiven(arguments);
  if (project) project = withSettings(std::move(*project), arguments.settings);
  if (!project) return failed(project.error(), kUsage);
  const auto findings = pipeline::lint(*project, registry.catalog());
  for (const pipeline::Diagnostic& finding : findings) {
    if (finding.severity == pipeline::Severity::Error) shell.error(finding.text());
  }
  if (pipeline::hasErrors(findings)) return kFindings;

  runtime::ReplaySettings how = arguments.how;
  how.interrupts = &g_interrupts;
  const auto after = run(**recording, *project, registry, how);
  if (!after) return failed(after.error(), kFailed);
  if (g_interrupts > 0) return 130;
  if (!arguments.out.empty()) {
    if (const Status written = writeOut(arguments.out, *after); !written)
      return failed(written.error(), kFailed);
  }
  if (!shell.isQuiet) showSummary(**recording, *after, shell);
  if (pipeline::logicHash(*project, registry.catalog()) ==
      pipeline::logicHash(*recorded, registry.catalog()))
    return kOk;
  // Another pipeline: what it would have done otherwise.
  how.speed = 0;
  const auto before = run(**recording, *recorded, registry, how);
  if (!before) return failed(before.error(), kFailed);
  const OutcomeDiff diff = runtime::compare(*before, *after, arguments.most);
  if (arguments.format == Format::Json) {
    shell.print(toJson(diff));
  } else {
    printText(diff, shell);
  }
  return diff.isSame() ? kOk : kFindings;
}

}  // namespace freshet::cli
