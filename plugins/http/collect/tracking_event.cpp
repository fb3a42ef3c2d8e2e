// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/tracking_event.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/base/text.h"
#include "core/record/json.h"
#include "plugins/http/collect/seen_ids.h"

namespace freshet::http {
namespace {

using record::Member;
using record::Value;

// Written by us, after the event's own members.
constexpr std::array<std::string_view, 7> kOurs = {
    "type", "context", "messageId", "timestamp", "writeKey", "receivedAt", "batch"};

bool isOurs(std::string_view key) {
  return std::ranges::find(kOurs, key) != kOurs.end();
}

class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : m_out(out) { m_out += '{'; }
  void key(std::string_view name) {
    if (!m_isFirst) m_out += ',';
    m_isFirst = false;
    record::writeJsonString(name, m_out);
    m_out += ':';
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    record::writeJsonString(value, m_out);
  }
  void value(std::string_view name, const Value& value) {
    key(name);
    record::writeJson(value, m_out);
  }
  void end() { m_out += '}'; }

 private:
  std::string& m_out;
  bool m_isFirst = true;
};

/// Members of `own`, then those of `common` that it lacks.
void writeMerged(const Value& own, const Value& common, ObjectWriter& writer,
                 std::string_view except = {}) {
  if (own.isObject()) {
    for (const Member& member : own.asObject()) {
      if (member.key != except) writer.value(member.key, member.value);
    }
  }
  if (!common.isObject()) return;
  for (const Member& member : common.asObject()) {
    if (member.key != except && !own.find(member.key)) writer.value(member.key, member.value);
  }
}

void writeContext(const Value& own, const Value& common, const Arrival& arrival, std::string& out) {
  Value ip = own.get("ip");
  if (!ip.isString()) ip = common.get("ip");
  const std::string kept =
      keptAddress(ip.isString() ? ip.asString() : arrival.address, arrival.detail);
  ObjectWriter writer(out);
  writeMerged(own, common, writer, "ip");
  if (!kept.empty()) writer.text("ip", kept);
  writer.end();
}

std::string keyOf(const Value& event, std::string_view messageId) {
  for (const std::string_view name : {"userId", "anonymousId"}) {
    const Value id = event.get(name);
    if (id.isString() && id.size() > 0) return std::string(id.asString());
    if (id.isInt()) return std::to_string(id.asInt());
  }
  return std::string(messageId);
}

}  // namespace

std::string keptAddress(std::string_view address, AddressDetail detail) {
  const std::string text(address.substr(0, 64));
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (detail == AddressDetail::None) return {};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    if (detail == AddressDetail::Shortened) bytes[3] = 0;
    return inet_ntop(AF_INET, bytes.data(), shown.data(), shown.size());
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
    if (detail == AddressDetail::Shortened) std::fill(bytes.begin() + 6, bytes.end(), 0);
    return inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size());
  }
  return {};
}

UuidMaker::UuidMaker() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  m_random.seed(seed);
}

std::string UuidMaker::next(TimeMs nowMs) {
  const auto time = static_cast<std::uint64_t>(nowMs) & 0xffffffffffffU;
  const std::uint64_t a = m_random();
  const std::uint64_t b = m_random();
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-7%03llx-%04llx-%012llx",
                static_cast<unsigned long long>(time >> 16),
                static_cast<unsigned long long>(time & 0xffff),
                static_cast<unsigned long long>(a & 0xfff),
                static_cast<unsigned long long>(0x8000 | ((a >> 12) & 0x3fff)),
                static_cast<unsigned long long>(b & 0xffffffffffffU));
  return text.data();
}

Spool::Entry toEntry(const Value& event, const Value& common, std::string_view type,
                     const Arrival& arrival, UuidMaker& ids) {
  const Value id = event.get("messageId");
  const std::string messageId =
      id.isString() && id.size() > 0 ? std::string(id.asString()) : ids.next(arrival.nowMs);
  const Value sent = event.get("timestamp");
  TimeMs timeMs = arrival.nowMs;
  if (arrival.keepsTimestamp && sent.isString())
    timeMs = std::min(timeMs, parseIsoTime(sent.asString()).value_or(timeMs));

  Spool::Entry entry;
  ObjectWriter writer(entry.bytes);
  if (!type.empty()) {
    writer.text("type", type);
  } else if (const Value* own = event.find("type")) {
    writer.value("type", *own);
  }
  for (const Member& member : event.asObject()) {
    if (!isOurs(member.key)) writer.value(member.key, member.value);
  }
  if (common.isObject()) {
    for (const Member& member : common.asObject()) {
      if (!isOurs(member.key) && !event.find(member.key)) writer.value(member.key, member.value);
    }
  }
  writer.key("context");
  writeContext(event.get("context"), common.get("context"), arrival, entry.bytes);
  writer.text("messageId", messageId);
  writer.text("timestamp", formatIsoTime(timeMs));
  if (sent.isString() && !arrival.keepsTimestamp && !event.find("originalTimestamp"))
    writer.text("originalTimestamp", sent.asString());
  writer.text("receivedAt", formatIsoTime(arrival.nowMs));
  writer.end();

  entry.timeMs = timeMs;
  entry.key = keyOf(event, messageId);
  if (id.isString() && id.size() > 0) entry.id = SeenIds::of(entry.key, messageId);
  entry.partition = static_cast<int>(stableHash(entry.key) % Spool::kPartitions);
  return entry;
}

}  // namespace freshet::http
