// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/lane_recorder.h"
#include "core/runtime/profile_session.h"
#include "core/runtime/run.h"
#include "core/stage/stage_context.h"

namespace freshet::runtime {

/// What the nodes of one lane share: their sessions with profile stores, virtual time, service.
struct LaneShare {
  Run& run;
  int lane = 0;
  int lanes = 1;
  std::map<std::string, std::unique_ptr<ProfileSession>, std::less<>> sessions;
  TimeMs virtualNowMs = 0;
  std::function<void()> service;
  std::function<bool()> isWaitOver = {};
  LaneRecorder* recorder = nullptr;
};

/// The StageContext of one node in one lane. Lane's thread only.
class NodeContext final : public stage::StageContext, private stage::Files {
 public:
  NodeContext(LaneShare& share, std::string node, StateTable* state, bool isSource);

  const std::string& nodeId() const override { return m_node; }
  const std::string& pipeline() const override {
    return m_share.run.topology().project().pipeline.name;
  }
  std::string_view placeOf(const record::Origin& origin) override;
  std::string_view slot() const override { return m_share.run.settings().slot; }
  int lane() const override { return m_share.lane; }
  int lanes() const override { return m_share.lanes; }
  stage::Mode mode() const override { return m_share.run.settings().mode; }
  bool isBackfill() const override { return m_share.run.settings().isBackfill; }
  std::span<const std::string> sections() const override { return m_share.run.topology().slots(); }
  TimeMs nowMs() const override;
  std::shared_ptr<const Clock> clock() const override { return m_share.run.sharedClock(); }
  TimeMs startedMs() const override { return m_share.run.startedMs(); }
  std::uint64_t seed() const override { return m_share.run.settings().seed; }
  std::uint64_t random() override;
  stage::KeyedState& state() override { return *m_state; }
  Result<stage::ProfileView*> profiles(std::string_view connection) override;
  stage::Files& files() override { return *this; }
  Result<std::shared_ptr<stage::Capability>> capability(std::string_view kind,
                                                        std::string_view connection) override {
    return m_share.run.capability(kind, connection);
  }
  std::string stateFolder() const override;
  void service() override {
    if (m_share.service) m_share.service();
  }
  bool isWaitOver() const override { return m_share.isWaitOver && m_share.isWaitOver(); }

 private:
  Result<std::string> read(std::string_view path) override;
  std::string projectFolder() const override;

  LaneShare& m_share;
  std::string m_node;
  StateTable* m_state;
  StateTable m_ownState;  ///< for sources and sinks, which keep none
  bool m_isSource;
  std::uint64_t m_random;
  std::vector<std::string> m_shardPlaces;  ///< "source/partition/", by shard
  std::string m_place;
};

}  // namespace freshet::runtime
