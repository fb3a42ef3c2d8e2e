// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace freshet::bench {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A client of librdkafka with these settings; ends the program with a sentence if it refuses.
rd_kafka_t* makeClient(rd_kafka_type_t type, const std::string& brokers, const Settings& settings,
                       void (*onDelivery)(rd_kafka_t*, const rd_kafka_message_t*, void*) = nullptr,
                       void* opaque = nullptr);
/// First offset and the one behind the last, by partition.
struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};
std::vector<Range> topicRanges(rd_kafka_t* client, const std::string& topic);
/// Reads a topic from `from` (by partition; missing ones from the beginning) to where it ends now.
void readTopic(const std::string& brokers, const std::string& topic,
               const std::vector<std::int64_t>& from,
               const std::function<void(const rd_kafka_message_t&)>& visit);
/// User and system time of this process so far.
double cpuSeconds();
[[noreturn]] void die(const std::string& why);

}  // namespace freshet::bench
