// SPDX-License-Identifier: GPL-3.0-or-later
// The independent reference of job J: folds the events again, without the engine, and compares
// Redis, the ids and scores in `out` and the ids in `dlq`. One line of JSON; exit code 1 if
// something differs. `--mark FILE` remembers where the topics end now, `--since FILE` reads from
// there.
#include <hiredis/hiredis.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <unordered_map>
#include <vector>

#include "tests/bench/bench_events.h"
#include "tests/bench/bench_kafka.h"
#include "tests/bench/job_j_reference.h"

namespace freshet::bench {
namespace {

struct Differences {
  std::uint64_t missing = 0;
  std::uint64_t twice = 0;
  std::uint64_t foreign = 0;
  std::uint64_t wrongScore = 0;
  std::uint64_t wrongProfile = 0;

  std::uint64_t sum() const { return missing + twice + foreign + wrongScore + wrongProfile; }
};

void checkTopic(const std::string& brokers, const std::string& topic,
                const std::vector<std::int64_t>& from, const EventPlan& plan,
                const Expected& expected, bool wantsValid, Differences& found) {
  std::vector<std::uint8_t> seen(plan.events, 0);
  readTopic(brokers, topic, from, [&](const rd_kafka_message_t& message) {
    const std::string_view text(static_cast<const char*>(message.payload), message.len);
    const std::size_t at = text.find("\"id\":\"");
    const std::string id(at == std::string_view::npos ? std::string_view()
                                                      : text.substr(at + 6, 32));
    const std::uint64_t index =
        id.size() == 32 ? std::strtoull(id.c_str() + 16, nullptr, 16) : plan.events;
    if (index >= plan.events || eventFacts(plan, index).id != id ||
        (expected.scores[index] >= 0) != wantsValid) {
      ++found.foreign;
      return;
    }
    if (++seen[index] > 1) ++found.twice;
    if (wantsValid &&
        !isNear(numberAt(text, "score"), static_cast<double>(expected.scores[index]))) {
      ++found.wrongScore;
    }
  });
  for (std::uint64_t i = 0; i < plan.events; ++i) {
    // What scores below 1 is dropped; the smallest gain is 1.
    const bool isWanted = wantsValid ? expected.scores[i] >= 1 : expected.scores[i] < 0;
    if (isWanted && seen[i] == 0) ++found.missing;
  }
}

void checkRedis(const std::string& address, const Expected& expected, Differences& found) {
  const std::size_t host = address.find("://") == std::string::npos ? 0 : address.find("://") + 3;
  const std::size_t colon = address.rfind(':');
  redisContext* link = redisConnect(address.substr(host, colon - host).c_str(),
                                    std::atoi(address.c_str() + colon + 1));
  if (!link || link->err) die("no Redis at " + address);
  for (const auto& [user, person] : expected.people) {
    redisAppendCommand(link, "GET p:%s", userName(user).c_str());
  }
  for (const auto& [user, person] : expected.people) {
    redisReply* reply = nullptr;
    if (redisGetReply(link, reinterpret_cast<void**>(&reply)) != REDIS_OK) die("Redis went away");
    std::string_view value = reply->type == REDIS_REPLY_STRING
                                 ? std::string_view(reply->str, reply->len)
                                 : std::string_view();
    // "f2|mark|size|before JSON": the state before stands first (plugins/redis/README.md).
    if (value.starts_with("f2|") && value.size() > 107)
      value.remove_prefix(107 + static_cast<std::size_t>(std::atoi(value.data() + 96)));
    const bool isRight = isNear(numberAt(value, "score"), person.score) &&
                         numberAt(value, "ts") == static_cast<double>(person.timeMs);
    if (!isRight) {
      if (found.wrongProfile++ < 3) {
        std::fprintf(stderr, "%s: %.*s, expected %.3f at %lld\n", userName(user).c_str(),
                     static_cast<int>(value.size()), value.data(), person.score,
                     static_cast<long long>(person.timeMs));
      }
    }
    freeReplyObject(reply);
  }
  redisFree(link);
}

using Marks = std::unordered_map<std::string, std::vector<std::int64_t>>;

void writeMarks(const std::string& brokers, const std::string& file) {
  rd_kafka_t* client = makeClient(RD_KAFKA_CONSUMER, brokers, {{"group.id", "bench-marks"}});
  std::ofstream out(file);
  for (const char* topic : {"out", "dlq"}) {
    for (const Range& range : topicRanges(client, topic)) out << topic << ' ' << range.high << '\n';
  }
  rd_kafka_destroy(client);
}

Marks readMarks(const std::string& file) {
  Marks marks;
  std::ifstream in(file);
  std::string topic;
  std::int64_t offset = 0;
  while (in >> topic >> offset) marks[topic].push_back(offset);
  return marks;
}

/// Deletes what the topics hold: the next run needs the room.
void truncate(const std::string& brokers) {
  rd_kafka_t* client = makeClient(RD_KAFKA_PRODUCER, brokers, {});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(16);
  for (const char* topic : {"out", "dlq", "bare"}) {
    const auto ranges = topicRanges(client, topic);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      rd_kafka_topic_partition_list_add(list, topic, static_cast<std::int32_t>(i))->offset =
          ranges[i].high;
    }
  }
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list);
  rd_kafka_queue_t* replies = rd_kafka_queue_new(client);
  rd_kafka_DeleteRecords(client, &request, 1, nullptr, replies);
  rd_kafka_event_t* reply = rd_kafka_queue_poll(replies, 20'000);
  if (!reply || rd_kafka_event_error(reply)) die("the broker does not delete what was read");
  rd_kafka_event_destroy(reply);
  rd_kafka_queue_destroy(replies);
  rd_kafka_DeleteRecords_destroy(request);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(client);
}

}  // namespace
}  // namespace freshet::bench

