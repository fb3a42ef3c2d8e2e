// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/stage/node_type.h"
#include "plugins/kafka/client.h"

namespace freshet::kafka {

/// A connection of type "kafka": where the brokers are and in which mode they are used. Immutable;
/// any thread. Consumers and producers belong to the lanes.
class KafkaConnection final : public stage::Capability {
 public:
  KafkaConnection(std::string brokers, std::string clientId, stage::Mode mode)
      : m_brokers(std::move(brokers)), m_clientId(std::move(clientId)), m_mode(mode) {}

  const std::string& brokers() const { return m_brokers; }
  bool isInert() const { return m_mode == stage::Mode::Inert; }
  /// What every client of this connection begins with.
  ClientSettings settings() const;
  /// "E-3101": no broker answers; names the address and what to do.
  Error brokersAway(const BrokerWatch& watch) const;

 private:
  std::string m_brokers;
  std::string m_clientId;
  stage::Mode m_mode;
};

spec::ConnectionSpec connectionSpec();
stage::CapabilityType connectionType();
/// The connection called `name` of the run a stage belongs to.
Result<std::shared_ptr<const KafkaConnection>> findConnection(stage::StageContext& context,
                                                              const std::string& name);

}  // namespace freshet::kafka
