// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/stage/sink.h"

namespace freshet::runtime {

/// Sinks that store positions with their effects are ahead of the checkpoint after a crash. Until a
/// shard has come to where such a sink stands (its mark), the sink gets none of the shard's records
/// again. No batch goes across a mark, and there the shard's watermark is moved to the mark's, so
/// that timers which had fired before the crash fire on the same side. One lane's thread.
class SinkMarks {
 public:
  /// Where a shard stands: its next offset and its watermark.
  using Standing = std::function<stage::Reach(std::uint32_t shard)>;
  using Refuse = std::function<void(record::Record&, const stage::RefusedBefore&)>;

  /// Asks a sink for its mark; keeps it if the shard is behind it.
  Status takeOver(std::uint32_t node, stage::Sink& sink, const stage::Reach& shard,
                  std::string_view name);
  void dropShard(std::uint32_t shard);

  bool isEmpty() const { return m_marks.empty(); }
  /// Some sink has stored a position, so that `reached` is of use.
  bool hasSinks() const { return m_hasSinks; }
  bool isBehind(std::uint32_t shard) const;
  /// How many of the events may go into one batch.
  std::size_t beforeMarks(std::span<record::Origin* const> events) const;
  /// A mark that its shard has come to, or goes beyond with `upcoming`; taken out by `pass`.
  const stage::Reach* reachedMark(const Standing& standing, const record::Origin* upcoming) const;
  void pass(const stage::Reach* mark);
  /// Takes out the records that the sink holds already; those that it had refused are refused.
  void strip(std::uint32_t node, std::vector<record::Record*>& records, const Standing& standing,
             const Refuse& refuse) const;

 private:
  struct Mark {
    std::uint32_t node = 0;
    stage::Reach reach;
    std::vector<stage::RefusedBefore> refused;
  };
  std::vector<Mark> m_marks;
  bool m_hasSinks = false;
};

}  // namespace freshet::runtime
