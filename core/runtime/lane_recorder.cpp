// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/lane_recorder.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/text.h"

namespace freshet::runtime {
namespace {

constexpr std::size_t kMuch = 256 * 1024;

void putLetter(const StoredDead& letter, std::string& out) {
  for (const std::string* text :
       {&letter.node, &letter.code, &letter.message, &letter.pointer, &letter.bytes, &letter.shard,
        &letter.key, &letter.headers, &letter.sections})
    putShortText(*text, out);
  for (const std::int64_t number :
       {letter.id, std::int64_t{letter.partition}, letter.offset, letter.timeMs, letter.arrivedMs,
        letter.ticket, std::int64_t{letter.isArmed}, std::int64_t{letter.isWhole},
        std::int64_t{letter.isTimers}})
    putShort(number, out);
}

StoredDead readLetter(ByteCursor& in) {
  StoredDead letter;
  for (std::string* text :
       {&letter.node, &letter.code, &letter.message, &letter.pointer, &letter.bytes, &letter.shard,
        &letter.key, &letter.headers, &letter.sections})
    *text = in.shortText();
  letter.id = in.shortNumber();
  letter.partition = static_cast<std::int32_t>(in.shortNumber());
  letter.offset = in.shortNumber();
  letter.timeMs = in.shortNumber();
  letter.arrivedMs = in.shortNumber();
  letter.ticket = in.shortNumber();
  letter.isArmed = in.shortNumber() != 0;
  letter.isWhole = in.shortNumber() != 0;
  letter.isTimers = in.shortNumber() != 0;
  return letter;
}

}  // namespace

/// What this lane has read or written it knows; only what differs from that came from outside.
class LaneRecorder::Store final : public profile::ProfileStore {
 public:
  Store(LaneRecorder& recorder, std::string connection,
        std::shared_ptr<profile::ProfileStore> store)
      : m_recorder(recorder), m_connection(std::move(connection)), m_store(std::move(store)) {}

  Status read(std::span<const std::string_view> keys, std::span<profile::StoredProfile> out,
              Arena& arena) override {
    if (auto status = m_store->read(keys, out, arena); !status) return status;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::uint64_t hash = stableHash(out[i].json);
      const auto [known, isNew] = m_known.try_emplace(stableHash(keys[i]), hash);
      if (!isNew && known->second == hash) continue;
      known->second = hash;
      record(keys[i], out[i]);
    }
    return {};
  }
  Status write(std::span<const profile::ProfileWrite> writes) override {
    learn(writes);
    return m_store->write(writes);
  }
  std::unique_ptr<profile::PendingWrite> startWrite(
      std::span<const profile::ProfileWrite> writes) override {
    learn(writes);
    return m_store->startWrite(writes);
  }
  bool joinsCheckpoint() const override { return m_store->joinsCheckpoint(); }
  Result<std::uint64_t> fence(std::uint64_t source, std::int32_t partition,
                              std::uint64_t known) override {
    return m_store->fence(source, partition, known);
  }
  std::uint64_t arrived(std::uint64_t source, std::int32_t partition) override {
    return m_store->arrived(source, partition);
  }
  Status rebuilt(std::uint64_t source, std::int32_t partition) override {
    return m_store->rebuilt(source, partition);
  }
  Status scan(std::size_t most,
              const std::function<bool(std::string_view, std::string_view)>& visit) override {
    return m_store->scan(most, visit);
  }

 private:
  void learn(std::span<const profile::ProfileWrite> writes) {
    for (const profile::ProfileWrite& write : writes)
      m_known[stableHash(write.key)] = stableHash(write.json);
  }
  void record(std::string_view key, const profile::StoredProfile& found) {
    std::string& body = m_recorder.m_body;
    putShortText(m_connection, body);
    putShortText(key, body);
    putShortText(found.json, body);
    putShort(static_cast<std::int64_t>(found.applied.size()), body);
    for (const profile::AppliedPosition& applied : found.applied) {
      putNumber(applied.source, body);
      putShort(applied.partition, body);
      putShort(applied.offset, body);
    }
    m_recorder.put(RecordedStep::Kind::Profile);
  }

  LaneRecorder& m_recorder;
  std::string m_connection;
  std::shared_ptr<profile::ProfileStore> m_store;
  std::unordered_map<std::uint64_t, std::uint64_t> m_known;  ///< hash of key → hash of profile
};

