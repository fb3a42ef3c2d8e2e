// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/sink_marks.h"

#include <algorithm>

namespace freshet::runtime {
namespace {

bool isTimers(const record::Origin& origin) {
  return origin.ordinal == record::Origin::kNoOrdinal;
}

/// A sink that stands at `mark` has what this led to, where its shard will be at `next` after it.
/// Of an event that is told by its offset alone: where the time is that of its arrival, the
/// watermark of a second reading is a later one.
bool isWithin(const record::Origin& origin, std::int64_t next, const stage::Reach& mark) {
  // A dead letter that goes round again is not what the sink's position speaks of.
  if (origin.shard != mark.shard || origin.retry != 0) return false;
  if (!isTimers(origin)) return origin.offset < mark.next;
  return next < mark.next || (next == mark.next && origin.timeMs <= mark.watermarkMs);
}

bool isSame(const stage::RefusedBefore& refused, const record::Origin& origin) {
  return refused.shard == origin.shard && refused.offset == origin.offset &&
         refused.timerMs == (isTimers(origin) ? std::optional(origin.timeMs) : std::nullopt);
}

}  // namespace

Status SinkMarks::takeOver(std::uint32_t node, stage::Sink& sink, const stage::Reach& shard,
                           std::string_view name) {
  std::erase_if(m_marks, [&](const Mark& mark) {
    return mark.node == node && mark.reach.shard == shard.shard;
  });
  Mark mark{node, {}, {}};
  auto reach = sink.takeOver(shard.shard, name, mark.refused);
  if (!reach) return reach.error();
  if (!*reach) return {};
  m_hasSinks = true;
  mark.reach = **reach;
  const bool isAhead = mark.reach.next > shard.next || (mark.reach.next == shard.next &&
                                                        mark.reach.watermarkMs > shard.watermarkMs);
  if (isAhead) m_marks.push_back(std::move(mark));
  return {};
}

void SinkMarks::dropShard(std::uint32_t shard) {
  std::erase_if(m_marks, [&](const Mark& mark) { return mark.reach.shard == shard; });
}

bool SinkMarks::isBehind(std::uint32_t shard) const {
  return std::ranges::any_of(m_marks, [&](const Mark& mark) { return mark.reach.shard == shard; });
}

std::size_t SinkMarks::beforeMarks(std::span<record::Origin* const> events) const {
  const auto isBeyond = [&](const record::Origin* event) {
    return std::ranges::any_of(m_marks, [&](const Mark& mark) {
      return mark.reach.shard == event->shard && event->offset >= mark.reach.next;
    });
  };
  return static_cast<std::size_t>(std::ranges::find_if(events, isBeyond) - events.begin());
}

const stage::Reach* SinkMarks::reachedMark(const Standing& standing,
                                           const record::Origin* upcoming) const {
  const Mark* first = nullptr;
  for (const Mark& mark : m_marks) {
    const bool isPassed =
        upcoming && upcoming->shard == mark.reach.shard && upcoming->offset >= mark.reach.next;
    if (!isPassed && standing(mark.reach.shard).next < mark.reach.next) continue;
    if (!first || mark.reach.next < first->reach.next) first = &mark;
  }
  return first ? &first->reach : nullptr;
}

void SinkMarks::pass(const stage::Reach* mark) {
  const auto found =
      std::ranges::find_if(m_marks, [&](const Mark& other) { return &other.reach == mark; });
  if (found != m_marks.end()) m_marks.erase(found);
}

void SinkMarks::strip(std::uint32_t node, std::vector<record::Record*>& records,
                      const Standing& standing, const Refuse& refuse) const {
  for (const Mark& mark : m_marks) {
    if (mark.node != node) continue;
    const std::int64_t next = standing(mark.reach.shard).next;
    for (std::size_t i = 0; !mark.refused.empty() && i < records.size(); ++i) {
      if (!isWithin(*records[i]->origin, next, mark.reach)) continue;
      const auto found = std::ranges::find_if(mark.refused, [&](const auto& refused) {
        return isSame(refused, *records[i]->origin) &&
               refused.nth == stage::nthOfOrigin(records, i);
      });
      if (found != mark.refused.end()) refuse(*records[i], *found);
    }
    std::erase_if(records, [&](const record::Record* record) {
      return isWithin(*record->origin, next, mark.reach);
    });
  }
}

}  // namespace freshet::runtime
