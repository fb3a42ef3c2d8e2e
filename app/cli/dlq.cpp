// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/dlq.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "core/base/text.h"
#include "core/host/local_host.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

using record::Value;
using runtime::StoredDead;

constexpr int kFailed = 3;
constexpr int kUnreachable = 4;
constexpr int kAnswerMs = 10'000;
constexpr std::size_t kAll = SIZE_MAX >> 1;

Result<pipeline::Project> loadWithOverlay(const DlqArguments& arguments) {
  auto project = pipeline::loadProject(arguments.project);
  if (!project || arguments.env.empty()) return project;
  return pipeline::withOverlay(*project, arguments.env);
}

/// The state's folder: given, or the project's own.
Result<std::string> stateFolder(const DlqArguments& arguments) {
  if (!arguments.state.empty()) return arguments.state;
  auto project = loadWithOverlay(arguments);
  if (!project) return project.error();
  return runtime::defaultStateFolder(project->folder, project->pipeline.name, arguments.env);
}

/// Reading needs no lock: a run may go on meanwhile.
Result<std::vector<StoredDead>> read(const std::string& folder, const runtime::LetterFilter& filter,
                                     std::size_t most) {
  const std::string file = folder + "/state.db";
  std::error_code failed;
  if (!std::filesystem::exists(file, failed))
    return Error{"E-3705", "There is no state here: has this pipeline run?", folder, Retry::Never};
  auto database = profile::Database::open(file);
  if (!database) return database.error();
  runtime::DeadLetters letters(**database);
  return letters.newest(filter, most, 0);
}

/// Text as it is where it is text, else as JSON escapes.
std::string shown(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\n' || c == '\t') {
      out += c;
    } else {
      static constexpr char kHex[] = "0123456789abcdef";
      out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
    }
  }
  return out;
}

std::string toJson(const StoredDead& letter) {
  Arena arena;
  Value value;
  const auto set = [&](std::string_view name, const Value& member) {
    value = record::withMember(value, name, member, arena);
  };
  const auto time = [&](TimeMs ms) { return Value(arena.copy(formatIsoTime(ms))); };
  set("id", Value(letter.id));
  set("node", Value(std::string_view(letter.node)));
  set("code", Value(std::string_view(letter.code)));
  set("message", Value(std::string_view(letter.message)));
  set("pointer", Value(std::string_view(letter.pointer)));
  set("source", Value(std::string_view(letter.shard).substr(0, letter.shard.rfind('/'))));
  set("partition", Value(std::int64_t{letter.partition}));
  set("offset", Value(letter.offset));
  set("key", Value(std::string_view(letter.key)));
  set("time", time(letter.timeMs));
  set("attempts", Value(letter.attempts));
  set("first", time(letter.firstMs));
  set("last", time(letter.atMs));
  set("pipeline", Value(std::string_view(letter.pipeline)));
  set("schema", Value(std::string_view(letter.schema)));
  set("isWaiting", Value(letter.ticket > 0));
  const auto packed = runtime::unpackHeaders(letter.headers);
  const auto headers = arena.array<record::Member>(packed.size());
  for (std::size_t i = 0; i < headers.size(); ++i)
    headers[i] = {packed[i].name, Value(packed[i].value)};
  set("headers", Value(std::span<const record::Member>(headers)));
  set("bytes", Value(std::string_view(letter.bytes)));
  return record::toJson(value);
}

int list(const DlqArguments& arguments, const Shell& shell) {
  const auto folder = stateFolder(arguments);
  auto letters = folder ? read(*folder, arguments.request.filter, arguments.most)
                        : Result<std::vector<StoredDead>>(folder.error());
  if (!letters) {
    shell.error(letters.error());
    return kUnreachable;
  }
  std::map<std::string, std::size_t> causes;
  for (const StoredDead& letter : *letters) {
    if (arguments.format == Format::Json) {
      shell.print(toJson(letter) + '\n');
      continue;
    }
    ++causes[letter.node + ' ' + letter.code];
    shell.print(std::to_string(letter.id) + "  " + formatIsoTime(letter.atMs) + "  " + letter.node +
                "  " + letter.code + "  " + oneLine(letter.message, 80) +
                (letter.pointer.empty() ? "" : " (" + letter.pointer + ')') +
                (letter.attempts > 1
                     ? "  " + counted(static_cast<std::size_t>(letter.attempts), "attempt")
                     : "") +
                (letter.ticket > 0 ? "  on its way again" : "") + '\n');
  }
  if (arguments.format == Format::Text) {
    shell.note(counted(letters->size(), "dead letter"));
    for (const auto& [cause, count] : causes)
      shell.note("  " + std::to_string(count) + "  " + cause);
  }
  return kOk;
}

int show(const DlqArguments& arguments, const Shell& shell) {
  const auto folder = stateFolder(arguments);
  auto letters = folder ? read(*folder, arguments.request.filter, kAll)
                        : Result<std::vector<StoredDead>>(folder.error());
  if (!letters) {
    shell.error(letters.error());
    return kUnreachable;
  }
  for (const StoredDead& letter : *letters) {
    if (arguments.format == Format::Json) {
      shell.print(toJson(letter) + '\n');
      continue;
    }
    const auto line = [&](const char* name, const std::string& value) {
      if (!value.empty()) shell.print(std::string(name) + value + '\n');
    };
    line("letter     ", std::to_string(letter.id));
    line("step       ", letter.node);
    line("reason     ", letter.code + ' ' + oneLine(letter.message));
    line("at         ", oneLine(letter.pointer));
    line("schema     ", letter.schema);
    line("pipeline   ", letter.pipeline);
    line("source     ", letter.shard + ", offset " + std::to_string(letter.offset));
    line("key        ", oneLine(letter.key));
    line("event time ", formatIsoTime(letter.timeMs));
    line("first      ", formatIsoTime(letter.firstMs));
    line("last       ", formatIsoTime(letter.atMs));
    line("attempts   ", std::to_string(letter.attempts));
    for (const record::Header& header : runtime::unpackHeaders(letter.headers))
      line("header     ", oneLine(header.name) + ": " + oneLine(header.value));
    if (letter.ticket > 0) line("", "It is on its way again.");
    shell.print('\n' + shown(letter.bytes) + '\n');
  }
  const std::size_t missing = arguments.request.filter.ids.size() - letters->size();
  if (missing == 0) return kOk;
  shell.error(counted(missing, "letter") + " of these " + (missing == 1 ? "is" : "are") +
              " not there (landed, or dropped)");
  return kFindings;
}

