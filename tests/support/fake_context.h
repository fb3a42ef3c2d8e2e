// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/record/json.h"
#include "core/stage/node_type.h"
#include "core/stage/stage.h"
#include "core/stage/stage_context.h"

namespace freshet::testing {

/// A project of texts by path, and slots in order of asking.
class FakeBuild final : public stage::BuildContext {
 public:
  explicit FakeBuild(const liquid::TemplateEnvironment* liquid = nullptr) : m_liquid(liquid) {
    slot("event");
  }

  const std::string& nodeId() const override { return m_nodeId; }
  std::uint32_t slot(std::string_view section) override {
    const auto found = std::ranges::find(slots, section);
    if (found == slots.end()) {
      slots.emplace_back(section);
      return static_cast<std::uint32_t>(slots.size() - 1);
    }
    return static_cast<std::uint32_t>(found - slots.begin());
  }
  Result<std::string> file(std::string_view path) override {
    const auto found = files.find(path);
    if (found == files.end()) return Error{"E-0001", "there is no such file", std::string(path)};
    return found->second;
  }
  const liquid::TemplateEnvironment& liquid() const override { return *m_liquid; }
  bool profilesWrittenDownstream(std::string_view) const override { return isWrittenDownstream; }

  std::map<std::string, std::string, std::less<>> files;
  std::vector<std::string> slots;
  bool isWrittenDownstream = false;

 private:
  std::string m_nodeId = "node";
  const liquid::TemplateEnvironment* m_liquid;
};

/// Keyed state in a map, timers fired by hand.
class FakeState final : public stage::KeyedState {
 public:
  using Key = std::pair<std::uint32_t, std::string>;

  Status get(std::span<const stage::StateKey> keys, std::span<std::string_view> values) override {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto found = rows.find({keys[i].shard, std::string(keys[i].key)});
      values[i] = found == rows.end() ? std::string_view() : std::string_view(found->second);
    }
    return {};
  }
  void put(const stage::StateKey& key, std::string_view bytes) override {
    rows[{key.shard, std::string(key.key)}] = bytes;
  }
  void remove(const stage::StateKey& key) override {
    rows.erase({key.shard, std::string(key.key)});
    clearTimer(key);
  }
  void setTimer(const stage::StateKey& key, TimeMs atMs) override {
    timers[{key.shard, std::string(key.key)}] = atMs;
  }
  void clearTimer(const stage::StateKey& key) override {
    timers.erase({key.shard, std::string(key.key)});
  }
  /// Takes out what is due at `watermarkMs` in a shard, oldest first.
  std::vector<stage::Timer> takeDue(std::uint32_t shard, TimeMs watermarkMs, Arena& arena) {
    std::vector<stage::Timer> due;
    for (auto it = timers.begin(); it != timers.end();) {
      if (it->first.first == shard && it->second <= watermarkMs) {
        due.push_back({shard, arena.copy(it->first.second), it->second});
        it = timers.erase(it);
      } else {
        ++it;
      }
    }
    std::ranges::stable_sort(due, {}, &stage::Timer::atMs);
    return due;
  }

  std::map<Key, std::string> rows;
  std::map<Key, TimeMs> timers;
};

/// Profiles in a map; counts round trips.
class FakeProfiles final : public stage::ProfileView {
 public:
  Status fetch(std::span<const std::string_view> keys, Arena&) override {
    ++fetches;
    fetchedKeys += keys.size();
    return {};
  }
  record::Value read(std::string_view key) override {
    const auto found = profiles.find(key);
    return found == profiles.end() ? record::Value() : *found->second;
  }
  Status write(std::string_view key, const record::Value& profile, const record::Origin&) override {
    record::OwnedValue& current = profiles[std::string(key)];
    // What was read before stays valid as long as the batch.
    m_before.push_back(std::exchange(current, record::OwnedValue(profile)));
    return {};
  }

  std::map<std::string, record::OwnedValue, std::less<>> profiles;
  std::size_t fetches = 0;
  std::size_t fetchedKeys = 0;

 private:
  std::vector<record::OwnedValue> m_before;
};

/// A context whose clock, state and profiles are in the test's hand.
class FakeContext final : public stage::StageContext, private stage::Files {
 public:
  const std::string& nodeId() const override { return m_nodeId; }
  const std::string& pipeline() const override { return m_pipeline; }
  std::string_view placeOf(const record::Origin& origin) override {
    m_place = "source/" + std::to_string(origin.partition) + '/' + std::to_string(origin.offset);
    return m_place;
  }
  std::string_view slot() const override { return fakeSlot; }
  int lane() const override { return 0; }
  int lanes() const override { return 1; }
  stage::Mode mode() const override { return fakeMode; }
  std::span<const std::string> sections() const override { return slots; }
  TimeMs nowMs() const override { return now; }
  std::shared_ptr<const Clock> clock() const override { return fakeClock; }
  TimeMs startedMs() const override { return started; }
  std::uint64_t seed() const override { return 1; }
  std::uint64_t random() override { return 4; }
  FakeState& state() override { return fakeState; }
  Result<stage::ProfileView*> profiles(std::string_view) override { return &fakeProfiles; }
  stage::Files& files() override { return *this; }
  Result<std::shared_ptr<stage::Capability>> capability(std::string_view kind,
                                                        std::string_view) override {
    if (fakeCapability) return fakeCapability;
    return Error{"E-0002", "no capability " + std::string(kind), {}};
  }
  std::string stateFolder() const override { return stateDirectory; }
  void service() override {}
  bool isWaitOver() const override { return isOver; }

  bool isOver = false;
  struct HandClock final : Clock {
    explicit HandClock(const FakeContext& context) : m_context(context) {}
    TimeMs now() const override { return m_context.now; }
    const FakeContext& m_context;
  };

  std::atomic<TimeMs> now = 0;
  std::shared_ptr<const Clock> fakeClock = std::make_shared<HandClock>(*this);
  TimeMs started = 0;
  std::string stateDirectory;
  std::map<std::string, std::string, std::less<>> projectFiles;
  std::string projectDirectory;
  std::vector<std::string> slots;
  std::string fakeSlot;
  FakeState fakeState;
  FakeProfiles fakeProfiles;
  stage::Mode fakeMode = stage::Mode::Live;
  std::shared_ptr<stage::Capability> fakeCapability;  ///< whatever is asked for

 private:
  Result<std::string> read(std::string_view path) override {
    const auto found = projectFiles.find(path);
    if (found == projectFiles.end())
      return Error{"E-0001", "there is no such file", std::string(path)};
    return found->second;
  }
  std::string projectFolder() const override { return projectDirectory; }

  std::string m_nodeId = "node";
  std::string m_pipeline = "pipeline";
  std::string m_place;
};

}  // namespace freshet::testing
