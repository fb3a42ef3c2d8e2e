// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/runtime/lane_reader.h"
#include "core/runtime/node_context.h"
#include "core/runtime/patience.h"
#include "core/runtime/run.h"
#include "core/stage/source.h"

namespace freshet::runtime {

/// Makes a lane's checkpoint and its source's transaction true together. The checkpoint is stored
/// as prepared, then the transaction commits with a mark of it beside each position; whether the
/// mark is there decides about the prepared one, now or after a crash. Lane's thread only.
class CommitGroup {
 public:
  CommitGroup(Run& run, LaneShare& share, Patience& patience);

  /// From now on the lane commits by the transaction of this reader.
  void lead(LaneReader& reader, stage::Transaction& transaction);
  bool isLed() const { return m_transaction != nullptr; }
  stage::Transaction* transaction() { return m_transaction; }
  LaneReader* reader() { return m_reader; }

  Status open();
  Status begin();
  /// Reads what stands beside the positions of partitions that were just assigned.
  Status adopt(std::span<const std::int32_t> partitions);
  /// Takes the profiles of these partitions over, once their shards are open.
  Status hold(std::span<const std::int32_t> partitions);
  /// True: `pending` is stored and committed. False: nothing of it is true, the transaction is
  /// gone.
  Result<bool> commit(Checkpoint& pending);
  Status abort();
  /// Where the group stood when the partition was assigned, or by the last commit since.
  std::int64_t committed(std::int32_t partition) const {
    const auto found = m_committed.find(partition);
    return found == m_committed.end() ? 0 : found->second.offset;
  }

 private:
  std::vector<stage::Position> positions();
  std::pair<std::int64_t, std::uint64_t> standing(std::uint32_t shard);
  Status prepare(Checkpoint& pending);
  Result<bool> isCommitted(const stage::Position& position);

  Run& m_run;
  LaneShare& m_share;
  Patience& m_patience;
  LaneReader* m_reader = nullptr;
  stage::Transaction* m_transaction = nullptr;
  std::string m_writer;
  std::uint64_t m_mark = 0;
  std::map<std::int32_t, stage::Position> m_committed;  ///< by partition; notes as text
};

/// The name by which a lane marks its groups; the same after every restart.
std::string writerName(std::string_view slot, int lane);
/// What runs before have left prepared becomes true or goes, by what stands beside the positions.
/// For a start, before any lane reads. `sourceOf`: the source node called so, or null.
Status settlePrepared(Run& run,
                      const std::function<stage::Source*(std::string_view node)>& sourceOf,
                      const std::function<stage::StageContext&(std::string_view node)>& contextOf);

}  // namespace freshet::runtime
