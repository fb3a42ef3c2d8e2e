// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/collector.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/base/text.h"
#include "core/record/json.h"
#include "plugins/http/collect/query.h"

namespace freshet::http {
namespace {

using record::Member;
using record::Value;

// Segment's names, and the short ones that its browser library uses. The empty type is a batch.
constexpr std::array<std::array<std::string_view, 3>, 7> kCalls = {{{"track", "t", "track"},
                                                                    {"identify", "i", "identify"},
                                                                    {"page", "p", "page"},
                                                                    {"screen", "s", "screen"},
                                                                    {"group", "g", "group"},
                                                                    {"alias", "a", "alias"},
                                                                    {"batch", "b", ""}}};
constexpr std::size_t kMostEvents = 5000;
constexpr std::size_t kMostAgent = 512;
// Under --speed max a source's clock stands at the end of time.
constexpr TimeMs kYear9999 = 253'402'300'799'999;

// A transparent pixel.
constexpr unsigned char kGif[43] = {
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0,    0x80, 0, 0,    0, 0,
    0,    0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0,    0,    0, 0x2c, 0, 0,
    0,    0,    1,    0,    1,    0,    0, 2, 2, 0x44, 1,    0, 0x3b};

bool equalsInConstantTime(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const char other = i < a.size() ? a[i] : '\0';
    difference |= static_cast<unsigned>(static_cast<unsigned char>(other ^ b[i]));
  }
  return difference == 0;
}

bool isPageOfThisComputer(std::string_view origin) {
  if (origin == "null") return true;  // a page opened from a file
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view host = origin.substr(scheme + 3);
  const auto port = host.rfind(':');
  if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos)
    host = host.substr(0, port);
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool refusesTracking(const RequestHead& head) {
  return head.header("dnt") == "1" || head.header("sec-gpc") == "1";
}

bool isCrawler(std::string_view agent) {
  std::string lower(agent.substr(0, kMostAgent));
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return lower.find("bot") != std::string::npos || lower.find("crawler") != std::string::npos ||
         lower.find("spider") != std::string::npos;
}

bool isJsonType(std::string_view type) {
  const auto media = trim(type.substr(0, type.find(';')));
  return media.empty() || equalsIgnoringCase(media, "application/json") ||
         equalsIgnoringCase(media, "text/plain");
}

std::string problem(std::string_view message) {
  std::string out = R"({"success":false,"message":)";
  record::writeJsonString(message, out);
  return out + "}\n";
}

}  // namespace

Collector::~Collector() {
  m_server.reset();
}

std::string Collector::folderOf(const stage::StageContext& context) {
  const std::string folder = context.stateFolder();
  return folder.empty() ? folder : folder + "/website-events/" + context.nodeId();
}

std::uint16_t Collector::port() const {
  const std::scoped_lock lock(m_mutex);
  return m_server ? m_server->port() : std::uint16_t{0};
}

Status Collector::openIds(const std::string& folder) {
  auto seen = SeenIds::open(folder);
  if (!seen) return seen.error();
  m_seen = std::move(*seen);
  // Killed behind a sync and before its ids were kept: the sender has no answer and comes again.
  std::vector<std::uint64_t> ids;
  Arena arena;
  auto status = m_spool->visitNewest([&](const SpooledEvent& spooled) {
    arena.reset();
    const auto event = record::parseJson(arena.copy(spooled.bytes, record::kJsonPadding), arena);
    const Value id = event ? event->get("messageId") : Value();
    if (id.isString()) ids.push_back(SeenIds::of(spooled.key, id.asString()));
  });
  m_seen->keep(ids);
  return status;
}

Status Collector::begin(stage::StageContext& context, std::span<const stage::Position> from,
                        std::span<const std::int32_t> partitions) {
  if (!m_spool) {
    auto spool = Spool::open(folderOf(context), m_settings.spoolBytes);
    if (!spool) return spool.error();
    m_spool = std::move(*spool);
    if (auto status = openIds(folderOf(context)); !status) return status;
    // A secret key is not handed to whoever opens the page.
    if (m_settings.writeKey.empty()) m_shop.load(context.files());
  }
  for (const std::int32_t partition : partitions) {
    const auto known = std::ranges::find(from, partition, &stage::Position::partition);
    const std::int64_t next = known == from.end() ? 0 : known->offset;
    if (auto status = m_spool->begin(partition, next); !status) return status;
  }
  return {};
}

