// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "core/host/pipeline_host.h"
#include "core/runtime/runtime.h"

namespace freshet::host {

/// Runs a pipeline inside this process. Any thread.
class LocalHost final : public PipelineHost {
 public:
  /// `types` and `stores` outlive the host. `isTapped`: somebody watches the edges.
  LocalHost(const stage::TypeLookup& types, runtime::StoreLookup stores, bool isTapped);
  ~LocalHost() override;

  std::vector<pipeline::Diagnostic> apply(const pipeline::Project& project,
                                          const RunOptions& options) override;
  void stop(bool isNow = false) override;
  HostStatus status() const override;
  metrics::MetricsSnapshot snapshot() const override;
  std::vector<TappedRecord> records(std::string_view edge, std::size_t most,
                                    std::uint64_t after = 0) const override;
  std::vector<DeadLetter> deadLetters(std::size_t most, std::int64_t after = 0) const override;
  Result<record::OwnedValue> profile(std::string_view connection,
                                     std::string_view key) const override;

 private:
  struct Plan {
    std::shared_ptr<const runtime::Topology> topology;
    runtime::RunSettings settings;
    std::string logicHash;
  };
  std::shared_ptr<runtime::Runtime> current() const;
  void start(const Plan& plan, std::optional<runtime::Handover> left);
  void swap();
  Status takePlace(const Plan& plan);

  const stage::TypeLookup& m_types;
  runtime::StoreLookup m_stores;
  bool m_isTapped;
  mutable std::mutex m_mutex;
  std::shared_ptr<runtime::Runtime> m_runtime;
  Plan m_plan;                 ///< of m_runtime
  std::string m_logicHash;     ///< of what runs; while it swaps, of what ran before
  std::optional<Plan> m_next;  ///< to take its place; the latest wins
  std::optional<Error> m_refusal;
  bool m_isSwapping = false;
  bool m_isStopWanted = false;  ///< while it swaps
  bool m_isStopNowWanted = false;
  std::thread m_swapper;
};

}  // namespace freshet::host