void LaneRecorder::put(RecordedStep::Kind kind) {
  putStep(kind, m_nowMs, m_body, m_block);
  m_body.clear();
}

void LaneRecorder::shardOpened(std::string_view name, std::string_view snapshot) {
  putShortText(name, m_body);
  putShortText(snapshot, m_body);
  put(RecordedStep::Kind::ShardOpened);
}

void LaneRecorder::shardDropped(std::string_view name) {
  putShortText(name, m_body);
  put(RecordedStep::Kind::ShardDropped);
}

void LaneRecorder::batch(std::string_view source, std::span<record::Origin* const> events) {
  if (events.empty()) return;
  // The clock may be set back; steps stay in order.
  m_nowMs = std::max(m_nowMs, events.front()->arrivedMs);
  putShortText(source, m_body);
  putShort(events.front()->arrivedMs, m_body);
  putShort(static_cast<std::int64_t>(events.size()), m_body);
  for (const record::Origin* event : events) {
    putShort(event->partition, m_body);
    putShort(event->offset, m_body);
    putShort(event->timeMs, m_body);
    m_body += event->isWithheld ? '\1' : '\0';
    putShortText(event->key, m_body);
    putShortText(event->bytes, m_body);
    putShort(static_cast<std::int64_t>(event->headers.size()), m_body);
    for (const record::Header& header : event->headers) {
      putShortText(header.name, m_body);
      putShortText(header.value, m_body);
    }
  }
  put(RecordedStep::Kind::Batch);
}

void LaneRecorder::watermark(std::string_view shard, TimeMs to, TimeMs nowMs) {
  m_nowMs = std::max(m_nowMs, nowMs);
  putShortText(shard, m_body);
  putShort(to, m_body);
  put(RecordedStep::Kind::Watermark);
}

void LaneRecorder::letters(std::span<const StoredDead> letters) {
  putShort(static_cast<std::int64_t>(letters.size()), m_body);
  for (const StoredDead& letter : letters) putLetter(letter, m_body);
  put(RecordedStep::Kind::Letters);
}

void LaneRecorder::refused(const StoredDead& letter) {
  putShort(1, m_body);
  putLetter(letter, m_body);
  put(RecordedStep::Kind::Refused);
}

std::shared_ptr<profile::ProfileStore> LaneRecorder::watch(
    const std::string& connection, std::shared_ptr<profile::ProfileStore> store) {
  return std::make_shared<Store>(*this, connection, std::move(store));
}

Status LaneRecorder::flush(bool always) {
  if (m_block.size() == m_empty || (!always && m_block.size() < kMuch)) return {};
  Status status = m_writer->append(m_block);
  m_block.resize(m_empty);
  return status;
}

RecordedBatch readBatch(std::string_view body) {
  RecordedBatch batch;
  ByteCursor in(body);
  batch.source = in.shortText();
  batch.arrivedMs = in.shortNumber();
  for (std::int64_t left = in.shortNumber(); left > 0 && in.isGood(); --left) {
    RecordedEvent& event = batch.events.emplace_back();
    event.partition = static_cast<std::int32_t>(in.shortNumber());
    event.offset = in.shortNumber();
    event.timeMs = in.shortNumber();
    event.isWithheld = in.bytes(1) == std::string_view("\1", 1);
    event.key = in.shortText();
    event.bytes = in.shortText();
    for (std::int64_t headers = in.shortNumber(); headers > 0 && in.isGood(); --headers) {
      const std::string_view name = in.shortText();
      event.headers.push_back({name, in.shortText()});
    }
  }
  return batch;
}

RecordedProfile readProfile(std::string_view body) {
  RecordedProfile profile;
  ByteCursor in(body);
  profile.connection = in.shortText();
  profile.key = in.shortText();
  profile.json = in.shortText();
  for (std::int64_t left = in.shortNumber(); left > 0 && in.isGood(); --left) {
    profile::AppliedPosition& applied = profile.applied.emplace_back();
    applied.source = in.number();
    applied.partition = static_cast<std::int32_t>(in.shortNumber());
    applied.offset = in.shortNumber();
  }
  return profile;
}

std::vector<StoredDead> readLetters(std::string_view body) {
  std::vector<StoredDead> letters;
  ByteCursor in(body);
  for (std::int64_t left = in.shortNumber(); left > 0 && in.isGood(); --left)
    letters.push_back(readLetter(in));
  return letters;
}

}  // namespace freshet::runtime
