// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/stage/node_type.h"
#include "plugins/postgres/link.h"

namespace freshet::postgres {

/// A connection of type "postgres": where the server is. Immutable; any thread. The links belong to
/// the lanes.
class PostgresConnection final : public stage::Capability {
 public:
  PostgresConnection(Address address, stage::Mode mode)
      : m_address(std::move(address)), m_mode(mode) {}

  bool isInert() const { return m_mode == stage::Mode::Inert; }
  const Address& address() const { return m_address; }
  Result<std::unique_ptr<Link>> open(Link::Service service) const {
    return Link::open(m_address, std::move(service));
  }

 private:
  Address m_address;
  stage::Mode m_mode;
};

spec::ConnectionSpec connectionSpec();
stage::CapabilityType connectionType();
Result<std::shared_ptr<const PostgresConnection>> findConnection(stage::StageContext& context,
                                                                 const std::string& name);

}  // namespace freshet::postgres