/// Runs the letters that go round through the pipeline, in this process.
int runLetters(const DlqArguments& arguments, const std::string& folder,
               const plugin::Registry& registry, const Shell& shell) {
  auto project = pipeline::loadProject(arguments.project);
  if (!project) {
    shell.error(project.error());
    return kUsage;
  }
  host::LocalHost host(
      registry, [&registry](std::string_view type) { return registry.profileStore(type); }, false);
  host::RunOptions options;
  options.env = arguments.env;
  options.settings = arguments.settings;
  options.stateFolder = folder;
  options.isLettersOnly = true;
  const auto findings = host.apply(*project, options);
  for (const pipeline::Diagnostic& finding : findings) {
    if (finding.severity == pipeline::Severity::Error) shell.error(finding.text());
  }
  if (pipeline::hasErrors(findings)) return kFindings;
  while (true) {
    const host::RunState state = host.status().state;
    if (state == host::RunState::Finished || state == host::RunState::Stopped) return kOk;
    if (state == host::RunState::Failed) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const host::HostStatus status = host.status();
  shell.error(*status.error);
  return status.isReachable ? kFailed : kUnreachable;
}

void report(const std::vector<StoredDead>& before, const std::vector<StoredDead>& after,
            const Shell& shell) {
  std::set<std::int64_t> left;
  std::map<std::string, std::size_t> causes;
  std::size_t withheld = 0;
  for (const StoredDead& letter : after) {
    left.insert(letter.id);
    if (letter.code == "E-3701") {
      ++withheld;
    } else {
      ++causes[letter.node + ' ' + letter.code + ' ' + oneLine(letter.message, 80)];
    }
  }
  const auto landed = std::ranges::count_if(
      before, [&](const StoredDead& letter) { return !left.contains(letter.id); });
  shell.note(counted(static_cast<std::size_t>(landed), "letter") + " landed");
  if (withheld > 0) {
    shell.note(counted(withheld, "letter") +
               " would reach people and so stayed (send them with --arm)");
  }
  for (const auto& [cause, count] : causes)
    shell.note(counted(count, "letter") + " failed again: " + cause);
}

int retryOrDrop(const DlqArguments& arguments, const plugin::Registry& registry,
                const Shell& shell) {
  const runtime::LetterFilter& filter = arguments.request.filter;
  if (!arguments.isAll && filter.ids.empty() && filter.node.empty() && filter.code.empty()) {
    shell.error("name letters, or give --node, --code or --all");
    return kUsage;
  }
  const auto folder = stateFolder(arguments);
  if (!folder) {
    shell.error(folder.error());
    return kUsage;
  }
  std::error_code failed;
  if (!std::filesystem::exists(*folder + "/state.db", failed)) {
    shell.error(Error{"E-3705", "There is no state here: has this pipeline run?", *folder});
    return kUnreachable;
  }
  const bool isDrop = arguments.request.what == runtime::LetterRequest::What::Drop;
  std::int64_t count = 0;
  std::vector<StoredDead> before;
  {
    auto db = runtime::StateDb::open(*folder);
    if (!db && db.error().code == "E-3604") {
      const auto asked = runtime::submit(*folder, arguments.request, kAnswerMs);
      if (!asked) {
        shell.error(asked.error());
        return kUnreachable;
      }
      shell.note(counted(static_cast<std::size_t>(*asked), "letter") +
                 (isDrop ? " dropped, by the run that holds this state"
                         : " on the way again, in the run that holds this state"));
      return kOk;
    }
    if (!db) {
      shell.error(db.error());
      return kUnreachable;
    }
    const auto served = runtime::serve(arguments.request, **db);
    if (!served) {
      shell.error(served.error());
      return kUnreachable;
    }
    count = *served;
    // Those that an interrupted retry has left on their way go on too.
    auto queued = (*db)->letters().queued(0, kAll);
    if (queued) before = std::move(*queued);
  }
  if (isDrop) {
    shell.note(counted(static_cast<std::size_t>(count), "letter") + " dropped");
    return kOk;
  }
  if (before.empty()) {
    shell.note("no such letter");
    return kOk;
  }
  const int code = runLetters(arguments, *folder, registry, shell);
  runtime::LetterFilter these;
  for (const StoredDead& letter : before) these.ids.push_back(letter.id);
  const auto after = read(*folder, these, kAll);
  if (!after) {
    shell.error(after.error());
    return kUnreachable;
  }
  report(before, *after, shell);
  return code != kOk ? code : (after->empty() ? kOk : kFindings);
}

}  // namespace

int dlq(const DlqArguments& arguments, const plugin::Registry& registry, const Shell& shell) {
  switch (arguments.what) {
    case DlqArguments::What::List:
      return list(arguments, shell);
    case DlqArguments::What::Show:
      return show(arguments, shell);
    case DlqArguments::What::Retry:
    case DlqArguments::What::Drop:
      break;
  }
  return retryOrDrop(arguments, registry, shell);
}

}  // namespace freshet::cli
