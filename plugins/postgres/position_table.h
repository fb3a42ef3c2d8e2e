// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/stage/sink.h"
#include "plugins/postgres/link.h"

namespace freshet::postgres {

inline constexpr std::string_view kPositionTable = "freshet_offset";

/// How far one sink has come in one shard, as its row says. `fence` rises with each taking over;
/// (fence, sequence) names the transaction that wrote the row last.
struct ShardPosition {
  std::string name;  ///< pipeline/source/partition
  stage::Reach reach;
  std::int64_t fence = 0;
  std::int64_t sequence = 0;
  std::vector<stage::RefusedBefore> refused;  ///< not known to be in a checkpoint yet
};

/// The statements on the table of positions over one connection, prepared once. No state.
struct PositionTable {
  /// Makes the table where it is not there, and prepares.
  static Status open(Link& link);
  /// Raises the fence: whoever wrote the shard until now can commit no more.
  static Result<ShardPosition> takeOver(Link& link, const std::string& sink, std::uint32_t shard,
                                        std::string_view name);
  /// Parameters of the statement "put": no row is changed where the fence is another's.
  static std::vector<Parameter> put(const std::string& sink, const ShardPosition& position);
  /// Waits for a transaction that still holds the row. Nothing changed: it did not commit.
  static Result<bool> isWritten(Link& link, const std::string& sink, const ShardPosition& position);
  static Status forget(Link& link, const std::string& sink, std::string_view prefix);
};

}  // namespace freshet::postgres
