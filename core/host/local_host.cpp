// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host/local_host.h"

#include <algorithm>
#include <utility>

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

/// Of several workers, each has a state folder of its own.
void warnOfState(const pipeline::Project& project, const spec::SpecCatalog& catalog,
                 std::vector<pipeline::Diagnostic>& findings) {
  for (const pipeline::Node& node : project.pipeline.nodes) {
    const spec::NodeSpec* spec = catalog.find(node.type);
    if (!spec || std::ranges::find(spec->capabilities, "state") == spec->capabilities.end())
      continue;
    pipeline::Diagnostic warning = asDiagnostic(
        project,
        {"W-1217",
         "what " + node.id + " keeps stays with this worker when a partition goes to another",
         node.id, Retry::Never});
    warning.severity = pipeline::Severity::Warning;
    warning.hint = "keep the number of workers as it is";
    findings.push_back(std::move(warning));
  }
}

/// A run of the same kind and state is at work, so that another can take its place.
bool canSwap(const runtime::Runtime* running, const runtime::RunSettings& old,
             const runtime::RunSettings& next) {
  if (!running || next.isFresh || old.mode != next.mode || old.isMaxSpeed != next.isMaxSpeed ||
      old.stateFolder != next.stateFolder || old.seed != next.seed)
    return false;
  return running->phase() == runtime::Phase::Starting ||
         running->phase() == runtime::Phase::Running;
}

}  // namespace

LocalHost::LocalHost(const stage::TypeLookup& types, runtime::StoreLookup stores, bool isTapped)
    : m_types(types), m_stores(std::move(stores)), m_isTapped(isTapped) {}

LocalHost::~LocalHost() {
  stop(true);
  if (m_swapper.joinable()) m_swapper.join();
}

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
  if (!options.slot.empty()) warnOfState(project, m_types.catalog(), findings);
  runtime::RunSettings settings;
  settings.mode = options.isDryRun ? stage::Mode::Inert : stage::Mode::Live;
  settings.stateFolder =
      options.stateFolder.empty()
          ? runtime::defaultStateFolder(project.folder, project.pipeline.name, options.env)
          : options.stateFolder;
  // What the live run knows is its own.
  if (options.stateFolder.empty() && options.isBackfill) settings.stateFolder += "-backfill";
  settings.limit = options.limit;
  settings.untilIdleMs = options.untilIdleMs;
  settings.isMaxSpeed = options.isMaxSpeed;
  settings.isFresh = options.isFresh;
  settings.isTapped = m_isTapped;
  settings.seed = options.seed;
  settings.slot = options.slot;
  settings.isWorker = options.isWorker;
  settings.isLettersOnly = options.isLettersOnly;
  settings.isBackfill = options.isBackfill;
  settings.recordFile = options.recordFile;
  settings.logicHash = pipeline::logicHash(project, m_types.catalog());
  std::string logicHash = settings.logicHash;
  Plan plan{*topology, std::move(settings), std::move(logicHash)};
  std::unique_lock lock(m_mutex);
  m_refusal.reset();
  m_isStopWanted = m_isStopNowWanted = false;
  if (m_isSwapping || canSwap(m_runtime.get(), m_plan.settings, plan.settings)) {
    if (!m_isSwapping && plan.logicHash == m_plan.logicHash) return findings;
    m_next = std::move(plan);
    if (m_isSwapping) return findings;
    m_isSwapping = true;
    if (m_swapper.joinable()) m_swapper.join();
    m_swapper = std::thread([this] { swap(); });
    return findings;
  }
  // The old run lets go of its state before the new one opens it.
  const std::shared_ptr<runtime::Runtime> old = m_runtime;
  lock.unlock();
  if (old) {
    old->stop(false);
    old->wait();
  }
  start(plan, {});
  lock.lock();
  m_logicHash = plan.logicHash;
  return findings;
}

void LocalHost::start(const Plan& plan, std::optional<runtime::Handover> left) {
  auto made = std::make_shared<runtime::Runtime>(plan.topology, m_types, m_stores, plan.settings,
                                                 std::move(left));
  std::shared_ptr<runtime::Runtime> old;  // ends outside the lock
  const std::scoped_lock lock(m_mutex);
  old = std::exchange(m_runtime, made);
  m_plan = plan;
  made->start();
  if (m_isStopWanted) made->stop(m_isStopNowWanted);
}

void LocalHost::swap() {
  while (true) {
    Plan plan;
    {
      const std::scoped_lock lock(m_mutex);
      if (!m_next) {
        m_isSwapping = false;
        return;
      }
      plan = std::move(*m_next);
      m_next.reset();
    }
    const Status status = takePlace(plan);
    const std::scoped_lock lock(m_mutex);
    m_refusal = status ? std::optional<Error>() : status.error();
    m_logicHash = m_plan.logicHash;
  }
}

Status LocalHost::takePlace(const Plan& plan) {
  const std::shared_ptr<runtime::Runtime> old = current();
  const Plan before = m_plan;  // only the swapper changes it now
  std::optional<runtime::Handover> left = old->standAside(*plan.topology);
  if (old->phase() == runtime::Phase::Failed) return {};  // status() tells why
  start(plan, std::move(left));
  const std::shared_ptr<runtime::Runtime> made = current();
  if (made->waitUntilRunning() || made->phase() != runtime::Phase::Failed) return {};
  const Error refusal = *made->error();
  start(before, made->standAside(*before.topology));
  return refusal;
}

void LocalHost::stop(bool isNow) {
  const std::scoped_lock lock(m_mutex);
  m_isStopWanted = true;
  m_isStopNowWanted = isNow;
  m_next.reset();
  if (m_runtime) m_runtime->stop(isNow);
}

HostStatus LocalHost::status() const {
  HostStatus status;
  const std::scoped_lock lock(m_mutex);
  if (!m_runtime) return status;
  static constexpr RunState kStates[] = {RunState::Starting, RunState::Running, RunState::Draining,
                                         RunState::Finished, RunState::Stopped, RunState::Failed};
  status.state = kStates[static_cast<std::size_t>(m_runtime->phase())];
  if (m_isSwapping)  // one of the two may have ended or failed: which goes on shows afterwards
    status.state = m_isStopWanted ? RunState::Draining : RunState::Running;
  status.error = m_runtime->error();
  status.isReachable = !m_runtime->failedAtStart();
  status.logicHash = m_logicHash;
  status.refusal = m_refusal;
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
