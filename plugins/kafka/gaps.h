// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "core/stage/source.h"
#include "plugins/kafka/client.h"

namespace freshet::kafka {

/// What is to be read next and the broker does not have: "topic/0 [10, 50), topic/2 [7, 9)", empty
/// if it has all. `remembered` says how far a partition was read once: beyond its end the topic was
/// made anew. Nothing if the broker cannot be asked. Blocking.
std::optional<std::string> gapsOf(rd_kafka_t* client, const std::string& topic,
                                  std::span<const stage::Position> next,
                                  const std::map<std::int32_t, std::int64_t>& remembered);

}  // namespace freshet::kafka