int main(int argc, char** argv) {
  using namespace freshet::bench;
  CLI::App app("Compares the outcome of job J with a reference computed here");
  EventPlan plan;
  std::string brokers;
  std::string redis;
  std::string users = "zipf";
  std::string mark;
  std::string since;
  bool isTruncating = false;
  app.add_option("--brokers", brokers)->required();
  app.add_option("--redis", redis, "redis://host:port");
  app.add_option("--events", plan.events);
  app.add_option("--seed", plan.seed);
  app.add_option("--users", users)->check(CLI::IsMember({"zipf", "uniform"}));
  app.add_option("--invalid", plan.invalid);
  app.add_option("--mark", mark, "Only write down where the topics end");
  app.add_option("--since", since, "What --mark wrote");
  app.add_flag("--truncate", isTruncating, "Only delete what out, dlq and bare hold");
  CLI11_PARSE(app, argc, argv);
  plan.isZipf = users == "zipf";
  if (isTruncating) truncate(brokers);
  if (!mark.empty()) writeMarks(brokers, mark);
  if (isTruncating || !mark.empty()) return 0;

  const Expected expected = fold(plan);
  Marks marks = readMarks(since);
  Differences found;
  checkTopic(brokers, "out", marks["out"], plan, expected, true, found);
  checkTopic(brokers, "dlq", marks["dlq"], plan, expected, false, found);
  checkRedis(redis, expected, found);
  std::printf(
      "{\"ok\":%s,\"valid\":%llu,\"invalid\":%llu,\"people\":%zu,\"missing\":%llu,"
      "\"twice\":%llu,\"foreign\":%llu,\"wrongScore\":%llu,\"wrongProfile\":%llu}\n",
      found.sum() == 0 ? "true" : "false", static_cast<unsigned long long>(expected.valid),
      static_cast<unsigned long long>(plan.events - expected.valid), expected.people.size(),
      static_cast<unsigned long long>(found.missing), static_cast<unsigned long long>(found.twice),
      static_cast<unsigned long long>(found.foreign),
      static_cast<unsigned long long>(found.wrongScore),
      static_cast<unsigned long long>(found.wrongProfile));
  return found.sum() == 0 ? 0 : 1;
}