Status Collector::join(stage::StageContext& context, std::span<const stage::Position> from,
                       std::span<const std::int32_t> partitions) {
  if (context.nowMs() > kYear9999) {
    return Error{"E-3405", "Website events come at their own pace; run them without --speed max",
                 context.nodeId(), Retry::Never};
  }
  const std::scoped_lock lock(m_mutex);
  m_clock = context.clock();
  auto status = begin(context, from, partitions);
  if (status && !m_server && m_partitions + partitions.size() == Spool::kPartitions) {
    if (auto server = HttpServer::start(m_settings.listen, routes())) {
      m_server = std::move(*server);
    } else {
      Error error = server.error();
      error.where = context.nodeId() + "/listen";
      status = std::move(error);
    }
  }
  if (status) {
    m_partitions += partitions.size();
    return {};
  }
  closeIfLeft();
  return status;
}

void Collector::leave(std::span<const std::int32_t> partitions) {
  const std::scoped_lock lock(m_mutex);
  m_partitions -= partitions.size();
  if (!m_isHeld) m_server.reset();
  closeIfLeft();
}

bool Collector::hold() {
  const std::scoped_lock lock(m_mutex);
  m_isHeld = m_server != nullptr;
  return m_isHeld;
}

void Collector::letGo() {
  const std::scoped_lock lock(m_mutex);
  m_isHeld = false;
  closeIfLeft();
}

void Collector::closeIfLeft() {
  if (m_partitions > 0 || m_isHeld) return;
  m_server.reset();
  m_spool.reset();
}

std::vector<Route> Collector::routes() {
  std::vector<Route> routes;
  const auto preflight = [this](const Request& request, const Reply& reply) {
    reply(respond(request, isOriginAllowed(request.head.header("origin")) ? 204 : 403, {}));
  };
  for (const auto& [name, shortName, type] : kCalls) {
    for (const std::string_view end : {name, shortName}) {
      const std::string path = "/v1/" + std::string(end);
      routes.push_back(
          {"POST", path, [this, type = type](const Request& request, const Reply& reply) {
             call(type, request, reply);
           }});
      routes.push_back({"OPTIONS", path, preflight});
    }
  }
  routes.push_back({"GET", "/p.gif",
                    [this](const Request& request, const Reply& reply) { pixel(request, reply); }});
  routes.push_back({"GET", "/healthz", [](const Request&, const Reply& reply) {
                      reply({200, "text/plain; charset=utf-8", "ok\n", {}});
                    }});
  if (!m_shop.exists()) return routes;
  routes.push_back(
      {"GET", "/shop", [this](const Request&, const Reply& reply) {
         reply({200, "text/html; charset=utf-8", m_shop.html(), {{"Cache-Control", "no-store"}}});
       }});
  routes.push_back({"GET", "/shop/images/*", [this](const Request& request, const Reply& reply) {
                      const std::string_view path = request.head.path();
                      const std::string* picture = m_shop.picture(path.substr(path.rfind('/') + 1));
                      if (!picture) return reply({404, "text/plain; charset=utf-8", "", {}});
                      reply({200, "image/png", *picture, {{"Cache-Control", "max-age=3600"}}});
                    }});
  return routes;
}

bool Collector::isOriginAllowed(std::string_view origin) const {
  return origin.empty() || isPageOfThisComputer(origin) ||
         std::ranges::find(m_settings.origins, origin) != m_settings.origins.end();
}

bool Collector::isKeyRight(const Request& request, const Value& body) const {
  if (m_settings.writeKey.empty()) return true;
  const std::string_view given = request.head.header("authorization");
  if (given.size() > 6 && equalsIgnoringCase(given.substr(0, 6), "basic ")) {
    const std::string pair = fromBase64(trim(given.substr(6)));
    return equalsInConstantTime(pair.substr(0, pair.find(':')), m_settings.writeKey);
  }
  const Value key = body.get("writeKey");
  return key.isString() && equalsInConstantTime(key.asString(), m_settings.writeKey);
}

Response Collector::respond(const Request& request, int status, std::string json) const {
  Response response{status, "application/json", std::move(json), {}};
  const std::string_view origin = request.head.header("origin");
  if (!origin.empty() && isOriginAllowed(origin)) {
    response.headers = {{"Access-Control-Allow-Origin", std::string(origin)}, {"Vary", "Origin"}};
    if (request.head.method == "OPTIONS") {
      response.headers.insert(response.headers.end(),
                              {{"Access-Control-Allow-Methods", "POST"},
                               {"Access-Control-Allow-Headers", "content-type, authorization"},
                               {"Access-Control-Allow-Private-Network", "true"},
                               {"Access-Control-Max-Age", "600"}});
    }
  }
  if (status == 503) response.headers.emplace_back("Retry-After", "2");
  return response;
}

