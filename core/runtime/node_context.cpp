// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/node_context.h"

#include "core/base/text.h"
#include "core/pipeline/files.h"

namespace freshet::runtime {
namespace {

// Far enough that every event of a deterministic source is due.
constexpr TimeMs kEndOfVirtualTime = INT64_MAX / 4;

}  // namespace

NodeContext::NodeContext(LaneShare& share, std::string node, StateTable* state, bool isSource)
    : m_share(share),
      m_node(std::move(node)),
      m_state(state ? state : &m_ownState),
      m_isSource(isSource),
      m_random(stableHash(m_node) ^ (seed() * 0x9e3779b97f4a7c15ULL) ^
               static_cast<std::uint64_t>(share.lane)) {}

TimeMs NodeContext::nowMs() const {
  if (!m_share.run.settings().isMaxSpeed) return m_share.run.clock().now();
  return m_isSource ? kEndOfVirtualTime : m_share.virtualNowMs;
}

std::uint64_t NodeContext::random() {
  // splitmix64
  m_random += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = m_random;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::string_view NodeContext::placeOf(const record::Origin& origin) {
  if (origin.shard >= m_shardPlaces.size()) m_shardPlaces.resize(origin.shard + 1);
  std::string& shard = m_shardPlaces[origin.shard];
  if (shard.empty()) shard = m_share.run.shardName(origin.shard) + '/';
  m_place = shard;
  m_place += std::to_string(origin.offset);
  if (origin.ordinal == record::Origin::kNoOrdinal) m_place += '@' + std::to_string(origin.timeMs);
  return m_place;
}

Result<stage::ProfileView*> NodeContext::profiles(std::string_view connection) {
  auto found = m_share.sessions.find(connection);
  if (found == m_share.sessions.end()) {
    auto store = m_share.run.profiles(connection);
    if (!store) return store.error();
    if (m_share.recorder) *store = m_share.recorder->watch(std::string(connection), *store);
    const auto sourceOf = [&run = m_share.run](std::uint32_t shard) {
      const std::string name = run.shardName(shard);
      return stableHash(run.topology().project().pipeline.name + '/' +
                        name.substr(0, name.rfind('/')));
    };
    found = m_share.sessions.emplace(connection, std::make_unique<ProfileSession>(*store, sourceOf))
                .first;
  }
  return static_cast<stage::ProfileView*>(found->second.get());
}

std::string NodeContext::stateFolder() const {
  return mode() == stage::Mode::Live ? m_share.run.settings().stateFolder : std::string();
}

Result<std::string> NodeContext::read(std::string_view path) {
  return pipeline::readProjectFile(m_share.run.topology().project(), path);
}

std::string NodeContext::projectFolder() const {
  return m_share.run.topology().project().folder;
}

}  // namespace freshet::runtime
