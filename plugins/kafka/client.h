// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace freshet::kafka {

struct Release {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using ClientPtr = std::unique_ptr<rd_kafka_t, Release>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, Release>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, Release>;
using ConfPtr = std::unique_ptr<rd_kafka_conf_t, Release>;
using PartitionsPtr = std::unique_ptr<rd_kafka_topic_partition_list_t, Release>;

/// What a client says about its brokers, as its own threads learn it. Outlives the client; any
/// thread.
class BrokerWatch {
 public:
  /// Hooks itself into `conf`; call before the client is made.
  void attach(rd_kafka_conf_t* conf);
  bool isAway() const { return m_isAway; }
  /// How often a connection to a broker was lost; rises.
  int downs() const { return m_downs; }
  /// The client's last complaint: "127.0.0.1:9092: Connect … failed: Connection refused".
  std::string lastWords() const;

 private:
  static void onError(rd_kafka_t*, int error, const char* reason, void* opaque);
  static rd_kafka_resp_err_t onNew(rd_kafka_t* client, const rd_kafka_conf_t*, void* opaque, char*,
                                   size_t);
  static rd_kafka_resp_err_t onState(rd_kafka_t*, int32_t, const char*, const char*, int,
                                     const char* state, void* opaque);

  std::atomic<bool> m_isAway{false};
  std::atomic<int> m_downs{0};
  mutable std::mutex m_mutex;
  std::string m_lastWords;
  std::set<std::string> m_up;  ///< brokers that have a connection
};

using ClientSettings = std::vector<std::pair<std::string, std::string>>;

/// A configuration of librdkafka, opaque = `watch`; "E-3100" names a setting it refuses.
Result<ConfPtr> makeConf(const ClientSettings& settings, BrokerWatch& watch);
/// Takes the configuration over. "E-3100" says why there is no client.
Result<ClientPtr> makeClient(rd_kafka_type_t type, ConfPtr conf);

}  // namespace freshet::kafka