Response Collector::outcome(const Request& request, Spool::Outcome outcome) const {
  switch (outcome) {
    case Spool::Outcome::Stored:
      return respond(request, 200, "{\"success\":true}\n");
    case Spool::Outcome::Full:
      return respond(request, 503,
                     problem("The pipeline is behind and its spool is full; send it again later"));
    case Spool::Outcome::Failed:
      break;
  }
  return respond(request, 503, problem("The event could not be stored; send it again later"));
}

void Collector::call(std::string_view type, const Request& request, const Reply& reply) {
  const std::string_view origin = request.head.header("origin");
  if (!isOriginAllowed(origin)) {
    return reply(respond(request, 403, problem("Pages of this origin may not send events here")));
  }
  if (!isJsonType(request.head.header("content-type")))
    return reply(respond(request, 415, problem("Send JSON as application/json or text/plain")));
  Arena arena;
  const auto body = record::parseJson(request.body, arena);
  if (!body) return reply(respond(request, 400, problem(body.error().message)));
  if (!body->isObject()) return reply(respond(request, 400, problem("Send a JSON object")));
  if (!isKeyRight(request, *body))
    return reply(respond(request, 401, problem("The write key is missing or wrong")));

  const bool isBatch = type.empty();
  const Value batch = body->get("batch");
  std::span<const Value> events{&*body, 1};
  if (isBatch) {
    const bool areObjects = batch.isArray() && std::ranges::all_of(batch.asArray(), [](auto& item) {
                              return item.isObject();
                            });
    if (!areObjects || batch.size() > kMostEvents)
      return reply(
          respond(request, 400, problem("\"batch\" must be a list of at most 5000 objects")));
    events = batch.asArray();
  }
  Arrival arrival{now(), m_settings.keepsTimestamp, m_settings.detail, request.remoteAddress};
  // A server's own address says nothing about the people whose events it sends.
  if (isBatch && origin.empty()) arrival.address = {};
  std::vector<Spool::Entry> entries;
  entries.reserve(events.size());
  for (const Value& event : events)
    entries.push_back(toEntry(event, isBatch ? *body : Value(), type, arrival, m_ids));
  accept(request, entries, reply);
}

/// Stores what was not sent before, and answers once all of it is safe.
void Collector::accept(const Request& request, std::vector<Spool::Entry>& entries,
                       const Reply& reply) {
  std::vector<std::uint64_t> ours;
  std::vector<std::uint64_t> others;  // under way in a request before this one
  std::erase_if(entries, [&](const Spool::Entry& entry) {
    if (entry.id == 0) return false;
    switch (m_seen->claim(entry.id)) {
      case SeenIds::Claim::New:
        ours.push_back(entry.id);
        return false;
      case SeenIds::Claim::UnderWay:
        others.push_back(entry.id);
        return true;
      case SeenIds::Claim::Safe:
        break;
    }
    return true;
  });
  if (entries.empty() && others.empty()) return reply(outcome(request, Spool::Outcome::Stored));

  // The request is gone when the spool answers: all answers are made before.
  std::array<Response, 3> outcomes;
  for (const auto each : {Spool::Outcome::Stored, Spool::Outcome::Full, Spool::Outcome::Failed})
    outcomes[static_cast<std::size_t>(each)] = outcome(request, each);
  // Even without an entry: the spool answers behind everything that was given to it before.
  m_spool->append(entries,
                  [reply, seen = m_seen, ours = std::move(ours), others = std::move(others),
                   outcomes = std::move(outcomes)](Spool::Outcome happened) {
                    const bool isStored = happened == Spool::Outcome::Stored;
                    isStored ? seen->keep(ours) : seen->forget(ours);
                    if (isStored && !seen->areSafe(others)) happened = Spool::Outcome::Failed;
                    reply(outcomes[static_cast<std::size_t>(happened)]);
                  });
}

void Collector::pixel(const Request& request, const Reply& reply) {
  const Response gif{200,
                     "image/gif",
                     std::string(reinterpret_cast<const char*>(kGif), sizeof kGif),
                     {{"Cache-Control", "no-store, max-age=0"}}};
  Arena arena;
  const Value event = eventOfQuery(request.head.query(), request.head.header("referer"),
                                   request.head.header("user-agent").substr(0, kMostAgent), arena);
  const bool hasPerson = event.find("userId") || event.find("anonymousId");
  if (!hasPerson || refusesTracking(request.head) || isCrawler(request.head.header("user-agent")) ||
      !isKeyRight(request, event)) {
    return reply(gif);
  }
  const Arrival arrival{now(), false, m_settings.detail, request.remoteAddress};
  const Spool::Entry entry = toEntry(event, Value(), {}, arrival, m_ids);
  m_spool->append({&entry, 1}, [reply, gif](Spool::Outcome) { reply(gif); });
}

}  // namespace freshet::http
