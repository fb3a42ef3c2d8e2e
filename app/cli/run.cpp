// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "app/cli/metrics_server.h"
#include "app/cli/project_watch.h"
#include "core/base/text.h"
#include "core/host/local_host.h"
#include "core/runtime/inflight_journal.h"

namespace freshet::cli {
namespace {

using host::RunState;
using metrics::MetricsSnapshot;

std::atomic<int> g_interrupts{0};
std::atomic<bool> g_isInterrupted{false};

void onSignal(int signal) {
  ++g_interrupts;
  if (signal == SIGINT) g_isInterrupted = true;
}

/// "12 400": thin groups of three.
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), " ");
  }
  return digits;
}

void showProgress(const MetricsSnapshot& now, const MetricsSnapshot& before) {
  const double seconds = static_cast<double>(now.atMs - before.atMs) / 1000;
  const double rate = seconds > 0 ? static_cast<double>(now.in - before.in) / seconds : 0;
  const double p99 = now.endToEnd.since(before.endToEnd).quantileMs(0.99);
  std::fprintf(stderr, "\r\033[K%s events a second · p99 %.1f ms · %s errors · %s dead letters",
               grouped(static_cast<std::uint64_t>(rate)).c_str(), p99, grouped(now.errors).c_str(),
               grouped(now.dead).c_str());
  std::fflush(stderr);
}

void showSummary(const MetricsSnapshot& total) {
  const double rate = total.seconds > 0 ? static_cast<double>(total.in) / total.seconds : 0;
  std::fprintf(stderr,
               "%s in = %s out + %s filtered + %s dead; %s emitted by timers; %s errors\n"
               "%.1f s, %s events a second, %.1f s of CPU, p99 %.1f ms\n",
               grouped(total.in).c_str(), grouped(total.out).c_str(),
               grouped(total.filtered).c_str(), grouped(total.dead).c_str(),
               grouped(total.emitted).c_str(), grouped(total.errors).c_str(), total.seconds,
               grouped(static_cast<std::uint64_t>(rate)).c_str(), total.cpuSeconds,
               total.endToEnd.quantileMs(0.99));
  if (total.withheld > 0) {
    std::fprintf(stderr, "%s would have reached people and were withheld\n",
                 grouped(total.withheld).c_str());
  }
}

void printJson(const MetricsSnapshot& total) {
  std::printf(
      "{\"in\":%llu,\"out\":%llu,\"filtered\":%llu,\"dead\":%llu,\"emitted\":%llu,\"errors\":%llu,"
      "\"withheld\":%llu,\"seconds\":%.3f,\"cpuSeconds\":%.3f,\"p99Ms\":%.3f}\n",
      static_cast<unsigned long long>(total.in), static_cast<unsigned long long>(total.out),
      static_cast<unsigned long long>(total.filtered), static_cast<unsigned long long>(total.dead),
      static_cast<unsigned long long>(total.emitted), static_cast<unsigned long long>(total.errors),
      static_cast<unsigned long long>(total.withheld), total.seconds, total.cpuSeconds,
      total.endToEnd.quantileMs(0.99));
  std::fflush(stdout);
}

bool hasEnded(RunState state) {
  return state == RunState::Stopped || state == RunState::Finished || state == RunState::Failed;
}

/// Findings on standard error; true if none of them is an error.
bool report(const std::vector<pipeline::Diagnostic>& findings, const Shell& shell) {
  for (const pipeline::Diagnostic& finding : findings) {
    if (shell.isQuiet && finding.severity != pipeline::Severity::Error) continue;
    shell.error(finding.text());
  }
  return !pipeline::hasErrors(findings);
}

