// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/client.h"

#include <string_view>
#include <utility>

#include "core/base/text.h"

namespace freshet::kafka {

void BrokerWatch::attach(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_error_cb(conf, &BrokerWatch::onError);
  // What the log says comes again as an error or a failed call; standard error is the host's.
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_interceptor_add_on_new(conf, "freshet", &BrokerWatch::onNew, this);
}

std::string BrokerWatch::lastWords() const {
  const std::scoped_lock lock(m_mutex);
  return m_lastWords;
}

void BrokerWatch::onError(rd_kafka_t*, int error, const char* reason, void* opaque) {
  auto& watch = *static_cast<BrokerWatch*>(opaque);
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    watch.m_isAway = true;
    return;
  }
  const std::scoped_lock lock(watch.m_mutex);
  watch.m_lastWords = oneLine(reason, 200);
}

rd_kafka_resp_err_t BrokerWatch::onNew(rd_kafka_t* client, const rd_kafka_conf_t*, void* opaque,
                                       char*, size_t) {
  return rd_kafka_interceptor_add_on_broker_state_change(client, "freshet", &BrokerWatch::onState,
                                                         opaque);
}

rd_kafka_resp_err_t BrokerWatch::onState(rd_kafka_t*, int32_t, const char*, const char* name,
                                         int port, const char* state, void* opaque) {
  auto& watch = *static_cast<BrokerWatch*>(opaque);
  const std::string_view word(state);
  if (word != "UP" && word != "DOWN") return RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string broker = name + (':' + std::to_string(port));
  const std::scoped_lock lock(watch.m_mutex);
  if (word == "UP") {
    watch.m_isAway = false;
    watch.m_up.insert(std::move(broker));
  } else if (watch.m_up.erase(broker) > 0) {
    // Before it was up it may be down for no more than a name that has changed.
    ++watch.m_downs;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

Result<ConfPtr> makeConf(const ClientSettings& settings, BrokerWatch& watch) {
  ConfPtr conf(rd_kafka_conf_new());
  char why[512];
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why, sizeof why) !=
        RD_KAFKA_CONF_OK) {
      return Error{
          "E-3100", "Kafka's client refuses a setting: " + std::string(why), {}, Retry::Never};
    }
  }
  watch.attach(conf.get());
  return conf;
}

Result<ClientPtr> makeClient(rd_kafka_type_t type, ConfPtr conf) {
  char why[512];
  rd_kafka_t* client = rd_kafka_new(type, conf.get(), why, sizeof why);
  if (!client) {
    return Error{"E-3100", "Kafka's client cannot start: " + std::string(why), {}, Retry::Never};
  }
  [[maybe_unused]] rd_kafka_conf_t* const taken = conf.release();
  return ClientPtr(client);
}

}  // namespace freshet::kafka
