// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/stage/payload.h"
#include "core/stage/stage_context.h"
#include "plugins/http/send/delivery.h"
#include "plugins/http/send/endpoint.h"

namespace freshet::http {

/// Deliveries from records, by the node's expressions. Lane's thread only.
class Composer {
 public:
  static Result<std::unique_ptr<Composer>> compile(const spec::Config& config,
                                                   stage::BuildContext& context);

  /// `spare` gives an empty delivery. Adds to `out`, in order; what cannot be composed to
  /// `failures`, whose messages are valid until the next call.
  using Spare = std::function<Delivery&()>;
  void compose(std::span<record::Record* const> records, const stage::BatchLease& lease,
               stage::StageContext& context, const Spare& spare, std::vector<Delivery*>& out,
               std::vector<stage::Failure>& failures);

 private:
  Composer(Endpoint endpoint, stage::Payload payload)
      : m_endpoint(std::move(endpoint)), m_payload(std::move(payload)) {}
  struct Header {
    std::string name;
    stage::BoundExpression value;
  };
  bool composeHeaders(const record::Record& record, stage::Failure& failure);
  std::string idOf(const record::Record& record, stage::StageContext& context);
  void intoArray(record::Record& record, std::string_view body, const std::string& id,
                 std::uint64_t chain, const Endpoint::Address& address, const Spare& spare,
                 std::vector<Delivery*>& out);
  static void closeArray(Delivery& array, const std::string& key);

  Endpoint m_endpoint;
  stage::Payload m_payload;
  std::vector<Header> m_headers;
  bool m_hasContentType = false;
  std::optional<stage::BoundExpression> m_key;
  std::optional<stage::BoundExpression> m_eventId;
  std::size_t m_together = 1;

  // Of the call under way.
  Arena m_arena;
  std::vector<std::string> m_lines;
  std::unordered_map<const record::Origin*, std::uint32_t> m_seen;
  std::unordered_map<std::uint64_t, Delivery*> m_open;  ///< arrays by chain
  const stage::BatchLease* m_lease = nullptr;
  std::string m_idKey;
};

}  // namespace freshet::http
