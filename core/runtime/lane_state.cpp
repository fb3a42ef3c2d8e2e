// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/runtime/lane.h"

// A shard's state as bytes: "FRSS", version, watermark, then for every node with rows its name,
// their number and the rows (key, bytes, timer); at the end a hash of all before it. Numbers are 64
// bits, least byte first; texts have their length in front.
namespace freshet::runtime {
namespace {

constexpr std::string_view kMagic = "FRSS";
constexpr std::uint64_t kVersion = 1;

Error refused(std::string_view why) {
  return {"E-3605",
          "The snapshot of keyed state cannot be used: " + std::string(why),
          {},
          Retry::Never};
}

}  // namespace

std::string Lane::snapshot(std::uint32_t shard) const {
  std::string out(kMagic);
  putNumber(kVersion, out);
  putNumber(std::bit_cast<std::uint64_t>(watermark(shard)), out);
  for (std::size_t node = 0; node < m_tables.size(); ++node) {
    if (!m_tables[node]) continue;
    const std::vector<StateRow> rows = m_tables[node]->rows(shard);
    if (rows.empty()) continue;
    putText(m_topology->nodes()[node].id, out);
    putNumber(rows.size(), out);
    for (const StateRow& row : rows) {
      putText(row.key, out);
      putText(row.bytes, out);
      putNumber(std::bit_cast<std::uint64_t>(row.timerMs), out);
    }
  }
  putNumber(stableHash(out), out);
  return out;
}

Status Lane::restore(std::uint32_t shard, std::string_view bytes) {
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 24)
    return refused("it is not one");
  ByteCursor hash(bytes.substr(bytes.size() - 8));
  bytes.remove_suffix(8);
  if (hash.number() != stableHash(bytes)) return refused("it is damaged");
  ByteCursor in(bytes.substr(kMagic.size()));
  if (const std::uint64_t version = in.number(); version != kVersion)
    return refused("its version is " + std::to_string(version));
  const auto watermark = std::bit_cast<TimeMs>(in.number());
  std::vector<std::pair<StateTable*, StateRow>> rows;
  while (in.isGood() && !in.isAtEnd()) {
    const std::string_view name = in.text();
    StateTable* table = nullptr;
    for (std::size_t node = 0; node < m_tables.size(); ++node) {
      if (m_topology->nodes()[node].id == name) table = m_tables[node].get();
    }
    for (std::uint64_t left = in.number(); left > 0 && in.isGood(); --left) {
      StateRow row{shard, std::string(in.text()), std::string(in.text()), 0};
      row.timerMs = std::bit_cast<TimeMs>(in.number());
      if (table) rows.emplace_back(table, std::move(row));
    }
  }
  if (!in.isGood()) return refused("it is damaged");
  for (auto& table : m_tables) {
    if (table) table->dropShard(shard);
  }
  for (auto& [table, row] : rows) table->load(std::move(row));
  setWatermark(shard, watermark);
  return {};
}

}  // namespace freshet::runtime
