// SPDX-License-Identifier: GPL-3.0-or-later
// The shards that a lane reads: opened, taken over, given away.
#include <algorithm>
#include <set>

#include "core/runtime/lane_runner.h"

namespace freshet::runtime {
namespace {

// Partitions that are wanted elsewhere: longer, and the group's others stand still.
constexpr std::int64_t kRevokeNs = 5'000'000'000;

}  // namespace

Status LaneRunner::open() {
  const Topology& topology = m_run.topology();
  auto parts = topology.makeLane();
  if (!parts) return parts.error();
  if (m_run.recording())
    m_recorder = std::make_unique<LaneRecorder>(m_run.recording(), m_share.lane);
  m_share.recorder = m_recorder.get();
  if (m_run.taps()) m_observer = m_run.taps()->observer();
  m_lane =
      std::make_unique<Lane>(m_run.sharedTopology(), std::move(*parts), m_meters, m_observer.get());
  std::vector<stage::StageContext*> contexts;
  for (std::size_t i = 0; i < topology.nodes().size(); ++i) {
    const TopologyNode& node = topology.nodes()[i];
    m_contexts.push_back(std::make_unique<NodeContext>(m_share, node.id, m_lane->state(i),
                                                       node.role == Role::Source));
    contexts.push_back(m_contexts.back().get());
  }
  if (auto status = m_lane->open(contexts); !status) return status;
  auto stored = m_run.db().positions();
  if (!stored) return stored.error();
  m_stored = std::move(*stored);
  m_readers.reserve(m_sources.size());
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    if (!m_sources[i]) continue;
    LaneReader& reader = m_readers.emplace_back();
    reader.node = static_cast<std::uint32_t>(i);
    reader.source = m_sources[i];
    reader.reader = m_sources[i]->reader(m_share.lane, m_share.lanes);
  }
  for (LaneReader& reader : m_readers) {
    if (auto status = openReader(reader); !status) return status;
  }
  if (auto status = openSinks(contexts); !status) return status;
  for (const LaneReader& reader : m_readers) {
    for (const auto& [partition, shard] : reader.shards) {
      if (auto status = takeOver(shard); !status) return status;
    }
  }
  return m_run.settings().isLettersOnly ? openLetterShards() : Status();
}

Status LaneRunner::openSinks(std::span<stage::StageContext* const> contexts) {
  const Topology& topology = m_run.topology();
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    stage::Sink* sink = m_lane->parts().sinks[i].get();
    if (!sink) continue;
    if (m_group.isLed()) sink->join(*m_group.transaction());
    if (auto status = sink->open(*contexts[i]); !status)
      return placed(status, topology.nodes()[i].id);
  }
  if (!m_group.isLed()) return {};
  return placed(m_group.open(), topology.nodes()[m_readers.front().node].id);
}

Status LaneRunner::openLetterShards() {
  auto letters = m_run.db().letters().queued(0, SIZE_MAX >> 1);
  if (!letters) return letters.error();
  const auto& nodes = m_run.topology().nodes();
  std::map<std::string, std::set<std::int32_t>> partitions;
  for (const StoredDead& letter : *letters)
    partitions[letter.shard.substr(0, letter.shard.rfind('/'))].insert(letter.partition);
  m_readers.reserve(partitions.size());
  for (const auto& [source, numbers] : partitions) {
    const auto node = std::ranges::find(nodes, source, &TopologyNode::id);
    if (node == nodes.end()) continue;
    LaneReader& reader = m_readers.emplace_back();
    reader.node = static_cast<std::uint32_t>(node - nodes.begin());
    reader.isEnded = true;
    for (const std::int32_t partition : numbers) {
      if (auto status = openShard(reader, partition); !status) return status;
    }
  }
  return {};
}

Status LaneRunner::openReader(LaneReader& reader) {
  std::vector<stage::Position> from;
  reader.hasQuota = m_run.settings().limit && reader.source->isDeterministic();
  if (!reader.source->keepsPositions()) {
    auto count = reader.source->partitions(*m_contexts[reader.node]);
    if (!count) return placed(count.error(), m_run.topology().nodes()[reader.node].id);
    for (std::int32_t partition = m_share.lane; partition < *count; partition += m_share.lanes) {
      if (auto status = openShard(reader, partition); !status) return status;
      LaneReader::Shard& shard = reader.shards[partition];
      if (reader.hasQuota) {
        const std::int64_t limit = *m_run.settings().limit;
        shard.quota = limit / *count + (partition < limit % *count ? 1 : 0);
      }
      from.push_back({partition, shard.next});
    }
  } else {
    const std::string prefix = m_run.topology().nodes()[reader.node].id + '/';
    for (const auto& [name, stored] : m_stored) {
      if (name.starts_with(prefix))
        from.push_back({std::atoi(name.c_str() + prefix.size()), stored.offset});
    }
  }
  m_polling = &reader;
  if (auto status = reader.reader->open(*m_contexts[reader.node], from, *this); !status)
    return placed(status, m_run.topology().nodes()[reader.node].id);
  const std::int64_t everyMs =
      m_run.topology().nodes()[reader.node].config.durationMs("commitEvery");
  if (everyMs > 0) m_commitEveryNs = everyMs * 1'000'000;
  if (!m_run.isTransactional()) return {};
  if (stage::Transaction* transaction = reader.reader->transaction())
    m_group.lead(reader, *transaction);
  return {};
}

