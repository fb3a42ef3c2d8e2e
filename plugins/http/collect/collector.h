// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/stage/stage_context.h"
#include "plugins/http/collect/seen_ids.h"
#include "plugins/http/collect/shop_page.h"
#include "plugins/http/collect/spool.h"
#include "plugins/http/collect/tracking_event.h"
#include "plugins/http/server/http_server.h"

namespace freshet::http {

struct CollectorSettings {
  std::string listen;
  std::string writeKey;  ///< empty: everybody may write
  bool keepsTimestamp = false;
  AddressDetail detail = AddressDetail::Shortened;
  std::vector<std::string> origins;  ///< besides pages of this computer
  std::uint64_t spoolBytes = 1 << 30;
};

/// The server and the spool of one source, shared by its readers: opened by the first of them,
/// listening once all partitions are read, closed by the last unless it is held. Any thread, but
/// for the spool's own rules.
class Collector {
 public:
  explicit Collector(CollectorSettings settings) : m_settings(std::move(settings)) {}
  ~Collector();

  /// Where a node's spool lives; empty in a dry run.
  static std::string folderOf(const stage::StageContext& context);

  Status join(stage::StageContext& context, std::span<const stage::Position> from,
              std::span<const std::int32_t> partitions);
  /// A reader that has joined is going; its context with it.
  void leave(std::span<const std::int32_t> partitions);
  /// While held it listens and spools although nobody reads.
  bool hold();
  void letGo();
  const std::shared_ptr<Spool>& spool() const { return m_spool; }
  std::uint16_t port() const;

 private:
  std::vector<Route> routes();
  void call(std::string_view type, const Request& request, const Reply& reply);
  void pixel(const Request& request, const Reply& reply);
  void accept(const Request& request, std::vector<Spool::Entry>& entries, const Reply& reply);
  Status openIds(const std::string& folder);
  Status begin(stage::StageContext& context, std::span<const stage::Position> from,
               std::span<const std::int32_t> partitions);
  void closeIfLeft();
  TimeMs now() const { return m_clock.load()->now(); }
  bool isKeyRight(const Request& request, const record::Value& body) const;
  bool isOriginAllowed(std::string_view origin) const;
  Response respond(const Request& request, int status, std::string json) const;
  Response outcome(const Request& request, Spool::Outcome outcome) const;

  const CollectorSettings m_settings;
  mutable std::mutex m_mutex;                         ///< joining and leaving
  std::atomic<std::shared_ptr<const Clock>> m_clock;  ///< the run's
  std::size_t m_partitions = 0;
  bool m_isHeld = false;
  std::shared_ptr<Spool> m_spool;
  std::shared_ptr<SeenIds> m_seen;
  std::unique_ptr<HttpServer> m_server;
  ShopPage m_shop;
  UuidMaker m_ids;  ///< server's thread
};

}  // namespace freshet::http
