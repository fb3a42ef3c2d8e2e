// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/lane_reader.h"

#include <algorithm>

#include "core/runtime/lane.h"

namespace freshet::runtime {

std::vector<record::Origin*> LaneReader::take(Run& run, const stage::Polled& polled, Arena& arena) {
  const TimeMs now = run.clock().now();
  const std::int64_t nowNs = monotonicNs();
  const bool countsDown = run.settings().limit && !hasQuota;
  std::vector<record::Origin*> events;
  events.reserve(polled.events.size());
  Shard* shard = nullptr;
  std::int32_t partition = -1;
  for (const stage::Polled::Event& event : polled.events) {
    if (!shard || partition != event.partition) {
      const auto found = shards.find(event.partition);
      if (found == shards.end()) continue;
      shard = &found->second;
      partition = event.partition;
    }
    if (event.offset >= shard->quota) continue;
    if (countsDown && run.remaining.fetch_sub(1) <= 0) break;
    auto* origin = arena.make<record::Origin>();
    *origin = {event.bytes,  event.key,    event.headers,      shard->id, event.partition,
               event.offset, event.timeMs, Lane::kNoWatermark, now,       0};
    origin->isWithheld = run.settings().isBackfill;
    events.push_back(origin);
    shard->lastEventNs = nowNs;
  }
  return events;
}

void LaneReader::pass(std::span<record::Origin* const> events) {
  Shard* shard = nullptr;
  for (const record::Origin* origin : events) {
    if (!shard || shard->id != origin->shard) shard = &shards.at(origin->partition);
    shard->next = origin->offset + 1;
    shard->isMoved = true;
  }
}

bool LaneReader::isDone(const Run& run) const {
  if (isEnded) return true;
  if (!hasQuota) return run.settings().limit && run.remaining <= 0;
  return std::ranges::all_of(
      shards, [](const auto& entry) { return entry.second.next >= entry.second.quota; });
}

}  // namespace freshet::runtime