Status LaneRunner::openShard(LaneReader& reader, std::int32_t partition) {
  LaneReader::Shard shard;
  shard.name = m_run.topology().nodes()[reader.node].id + "/" + std::to_string(partition);
  shard.id = m_run.shard(shard.name);
  shard.lastEventNs = monotonicNs();
  TimeMs watermark = Lane::kNoWatermark;
  if (const auto stored = m_stored.find(shard.name); stored != m_stored.end()) {
    shard.next = stored->second.offset;
    watermark = stored->second.watermarkMs;
  }
  m_lane->setWatermark(shard.id, watermark);
  for (std::size_t node = 0; node < m_run.topology().nodes().size(); ++node) {
    StateTable* table = m_lane->state(node);
    if (!table) continue;
    auto rows = m_run.db().state(m_run.topology().nodes()[node].id, shard.name);
    if (!rows) return rows.error();
    for (StateRow& row : *rows) {
      row.shard = shard.id;
      table->load(std::move(row));
    }
  }
  if (m_recorder) m_recorder->shardOpened(shard.name, m_lane->snapshot(shard.id));
  reader.shards[partition] = std::move(shard);
  return {};
}

Status LaneRunner::takeOver(const LaneReader::Shard& shard) {
  if (m_run.settings().mode == stage::Mode::Inert) return {};
  const std::string name = m_run.topology().project().pipeline.name + '/' + shard.name;
  for (std::size_t node = 0; node < m_lane->parts().sinks.size(); ++node) {
    stage::Sink* sink = m_lane->parts().sinks[node].get();
    if (!sink) continue;
    auto taken = m_patience.insist([&] {
      return placed(
          m_marks.takeOver(static_cast<std::uint32_t>(node), *sink, reachOf(shard.id), name),
          m_run.topology().nodes()[node].id);
    });
    if (!taken) return taken;
  }
  return {};
}

void LaneRunner::onAssigned(std::span<const std::int32_t> partitions) {
  m_letters.lookAgain(false);
  // Another lane may have moved them on since this one started.
  if (auto stored = m_run.db().positions()) m_stored = std::move(*stored);
  if (m_group.isLed()) {
    if (auto status = m_group.adopt(partitions); !status) return m_run.fail(status.error());
  }
  for (const std::int32_t partition : partitions) {
    auto status = openShard(*m_polling, partition);
    if (status) status = takeOver(m_polling->shards[partition]);
    if (!status) return m_run.fail(status.error());
  }
  if (!m_group.isLed() || m_run.failure()) return;
  if (auto status = m_group.hold(partitions); !status) m_run.fail(status.error());
}

void LaneRunner::onRevoked(std::span<const std::int32_t> partitions, bool isLost) {
  if (isLost) {
    discardPending();
    if (auto status = m_group.isLed() ? m_group.abort() : Status(); !status)
      m_run.fail(status.error());
  } else {
    hurry();
    if (auto status = commit(); !status && !giveUp(status.error())) m_run.fail(status.error());
  }
  dropShards(*m_polling, partitions);
}

void LaneRunner::hurry() {
  if (!m_isGoing) m_patience.endAt(monotonicNs() + kRevokeNs);
  m_isGoing = true;
}

void LaneRunner::dropShards(LaneReader& reader, std::span<const std::int32_t> partitions) {
  for (const std::int32_t partition : partitions) {
    const auto found = reader.shards.find(partition);
    if (found == reader.shards.end()) continue;
    for (std::size_t node = 0; node < m_run.topology().nodes().size(); ++node) {
      if (StateTable* table = m_lane->state(node)) table->dropShard(found->second.id);
    }
    for (auto& [name, session] : m_share.sessions) session->letGo(found->second.id);
    m_marks.dropShard(found->second.id);
    if (m_recorder) m_recorder->shardDropped(found->second.name);
    reader.shards.erase(found);
  }
}

void LaneRunner::discardAll(LaneReader& reader) {
  discardPending();
  std::vector<std::int32_t> partitions;
  for (const auto& [partition, shard] : reader.shards) partitions.push_back(partition);
  dropShards(reader, partitions);
}

LaneReader::Shard* LaneRunner::findShard(std::uint32_t id) {
  for (LaneReader& reader : m_readers) {
    for (auto& [partition, shard] : reader.shards) {
      if (shard.id == id) return &shard;
    }
  }
  return nullptr;
}

stage::Reach LaneRunner::reachOf(std::uint32_t id) {
  const LaneReader::Shard* shard = findShard(id);
  return {id, shard ? shard->next : 0, m_lane->watermark(id)};
}

}  // namespace freshet::runtime
