// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stage/sink.h"
#include "plugins/postgres/connection.h"
#include "plugins/postgres/position_table.h"
#include "plugins/postgres/row_block.h"

namespace freshet::postgres {

/// What a sink is to write, and to where.
struct WriterSettings {
  std::string table;
  std::vector<std::string> columns;
  std::vector<std::string> keys;
  OnConflict onConflict = OnConflict::Update;
};

/// One lane's rows on their way: full blocks go out while the lane works, `flush` adds the
/// positions and commits, all in one transaction. Whatever breaks it, the rows are kept and it is
/// done anew; a COMMIT whose answer was lost is looked up, never guessed. Rows that the database
/// refuses are found by halving and left out. Lane's thread only; between flushes a transaction may
/// be open.
class RowWriter {
 public:
  static Result<std::unique_ptr<RowWriter>> open(
      std::shared_ptr<const PostgresConnection> connection, WriterSettings settings,
      stage::StageContext& context);

  const TargetTable& table() const { return m_table; }
  /// A row whose values do not fit their columns ("E-3910") is refused by the next flush.
  void add(const RowBlock::Row& row, std::span<const record::Value> values,
           const stage::BatchLease& lease);
  /// Sends the blocks that are full. Troubles wait for `flush`.
  void sendFull();
  Status flush(std::vector<stage::Failure>& refused);
  void discard();

  Result<stage::Reach> takeOver(std::uint32_t shard, std::string_view name,
                                std::vector<stage::RefusedBefore>& refused);
  void reached(std::span<const stage::Reach> reach) { m_reach.assign(reach.begin(), reach.end()); }
  void settled();

 private:
  struct Refused {
    RowBlock::Row row;
    std::string_view code;
    std::string message;
    stage::BatchLease lease;  ///< null: a block has it
  };

  RowWriter(std::shared_ptr<const PostgresConnection> connection, WriterSettings settings,
            stage::StageContext& context)
      : m_connection(std::move(connection)), m_settings(std::move(settings)), m_context(context) {}
  Status connect();
  void drop();
  Status begin();
  Status sendBlocks(bool isLast);
  Status transact();
  /// Whether the transaction whose COMMIT was not answered is there.
  Result<bool> resolveDoubt();
  /// The whole transaction but COMMIT, by a pipeline.
  Status writeAll();
  /// Row by row where it must be, inside savepoints.
  Status writeCarefully();
  Status writeRange(const RowBlock& block, std::size_t from, std::size_t to);
  Status commit();
  void movePositions();
  Error takenOver(const ShardPosition& position) const;

  std::shared_ptr<const PostgresConnection> m_connection;
  WriterSettings m_settings;
  stage::StageContext& m_context;
  TargetTable m_table;
  std::unique_ptr<Link> m_link;
  std::vector<std::unique_ptr<RowBlock>> m_blocks;
  std::size_t m_sent = 0;    ///< blocks that went out in the open pipeline
  bool m_isOpen = false;     ///< a transaction and its pipeline
  bool m_isInDoubt = false;  ///< the last COMMIT was not answered
  std::map<std::uint32_t, ShardPosition> m_shards;
  std::vector<ShardPosition> m_moved;  ///< as the transaction writes them
  std::vector<stage::Reach> m_reach;
  std::vector<std::uint32_t> m_touched;  ///< shards with rows in m_blocks
  std::vector<Refused> m_misfits;        ///< by us
  std::vector<Refused> m_refused;        ///< by the server, in the last attempt
  // What the failures of the last flush point to.
  std::vector<Refused> m_reported;
  std::vector<std::unique_ptr<RowBlock>> m_reportedBlocks;
};

}  // namespace freshet::postgres