/// Under --watch: hands a project that was saved to the host, and says what became of it.
class Reloader {
 public:
  Reloader(const RunArguments& arguments, host::PipelineHost& host, const Shell& shell)
      : m_arguments(arguments), m_host(host), m_shell(shell) {
    // Positions and state were forgotten once, at the start.
    m_options.isFresh = false;
    m_running = host.status().logicHash;
  }
  Status watch(const std::string& folder) {
    auto watch = ProjectWatch::open(folder);
    if (!watch) return watch.error();
    m_watch = std::move(*watch);
    return {};
  }
  void turn() {
    if (!m_watch) return;
    if (m_watch->hasChanged()) {
      auto project = pipeline::loadProject(m_arguments.project);
      if (!project) m_shell.error(project.error());
      if (!project || !report(m_host.apply(*project, m_options), m_shell)) sayOldGoesOn();
    }
    const host::HostStatus status = m_host.status();
    const std::string refusal = status.refusal ? status.refusal->text() : std::string();
    if (refusal != m_refusal && !refusal.empty()) {
      m_shell.error(*status.refusal);
      sayOldGoesOn();
    }
    m_refusal = refusal;
    if (status.logicHash == m_running) return;
    m_running = status.logicHash;
    if (!m_shell.isQuiet) std::fprintf(stderr, "The changed pipeline runs now\n");
  }

 private:
  void sayOldGoesOn() const {
    if (!m_shell.isQuiet) std::fprintf(stderr, "The pipeline from before goes on\n");
  }

  const RunArguments& m_arguments;
  host::RunOptions m_options = m_arguments.options;
  host::PipelineHost& m_host;
  const Shell& m_shell;
  std::unique_ptr<ProjectWatch> m_watch;
  std::string m_running;
  std::string m_refusal;
};

/// Follows the run until it ends; a first interrupt drains, a second gives up.
void follow(host::PipelineHost& host, Reloader& reloader, bool isQuiet) {
  const bool isTerminal = !isQuiet && ::isatty(STDERR_FILENO) == 1;
  int handled = 0;
  std::string shownTrouble;
  MetricsSnapshot before = host.snapshot();
  for (int tick = 0; !hasEnded(host.status().state); ++tick) {
    const int interrupts = g_interrupts;
    if (interrupts > handled) {
      host.stop(interrupts > 1);
      handled = interrupts;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (handled == 0) reloader.turn();
    if (tick % 25 != 24) continue;
    const auto trouble = host.status().error;
    const std::string text = trouble ? trouble->text() : std::string();
    if (text != shownTrouble && !text.empty() && !hasEnded(host.status().state)) {
      std::fprintf(stderr, "%s%s (trying again)\n", isTerminal ? "\r\033[K" : "",
                   oneLine(text).c_str());
    }
    shownTrouble = text;
    if (!isTerminal) continue;
    MetricsSnapshot now = host.snapshot();
    showProgress(now, before);
    before = std::move(now);
  }
  if (isTerminal) std::fprintf(stderr, "\r\033[K");
}

}  // namespace

int run(const RunArguments& arguments, const plugin::Registry& registry, const Shell& shell) {
  auto project = pipeline::loadProject(arguments.project);
  if (!project) {
    shell.error(project.error());
    return kFindings;
  }
  std::signal(SIGINT, onSignal);
  std::signal(SIGTERM, onSignal);
  runtime::noteCrashes();
  host::LocalHost host(
      registry, [&registry](std::string_view type) { return registry.profileStore(type); }, false);
  std::unique_ptr<http::HttpServer> metricsServer;
  if (!arguments.metricsAddress.empty()) {
    auto server = serveMetrics(arguments.metricsAddress, host, project->pipeline.name);
    if (!server) {
      shell.error(server.error());
      return kUsage;
    }
    metricsServer = std::move(*server);
  }
  if (!report(host.apply(*project, arguments.options), shell)) return kFindings;
  Reloader reloader(arguments, host, shell);
  if (arguments.isWatching) {
    if (auto status = reloader.watch(project->folder); !status) {
      shell.error(status.error());
      return kUsage;
    }
  }
  follow(host, reloader, shell.isQuiet);

  const MetricsSnapshot total = host.snapshot();
  const host::HostStatus status = host.status();
  if (status.state == RunState::Failed) {
    shell.error(*status.error);
  }
  if (!shell.isQuiet) showSummary(total);
  if (arguments.format == Format::Json) printJson(total);
  if (status.state == RunState::Failed) return status.isReachable ? 3 : 4;
  return g_isInterrupted ? 130 : 0;
}

}  // namespace freshet::cli
