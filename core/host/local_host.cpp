// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host/local_host.h"

#include <algorithm>

namespace freshet::host {
namespace {

pipeline::Diagnostic asDiagnostic(const pipeline::Project& project, const Error& error) {
  pipeline::Diagnostic diagnostic;
  diagnostic.code = error.code;
  diagnostic.message = error.message;
  diagnostic.file = project.pipelineFile;
  const auto slash = error.where.find('/');
  diagnostic.node = error.where.substr(0, slash);
  if (slash != std::string::npos) diagnostic.field = error.where.substr(slash + 1);
  for (const std::string& place : {error.where, diagnostic.node}) {
    const auto found = project.places.at.find(place);
    if (found == project.places.at.end()) continue;
    diagnostic.line = found->second.line;
    diagnostic.column = found->second.column;
    break;
  }
  return diagnostic;
}

}  // namespace

LocalHost::LocalHost(const stage::TypeLookup& types, runtime::StoreLookup stores, bool isTapped)
    : m_types(types), m_stores(std::move(stores)), m_isTapped(isTapped) {}

LocalHost::~LocalHost() = default;

std::shared_ptr<runtime::Runtime> LocalHost::current() const {
  const std::scoped_lock lock(m_mutex);
  return m_runtime;
}

std::vector<pipeline::Diagnostic> LocalHost::apply(const pipeline::Project& original,
                                                   const RunOptions& options) {
  pipeline::Project project = original;
  if (!options.env.empty()) {
    auto overlaid = pipeline::withOverlay(project, options.env);
    if (!overlaid) return {asDiagnostic(project, overlaid.error())};
    project = std::move(*overlaid);
  }
  for (const std::string& assignment : options.settings) {
    auto set = pipeline::withSetting(project, assignment);
    if (!set) return {asDiagnostic(project, set.error())};
    project = std::move(*set);
  }
  auto findings = pipeline::lint(project, m_types.catalog());
  if (pipeline::hasErrors(findings)) return findings;
  auto topology = runtime::Topology::compile(project, m_types, pipeline::lookUpInEnvironment);
  if (!topology) {
    findings.insert(findings.begin(), asDiagnostic(project, topology.error()));
    return findings;
  }
  runtime::RunSettings settings;
  settings.mode = options.isDryRun ? stage::Mode::Inert : stage::Mode::Live;
  settings.stateFolder =
      options.stateFolder.empty()
          ? runtime::defaultStateFolder(project.folder, project.pipeline.name, options.env)
          : options.stateFolder;
  settings.limit = options.limit;
  settings.untilIdleMs = options.untilIdleMs;
  settings.isMaxSpeed = options.isMaxSpeed;
  settings.isFresh = options.isFresh;
  settings.isTapped = m_isTapped;
  settings.seed = options.seed;
  // The old run lets go of its state before the new one opens it.
  std::shared_ptr<runtime::Runtime> old = current();
  if (old) {
    old->stop(false);
    old->wait();
  }
  auto made = std::make_shared<runtime::Runtime>(*topology, m_types, m_stores, std::move(settings));
  {
    const std::scoped_lock lock(m_mutex);
    m_runtime = made;
    m_logicHash = pipeline::logicHash(project, m_types.catalog());
  }
  old.reset();
  made->start();
  return findings;
}

void LocalHost::stop(bool isNow) {
  if (const auto runtime = current()) runtime->stop(isNow);
}

HostStatus LocalHost::status() const {
  HostStatus status;
  const auto runtime = current();
  if (!runtime) return status;
  static constexpr RunState kStates[] = {RunState::Starting, RunState::Running, RunState::Draining,
                                         RunState::Finished, RunState::Stopped, RunState::Failed};
  status.state = kStates[static_cast<std::size_t>(runtime->phase())];
  status.error = runtime->error();
  status.isReachable = !runtime->failedAtStart();
  const std::scoped_lock lock(m_mutex);
  status.logicHash = m_logicHash;
  return status;
}

metrics::MetricsSnapshot LocalHost::snapshot() const {
  const auto runtime = current();
  return runtime ? runtime->snapshot() : metrics::MetricsSnapshot();
}

std::vector<TappedRecord> LocalHost::records(std::string_view edge, std::size_t most,
                                             std::uint64_t after) const {
  std::vector<TappedRecord> records;
  const auto runtime = current();
  if (!runtime) return records;
  for (runtime::Tapped& tapped : runtime->newest(edge, most, after)) {
    records.push_back({tapped.sequence, tapped.timeMs, tapped.seenMs, std::move(tapped.key),
                       std::move(tapped.bytes), tapped.partition, tapped.offset,
                       std::move(tapped.sections)});
  }
  return records;
}

std::vector<DeadLetter> LocalHost::deadLetters(std::size_t most, std::int64_t after) const {
  std::vector<DeadLetter> letters;
  const auto runtime = current();
  if (!runtime) return letters;
  for (runtime::StoredDead& dead : runtime->deadLetters(most, after)) {
    letters.push_back({dead.id, std::move(dead.node), std::move(dead.code), std::move(dead.message),
                       std::move(dead.pointer), dead.partition, dead.offset, dead.atMs,
                       std::move(dead.bytes)});
  }
  return letters;
}

Result<record::OwnedValue> LocalHost::profile(std::string_view connection,
                                              std::string_view key) const {
  const auto runtime = current();
  if (!runtime) return record::OwnedValue();
  return runtime->profile(connection, key);
}

}  // namespace freshet::host
