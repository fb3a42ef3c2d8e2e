// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/stage/source.h"
#include "plugins/kafka/connection.h"

namespace freshet::kafka {

/// What is asked of a topic once, before or beside the lanes. Blocking, at most about ten seconds;
/// any thread.
/// "E-3101": no broker answers. "E-3102": there is no such topic.
Result<int> countPartitions(const KafkaConnection& connection, const std::string& topic);
/// Where a group stands committed in all partitions of a topic, with what is kept beside each.
/// "E-3103" if that cannot be read.
Result<std::vector<stage::Position>> committedPositions(const KafkaConnection& connection,
                                                        const std::string& topic,
                                                        const std::string& group);
std::vector<stage::Position> positionsOf(const rd_kafka_topic_partition_list_t& list);
/// A setting of a broker, such as "transaction.max.timeout.ms"; nothing if it does not say.
std::optional<std::string> brokerSetting(const KafkaConnection& connection,
                                         const std::string& name);
/// Sets a group's positions of all partitions to the topic's first offsets, or behind its last.
/// "E-3106" if the group has members or the broker refuses.
Status resetGroup(const KafkaConnection& connection, const std::string& topic,
                  const std::string& group, bool toEnd);

}  // namespace freshet::kafka
