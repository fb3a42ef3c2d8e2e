// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/record/value.h"

namespace freshet::record {

struct Header {
  std::string_view name;
  std::string_view value;
};

/// An event as it arrived. Immutable; shared by every record that descends from it.
/// `bytes` has kJsonPadding readable bytes behind it. `ordinal` is its place in the micro-batch.
struct Origin {
  static constexpr std::uint32_t kNoOrdinal = UINT32_MAX;  ///< made by a timer, not by a source
  static constexpr std::uint32_t kRetriedOrdinal = UINT32_MAX - 1;  ///< came by a source before

  std::string_view bytes;
  std::string_view key;
  std::span<const Header> headers;
  std::uint32_t shard = 0;  ///< (source, partition), numbered by the topology's driver
  std::int32_t partition = 0;
  std::int64_t offset = -1;
  TimeMs timeMs = 0;       ///< event time
  TimeMs watermarkMs = 0;  ///< the shard's watermark just before this event
  TimeMs arrivedMs = 0;
  std::uint32_t ordinal = kNoOrdinal;
  std::int64_t retry = 0;   ///< a dead letter on its way again: its place in their order; else 0
  bool isWithheld = false;  ///< on its way again, unarmed: it must not reach people
  mutable std::uint32_t reached = 0;  ///< how many sinks have it; one that refuses gives it back
};

/// One record on its way through the graph: the event and the named sections beside it.
/// A section is a slot whose number the compiled topology gave to its name; slot 0 is `event`.
/// Records live in the batch's arena; keep no pointer past `process`.
struct Record {
  const Origin* origin = nullptr;
  std::span<Value> sections;

  const Value& event() const { return sections[0]; }
};

inline constexpr std::uint32_t kEventSlot = 0;

/// What a stage gets: records in order of arrival (per shard), and the arena they live in.
struct Batch {
  Arena* arena = nullptr;
  std::vector<Record*> records;
};

}  // namespace freshet::record
