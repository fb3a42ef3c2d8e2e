// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/gaps.h"

namespace freshet::kafka {
namespace {

constexpr int kCallMs = 5000;

}  // namespace

std::optional<std::string> gapsOf(rd_kafka_t* client, const std::string& topic,
                                  std::span<const stage::Position> next,
                                  const std::map<std::int32_t, std::int64_t>& remembered) {
  std::string gaps;
  for (const stage::Position& position : next) {
    // With a topic its group's positions go too.
    const auto known = remembered.find(position.partition);
    const bool hasPosition = position.offset >= 0;
    const std::int64_t at = hasPosition                 ? position.offset
                            : known != remembered.end() ? known->second
                                                        : 0;
    if (at == 0) continue;
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (rd_kafka_query_watermark_offsets(client, topic.c_str(), position.partition, &low, &high,
                                         kCallMs))
      return std::nullopt;
    const bool isBefore = hasPosition && at < low;
    if (at <= high && !isBefore) continue;
    gaps += (gaps.empty() ? "" : ", ") + topic + '/' + std::to_string(position.partition) + " [" +
            std::to_string(isBefore ? at : high) + ", " + std::to_string(isBefore ? low : at) + ')';
  }
  return gaps;
}

}  // namespace freshet::kafka
