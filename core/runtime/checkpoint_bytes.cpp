// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/checkpoint_bytes.h"

#include <bit>

#include "core/base/bytes.h"
#include "core/base/text.h"

namespace freshet::runtime {
namespace {

constexpr std::string_view kMagic = "FRCP";
constexpr std::uint64_t kVersion = 2;

/// One description of the layout serves both directions.
class Writer {
 public:
  template <class T>
  requires std::is_integral_v<T>
  void field(const T& number) { putShort(static_cast<std::int64_t>(number), out); }
  void field(const std::string& text) { putShortText(text, out); }
  template <class T, class Each>
  void list(const std::vector<T>& items, Each each) {
    field(items.size());
    for (const T& item : items) each(item);
  }
  std::string out;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in(bytes) {}
  template <class T>
  requires std::is_integral_v<T>
  void field(T& number) { number = static_cast<T>(in.shortNumber()); }
  void field(std::string& text) { text = in.shortText(); }
  template <class T, class Each>
  void list(std::vector<T>& items, Each each) {
    std::size_t count = 0;
    field(count);
    for (std::size_t i = 0; i < count && in.isGood(); ++i) each(items.emplace_back());
  }
  ByteCursor in;
};

template <class Stream, class Prepared>
void visit(Stream& stream, Prepared& prepared) {
  auto& checkpoint = prepared.checkpoint;
  stream.list(checkpoint.positions, [&](auto& position) {
    stream.field(position.shard);
    stream.field(position.offset);
    stream.field(position.watermarkMs);
  });
  stream.list(checkpoint.states, [&](auto& state) {
    stream.field(state.node);
    stream.field(state.shard);
    stream.field(state.row.key);
    stream.field(state.row.bytes);
    stream.field(state.row.timerMs);
  });
  stream.list(checkpoint.retried, [&](auto& id) { stream.field(id); });
  stream.list(checkpoint.dead, [&](auto& dead) {
    stream.field(dead.id);
    stream.field(dead.node);
    stream.field(dead.code);
    stream.field(dead.message);
    stream.field(dead.pointer);
    stream.field(dead.partition);
    stream.field(dead.offset);
    stream.field(dead.atMs);
    stream.field(dead.bytes);
    stream.field(dead.shard);
    stream.field(dead.key);
    stream.field(dead.headers);
    stream.field(dead.sections);
    stream.field(dead.timeMs);
    stream.field(dead.arrivedMs);
    stream.field(dead.pipeline);
    stream.field(dead.schema);
    stream.field(dead.isTimers);
    stream.field(dead.attempts);
    stream.field(dead.firstMs);
  });
  stream.list(checkpoint.outbox, [&](auto& entry) {
    stream.field(entry.node);
    stream.field(entry.id);
    stream.field(entry.body);
  });
  auto& counts = checkpoint.counts;
  stream.field(counts.in);
  stream.field(counts.out);
  stream.field(counts.filtered);
  stream.field(counts.dead);
  stream.field(counts.emitted);
  stream.field(counts.errors);
  stream.field(counts.withheld);
  stream.list(prepared.profiles, [&](auto& profile) {
    stream.field(profile.connection);
    stream.field(profile.key);
    stream.field(profile.json);
  });
}

}  // namespace

std::string toBytes(const PreparedCheckpoint& prepared) {
  Writer writer;
  writer.out = kMagic;
  putNumber(kVersion, writer.out);
  visit(writer, prepared);
  putNumber(stableHash(writer.out), writer.out);
  return std::move(writer.out);
}

Result<PreparedCheckpoint> checkpointFromBytes(std::string_view bytes) {
  const Error damaged{"E-3606",
                      "A prepared checkpoint is damaged, or of another version of Freshet. Start "
                      "over with --fresh",
                      {},
                      Retry::Fatal};
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 16) return damaged;
  ByteCursor hash(bytes.substr(bytes.size() - 8));
  bytes.remove_suffix(8);
  if (hash.number() != stableHash(bytes)) return damaged;
  Reader reader(bytes.substr(kMagic.size()));
  if (reader.in.number() != kVersion) return damaged;
  PreparedCheckpoint prepared;
  visit(reader, prepared);
  if (!reader.in.isGood() || !reader.in.isAtEnd()) return damaged;
  return prepared;
}

}  // namespace freshet::runtime
