// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "plugins/kafka/connection.h"

namespace freshet::kafka {

/// What is asked of a topic once, before or beside the lanes. Blocking, at most about ten seconds;
/// any thread.
/// "E-3101": no broker answers. "E-3102": there is no such topic.
Result<int> countPartitions(const KafkaConnection& connection, const std::string& topic);
/// Sets a group's positions of all partitions to the topic's first offsets, or behind its last.
/// "E-3106" if the group has members or the broker refuses.
Status resetGroup(const KafkaConnection& connection, const std::string& topic,
                  const std::string& group, bool toEnd);

}  // namespace freshet::kafka
