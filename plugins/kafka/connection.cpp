// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/connection.h"

#include "core/base/text.h"

namespace freshet::kafka {

using spec::field;
using spec::FieldType;

ClientSettings KafkaConnection::settings() const {
  return {{"bootstrap.servers", m_brokers},
          {"client.id", m_clientId},
          {"socket.keepalive.enable", "true"},
          {"reconnect.backoff.max.ms", "2000"}};
}

Error KafkaConnection::brokersAway(const BrokerWatch& watch) const {
  std::string text = "No Kafka broker answers at " + m_brokers;
  if (const std::string words = watch.lastWords(); !words.empty()) text += " (" + words + ")";
  text += ". Start it, or correct \"brokers\" of the connection; it is tried again.";
  return {"E-3101", std::move(text), {}, Retry::Later};
}

spec::ConnectionSpec connectionSpec() {
  spec::ConnectionSpec spec;
  spec.type = "kafka";
  spec.kind = "kafka";
  spec.title = "Kafka";
  spec.fields.push_back(field("brokers", FieldType::Text, "Brokers",
                              "Addresses to begin with, host:port, separated by commas.")
                            .required());
  spec.fields.push_back(field("clientId", FieldType::Text, "Client id",
                              "How this pipeline is called in the brokers' logs and quotas.")
                            .orElse("\"freshet\"")
                            .advanced());
  return spec;
}

stage::CapabilityType connectionType() {
  stage::CapabilityType type;
  type.kind = "kafka";
  type.connectionType = "kafka";
  type.make = [](const spec::Config& config,
                 stage::Mode mode) -> Result<std::shared_ptr<stage::Capability>> {
    const std::string brokers(trim(config.text("brokers")));
    if (brokers.empty()) {
      return Error{"E-3100", "The connection names no brokers; \"brokers\" is host:port", "brokers",
                   Retry::Never};
    }
    // Longer ones crash librdkafka 2.0.2.
    std::string clientId = config.text("clientId").substr(0, 32);
    if (clientId.empty()) clientId = "freshet";
    return std::shared_ptr<stage::Capability>(
        std::make_shared<KafkaConnection>(brokers, std::move(clientId), mode));
  };
  return type;
}

Result<std::shared_ptr<const KafkaConnection>> findConnection(stage::StageContext& context,
                                                              const std::string& name) {
  auto found = context.capability("kafka", name);
  if (!found) return found.error();
  return std::static_pointer_cast<const KafkaConnection>(
      std::shared_ptr<const stage::Capability>(std::move(*found)));
}

}  // namespace freshet::kafka
