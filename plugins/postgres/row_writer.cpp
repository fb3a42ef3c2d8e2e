// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/row_writer.h"

#include <algorithm>

namespace freshet::postgres {
namespace {

constexpr std::string_view kMisfit = "E-3910";
constexpr std::string_view kRefused = "E-3911";

bool isRowsFault(const Error& error) {
  return error.code == "E-3906";
}

stage::RefusedBefore placeOf(const RowBlock::Row& row, std::string_view code,
                             const std::string& message) {
  const record::Origin& origin = *row.record->origin;
  stage::RefusedBefore refused;
  refused.shard = origin.shard;
  refused.offset = origin.offset;
  refused.nth = row.nth;
  if (origin.ordinal == record::Origin::kNoOrdinal) refused.timerMs = origin.timeMs;
  refused.code = code;
  refused.message = message;
  return refused;
}

}  // namespace

Result<std::unique_ptr<RowWriter>> RowWriter::open(
    std::shared_ptr<const PostgresConnection> connection, WriterSettings settings,
    stage::StageContext& context) {
  std::unique_ptr<RowWriter> writer(
      new RowWriter(std::move(connection), std::move(settings), context));
  if (auto status = writer->connect(); !status) return status.error();
  return writer;
}

Status RowWriter::connect() {
  if (m_link) return {};
  auto link = m_connection->open([this] { m_context.service(); });
  if (!link) return link.error();
  // Read anew each time: the table may have changed while the server was away.
  auto table = TargetTable::read(**link, m_settings.table, m_settings.columns, m_settings.keys,
                                 m_settings.onConflict);
  if (!table) return table.error();
  m_table = std::move(*table);
  if (auto status = PositionTable::open(**link); !status) return status;
  if (auto status = (*link)->prepare("insert", m_table.insertSql()); !status) return status;
  if (auto status = (*link)->prepare("begin", "BEGIN"); !status) return status;
  m_link = std::move(*link);
  return {};
}

void RowWriter::drop() {
  m_link.reset();
  m_isOpen = false;
  m_sent = 0;
}

void RowWriter::add(const RowBlock::Row& row, std::span<const record::Value> values,
                    const stage::BatchLease& lease) {
  if (m_blocks.empty() || m_blocks.back()->isFull())
    m_blocks.push_back(std::make_unique<RowBlock>(m_table));
  std::string wrong = m_blocks.back()->add(row, values, lease);
  if (!wrong.empty()) {
    m_misfits.push_back({row, kMisfit, std::move(wrong), lease});
    return;
  }
  const std::uint32_t shard = row.record->origin->shard;
  if (std::ranges::find(m_touched, shard) == m_touched.end()) m_touched.push_back(shard);
}

Status RowWriter::begin() {
  if (m_isOpen) return {};
  if (auto status = m_link->startPipeline(); !status) return status;
  if (auto status = m_link->queue("begin", {}); !status) return status;
  m_isOpen = true;
  m_sent = 0;
  return {};
}

Status RowWriter::sendBlocks(bool isLast) {
  for (; m_sent < m_blocks.size(); ++m_sent) {
    const RowBlock& block = *m_blocks[m_sent];
    if (!isLast && !block.isFull()) break;
    if (block.rows().empty()) continue;
    if (auto status = begin(); !status) return status;
    if (auto status = m_link->queue("insert", block.arrays(0, block.rows().size())); !status)
      return status;
  }
  return m_isOpen ? m_link->pump() : Status();
}

void RowWriter::sendFull() {
  if (!m_link || m_isInDoubt) return;
  if (!sendBlocks(false)) drop();
}

void RowWriter::discard() {
  if (m_isOpen) drop();
  m_blocks.clear();
  m_touched.clear();
  m_misfits.clear();
  m_refused.clear();
  m_isInDoubt = false;
}

Result<stage::Reach> RowWriter::takeOver(std::uint32_t shard, std::string_view name,
                                         std::vector<stage::RefusedBefore>& refused) {
  // Its own transaction: what is open begins anew with the next flush.
  if (m_isOpen) drop();
  if (auto status = connect(); !status) return status.error();
  auto position = PositionTable::takeOver(*m_link, m_context.nodeId(), shard, name);
  if (!position) {
    drop();
    return position.error();
  }
  refused = position->refused;
  const stage::Reach reach = position->reach;
  m_shards.insert_or_assign(shard, std::move(*position));
  return reach;
}

void RowWriter::settled() {
  for (const stage::Reach& reach : m_reach) {
    const auto found = m_shards.find(reach.shard);
    if (found == m_shards.end()) continue;
    std::erase_if(found->second.refused, [&](const stage::RefusedBefore& refused) {
      return refused.timerMs ? *refused.timerMs <= reach.watermarkMs : refused.offset < reach.next;
    });
  }
}

void RowWriter::movePositions() {
  m_moved.clear();
  for (const stage::Reach& reach : m_reach) {
    const auto found = m_shards.find(reach.shard);
    if (found == m_shards.end() || std::ranges::find(m_touched, reach.shard) == m_touched.end())
      continue;
    ShardPosition& moved = m_moved.emplace_back(found->second);
    moved.reach = reach;
    ++moved.sequence;
    for (const auto* list : {&m_misfits, &m_refused}) {
      for (const Refused& each : *list) {
        if (each.row.record->origin->shard == reach.shard)
          moved.refused.push_back(placeOf(each.row, each.code, each.message));
      }
    }
  }
}

Error RowWriter::takenOver(const ShardPosition& position) const {
  return {"E-3908",
          "Another instance of this pipeline has taken over " + position.name +
              " at PostgreSQL; this one writes nothing more",
          {},
          Retry::Fatal};
}

Status RowWriter::writeAll() {
  if (auto status = sendBlocks(true); !status) return status;
  movePositions();
  for (const ShardPosition& position : m_moved) {
    if (auto status = m_link->queue("put", PositionTable::put(m_context.nodeId(), position));
        !status) {
      return status;
    }
  }
  auto answers = m_link->finishPipeline();
  m_isOpen = false;
  m_sent = 0;
  if (!answers) return answers.error();
  for (std::size_t i = 0; i < m_moved.size(); ++i) {
    if ((*answers)[answers->size() - m_moved.size() + i].changed() != 1)
      return takenOver(m_moved[i]);
  }
  return {};
}

Status RowWriter::writeCarefully() {
  m_refused.clear();
  if (auto done = m_link->run("BEGIN"); !done) return done.error();
  // A constraint that waits for COMMIT would name no row.
  if (auto done = m_link->run("SET CONSTRAINTS ALL IMMEDIATE"); !done) return done.error();
  for (const auto& block : m_blocks) {
    if (auto status = writeRange(*block, 0, block->rows().size()); !status) return status;
  }
  movePositions();
  for (const ShardPosition& position : m_moved) {
    auto done = m_link->call("put", PositionTable::put(m_context.nodeId(), position));
    if (!done) return done.error();
    if (done->changed() != 1) return takenOver(position);
  }
  return {};
}

Status RowWriter::writeRange(const RowBlock& block, std::size_t from, std::size_t to) {
  if (from == to) return {};
  if (auto done = m_link->run("SAVEPOINT part"); !done) return done.error();
  auto done = m_link->call("insert", block.arrays(from, to));
  if (done) {
    auto released = m_link->run("RELEASE SAVEPOINT part");
    return released ? Status() : Status(released.error());
  }
  if (!isRowsFault(done.error())) return done.error();
  if (auto back = m_link->run("ROLLBACK TO SAVEPOINT part"); !back) return back.error();
  if (auto back = m_link->run("RELEASE SAVEPOINT part"); !back) return back.error();
  if (to - from == 1) {
    m_refused.push_back({block.rows()[from], kRefused,
                         "The database refuses the row: " + done.error().message, nullptr});
    return {};
  }
  const std::size_t middle = from + (to - from) / 2;
  if (auto status = writeRange(block, from, middle); !status) return status;
  return writeRange(block, middle, to);
}

Status RowWriter::commit() {
  auto done = m_link->run("COMMIT");
  if (done && done->command() == "COMMIT") return {};
  if (done) return Error{"E-3903", "PostgreSQL rolled the transaction back", {}, Retry::Later};
  if (done.error().code == "E-3902" || done.error().code == "E-3903") m_isInDoubt = true;
  return done.error();
}

// The row is locked by the old transaction as long as that may still commit.
Result<bool> RowWriter::resolveDoubt() {
  bool isWritten = !m_moved.empty();
  for (const ShardPosition& position : m_moved) {
    auto found = PositionTable::isWritten(*m_link, m_context.nodeId(), position);
    if (!found) return found.error();
    isWritten = isWritten && *found;
  }
  m_isInDoubt = false;
  return isWritten;
}

Status RowWriter::transact() {
  if (auto status = connect(); !status) return status;
  if (m_isInDoubt) {
    auto isWritten = resolveDoubt();
    if (!isWritten) return isWritten.error();
    if (*isWritten) return {};
  }
  m_refused.clear();
  Status done = writeAll();
  if (done) done = commit();
  if (done || !isRowsFault(done.error())) return done;
  if (auto back = m_link->run("ROLLBACK"); !back) return back.error();
  done = writeCarefully();
  return done ? commit() : done;
}

Status RowWriter::flush(std::vector<stage::Failure>& refused) {
  m_reported.clear();
  m_reportedBlocks.clear();
  if (!m_touched.empty()) {
    if (auto status = transact(); !status) {
      drop();
      return status;
    }
  }
  for (ShardPosition& moved : m_moved) m_shards[moved.reach.shard] = std::move(moved);
  m_moved.clear();
  m_reported = std::move(m_misfits);
  std::ranges::move(m_refused, std::back_inserter(m_reported));
  for (const Refused& each : m_reported)
    refused.push_back({each.row.record, each.code, each.message, {}});
  m_reportedBlocks = std::move(m_blocks);
  m_blocks.clear();
  m_touched.clear();
  m_misfits.clear();
  m_refused.clear();
  return {};
}

}  // namespace freshet::postgres
