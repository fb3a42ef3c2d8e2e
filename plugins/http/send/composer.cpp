// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/send/composer.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "plugins/http/send/signature.h"
#include "plugins/http/server/request_head.h"

namespace freshet::http {
namespace {

using record::Record;

// Ours to say.
constexpr std::array<std::string_view, 9> kReserved = {
    "host",       "content-length",  "transfer-encoding", "connection",       "expect",
    "webhook-id", "idempotency-key", "webhook-timestamp", "webhook-signature"};
// Arrays of so many chains go side by side; more would make them short.
constexpr std::uint64_t kArrayChains = 16;

bool isToken(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

Error placed(Error error, std::string where) {
  error.where = std::move(where);
  return error;
}

}  // namespace

Result<std::unique_ptr<Composer>> Composer::compile(const spec::Config& config,
                                                    stage::BuildContext& context) {
  std::vector<std::string> hosts;
  if (const record::Value list = config.value("hosts"); list.isArray()) {
    for (const record::Value& host : list.asArray()) {
      if (host.isString()) hosts.emplace_back(trim(host.asString()));
    }
  }
  auto endpoint = Endpoint::compile(config.text("url"), std::move(hosts), context);
  if (!endpoint) return endpoint.error();
  auto payload = stage::Payload::compile(config, "body", context);
  if (!payload) return payload.error();
  std::unique_ptr<Composer> made(new Composer(std::move(*endpoint), std::move(*payload)));
  made->m_together =
      static_cast<std::size_t>(std::max<std::int64_t>(1, config.integer("together")));
  for (const char* const field : {"key", "eventId"}) {
    if (!config.has(field)) continue;
    auto bound = stage::BoundExpression::bind(config.text(field), context);
    if (!bound) return placed(bound.error(), field);
    (field == std::string_view("key") ? made->m_key : made->m_eventId).emplace(std::move(*bound));
  }
  const record::Value headers = config.value("headers");
  if (!headers.isObject()) return made;
  for (const record::Member& member : headers.asObject()) {
    const bool isOurs = std::ranges::any_of(
        kReserved, [&](std::string_view name) { return equalsIgnoringCase(name, member.key); });
    if (isOurs || !isToken(member.key)) {
      return Error{
          "E-3410",
          '"' + oneLine(member.key, 60) +
              (isOurs ? "\" is a header that Freshet sets itself" : "\" is no header name"),
          "headers", Retry::Never};
    }
    if (equalsIgnoringCase(member.key, "content-type")) made->m_hasContentType = true;
    const std::string text = member.value.isString() ? std::string(member.value.asString())
                                                     : record::toJson(member.value);
    auto bound = stage::BoundExpression::bind(text, context);
    if (!bound) return placed(bound.error(), "headers");
    made->m_headers.push_back({std::string(member.key), std::move(*bound)});
  }
  return made;
}

bool Composer::composeHeaders(const Record& record, stage::Failure& failure) {
  m_lines.clear();
  if (!m_hasContentType) m_lines.emplace_back("Content-Type: application/json");
  for (const Header& header : m_headers) {
    const std::string_view value = header.value.text(record, m_arena);
    if (std::ranges::any_of(value, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
      failure.code = "E-3412";
      failure.message = m_arena.copy("The value of the header " + header.name +
                                     " has a line end or another control character");
      return false;
    }
    // libcurl sends a header without a value only if it is written so.
    m_lines.push_back(value.empty() ? header.name + ';' : header.name + ": " + std::string(value));
  }
  return true;
}

/// What the receiver can recognise the event by. Several records of one event are told apart by
/// their order, which is the same in every run.
std::string Composer::idOf(const Record& record, stage::StageContext& context) {
  std::string text;
  if (m_eventId) text = m_eventId->text(record, m_arena);
  if (text.empty()) {
    text = context.placeOf(*record.origin);
    text += '#' + std::to_string(m_seen[record.origin]++);
  }
  return hexOf(hmac(m_idKey, text));
}

void Composer::compose(std::span<Record* const> records, const stage::BatchLease& lease,
                       stage::StageContext& context, const Spare& spare,
                       std::vector<Delivery*>& out, std::vector<stage::Failure>& failures) {
  m_arena.reset();
  m_seen.clear();
  m_open.clear();
  m_lease = &lease;
  m_idKey = context.pipeline() + '\n' + context.nodeId();
  std::string problem;
  for (Record* record : records) {
    stage::Failure failure{record, {}, {}, {}};
    const auto body = m_payload.compose(*record, m_arena, failure);
    const Endpoint::Address* address = nullptr;
    if (body && body->empty()) {
      failure.code = "E-3413";
      failure.message = "There is nothing to send: the body is empty";
    } else if (body) {
      address = m_endpoint.of(*record, m_arena, problem);
      if (!address) {
        failure.code = "E-3411";
        failure.message = m_arena.copy(problem);
      }
    }
    if (!address || !composeHeaders(*record, failure)) {
      failures.push_back(failure);
      continue;
    }
    const std::string_view key = m_key ? m_key->text(*record, m_arena) : record->origin->key;
    const std::uint64_t chain = key.empty() ? 0 : stableHash(key) | 1;
    const std::string id = idOf(*record, context);
    if (m_together > 1) {
      intoArray(*record, *body, id, chain, *address, spare, out);
      continue;
    }
    Delivery& delivery = spare();
    delivery.records.push_back(record);
    delivery.lease = lease;
    delivery.site = address->site;
    delivery.url = address->url;
    delivery.body = *body;
    delivery.headers = m_lines;
    delivery.id = id;
    delivery.chain = chain;
    out.push_back(&delivery);
  }
  for (const auto& [chain, array] : m_open) closeArray(*array, m_idKey);
}

void Composer::intoArray(Record& record, std::string_view body, const std::string& id,
                         std::uint64_t chain, const Endpoint::Address& address, const Spare& spare,
                         std::vector<Delivery*>& out) {
  if (chain != 0) chain = 1 + (chain >> 1) % kArrayChains;
  Delivery*& open = m_open[chain];
  const bool goesIn = open && open->records.size() < m_together && open->url == address.url &&
                      open->headers == m_lines;
  if (!goesIn) {
    if (open) closeArray(*open, m_idKey);
    open = &spare();
    open->lease = *m_lease;
    open->site = address.site;
    open->url = address.url;
    open->headers = m_lines;
    open->chain = chain;
    out.push_back(open);
  }
  open->records.push_back(&record);
  open->body += open->body.empty() ? '[' : ',';
  open->body += body;
  open->id += id;
}

void Composer::closeArray(Delivery& array, const std::string& key) {
  array.body += ']';
  array.id = hexOf(hmac(key, array.id));
}

}  // namespace freshet::http
