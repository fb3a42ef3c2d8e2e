// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/group_reader.h"

#include <algorithm>

#include "core/record/json.h"
#include "plugins/kafka/gaps.h"
#include "plugins/kafka/topic.h"

namespace freshet::kafka {
namespace {

constexpr int kCommittedMs = 5000;
constexpr int kCommitMs = 5000;
constexpr std::int64_t kCloseNs = 10'000'000'000;
constexpr int kCloseWaitMs = 50;
// Shorter waits of the lane need no pausing: it would throw the fetched messages away.
constexpr std::int64_t kPatienceNs = 1'000'000'000;
// At least a second of traffic for all lanes together: 2.0.2 stalls a fetch by 1 s at the limit.
constexpr int kQueuedKilobytes = 262144;
constexpr int kQueuedMessages = 10'000'000;

std::vector<std::int32_t> numbers(const rd_kafka_topic_partition_list_t& list) {
  std::vector<std::int32_t> found;
  for (int i = 0; i < list.cnt; ++i) found.push_back(list.elems[i].partition);
  return found;
}

std::string_view bytesOf(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), data ? size : 0};
}

}  // namespace

GroupReader::~GroupReader() {
  if (!m_client) return;
  m_transaction.reset();
  (void)awaitCommits(kCommitMs);
  disconnect();
}

void GroupReader::disconnect() {
  dropMessages();
  m_isClosing = true;
  m_queue.reset();
  m_commitReplies.reset();
  m_commitsUnderWay = 0;
  close();
  // Lists of partitions hold the client's, which it waits for.
  m_changed.reset();
  m_assigned.reset();
  m_client.reset();
  m_isClosing = false;
}

/// 2.0.2 may wait here for ever, for a partition that was lost.
void GroupReader::close() {
  // A rebalance that was noted and not carried out: the group waits for us, and so would closing.
  if (m_change != Change::None) rd_kafka_assign(m_client.get(), nullptr);
  QueuePtr closing(rd_kafka_queue_new(m_client.get()));
  if (rd_kafka_error_t* error = rd_kafka_consumer_close_queue(m_client.get(), closing.get())) {
    rd_kafka_error_destroy(error);
    return;
  }
  // Messages may still lie in the queue, and serving it by callbacks aborts the process on one.
  const std::int64_t until = monotonicNs() + kCloseNs;
  while (!rd_kafka_consumer_closed(m_client.get()) && monotonicNs() < until) {
    if (rd_kafka_message_t* message = rd_kafka_consume_queue(closing.get(), kCloseWaitMs))
      rd_kafka_message_destroy(message);
  }
  if (rd_kafka_consumer_closed(m_client.get())) return;
  // All that counts is committed: the client is left behind, and what it may still call with it.
  [[maybe_unused]] const rd_kafka_t* left = m_client.release();
  [[maybe_unused]] const Watch* watch = m_watch.release();
  [[maybe_unused]] const rd_kafka_queue_t* queue = closing.release();
}

ClientSettings GroupReader::settings() const {
  ClientSettings settings = m_connection->settings();
  const auto add = [&](const char* name, std::string value) {
    settings.emplace_back(name, std::move(value));
  };
  add("group.id", m_settings->group);
  add("enable.auto.commit", "false");
  add("enable.auto.offset.store", "false");
  add("isolation.level", "read_committed");
  add("auto.offset.reset", "error");
  add("partition.assignment.strategy", "range,roundrobin");
  add("session.timeout.ms", "10000");
  add("heartbeat.interval.ms", "1000");
  add("max.poll.interval.ms", "300000");
  add("check.crcs", "true");
  add("enable.partition.eof", "false");
  add("allow.auto.create.topics", "false");
  add("fetch.max.bytes", "8388608");
  add("fetch.message.max.bytes", "1048576");
  add("queued.min.messages", std::to_string(kQueuedMessages / m_lanes));
  add("queued.max.messages.kbytes", std::to_string(std::max(16384, kQueuedKilobytes / m_lanes)));
  // A fixed place: a worker that comes back within the session's time moves no partition.
  if (!m_context->slot().empty())
    add("group.instance.id", std::string(m_context->slot()) + '-' + std::to_string(m_lane));
  return settings;
}

Status GroupReader::open(stage::StageContext& context, std::span<const stage::Position> from,
                         stage::PartitionListener& listener) {
  auto connection = findConnection(context, m_settings->connection);
  if (!connection) return connection.error();
  m_connection = *connection;
  m_settings = std::make_shared<const SourceSettings>(m_settings->in(context));
  m_listener = &listener;
  m_context = &context;
  for (const stage::Position& position : from) m_remembered[position.partition] = position.offset;
  return connect();
}

Status GroupReader::connect() {
  m_watch = std::make_unique<Watch>();
  m_watch->reader = this;
  auto conf = makeConf(settings(), *m_watch);
  if (!conf) return conf.error();
  rd_kafka_conf_set_rebalance_cb(conf->get(), &GroupReader::onRebalance);
  auto client = makeClient(RD_KAFKA_CONSUMER, std::move(*conf));
  if (!client) return client.error();
  m_client = std::move(*client);
  if (m_transaction) m_transaction->setConsumer(m_client.get());
  rd_kafka_poll_set_consumer(m_client.get());
  m_queue.reset(rd_kafka_queue_get_consumer(m_client.get()));
  m_commitReplies.reset(rd_kafka_queue_new(m_client.get()));
  m_polledNs = monotonicNs();
  return joinOrAssign();
}

Status GroupReader::joinOrAssign() {
  if (!m_connection->isInert()) {
    const PartitionsPtr topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), m_settings->topic.c_str(),
                                      RD_KAFKA_PARTITION_UA);
    if (const auto error = rd_kafka_subscribe(m_client.get(), topics.get())) {
      return Error{"E-3103",
                   std::string("Kafka refuses the subscription: ") + rd_kafka_err2str(error),
                   "topic", Retry::Later};
    }
    return {};
  }
  auto count = countPartitions(*m_connection, m_settings->topic);
  if (!count) return count.error();
  m_changed.reset(rd_kafka_topic_partition_list_new(*count));
  for (int partition = m_lane; partition < *count; partition += m_lanes) {
    rd_kafka_topic_partition_list_add(m_changed.get(), m_settings->topic.c_str(), partition);
  }
  m_change = Change::Assign;
  return {};
}

void GroupReader::onRebalance(rd_kafka_t* client, rd_kafka_resp_err_t error,
                              rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto& reader = *static_cast<Watch*>(static_cast<BrokerWatch*>(opaque))->reader;
  const bool isAssign = error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (reader.m_isClosing || (!isAssign && error != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)) {
    rd_kafka_assign(client, nullptr);
    return;
  }
  reader.m_change = isAssign ? Change::Assign : Change::Revoke;
  reader.m_isRewinding = false;
  reader.m_changed.reset(rd_kafka_topic_partition_list_copy(partitions));
}

GroupReader::Place& GroupReader::place(std::int32_t partition) {
  const auto index = static_cast<std::size_t>(partition);
  if (index >= m_places.size()) m_places.resize(index + 1);
  return m_places[index];
}

Status GroupReader::applyChange() {
  if (m_change == Change::None) return {};
  dropMessages();
  if (m_change == Change::Assign) {
    if (auto status = assign(); !status) return status;  // tried again by the next poll
  } else {
    revoke();
  }
  m_change = Change::None;
  m_changed.reset();
  return {};
}

Status GroupReader::assign() {
  rd_kafka_topic_partition_list_t* list = m_changed.get();
  if (list->cnt > 0) {
    if (const auto error = rd_kafka_committed(m_client.get(), list, kCommittedMs))
      return positionsUnknown(error);
    if (auto status = findGaps(positionsOf(*list)); !status) return status;
  }
  const std::vector<Place> before = std::exchange(m_places, {});
  for (int i = 0; i < list->cnt; ++i) {
    auto& entry = list->elems[i];
    Place& at = place(entry.partition);
    const auto index = static_cast<std::size_t>(entry.partition);
    const std::int64_t first = m_isRewinding && index < before.size() ? before[index].first : -1;
    at = {true, entry.offset >= 0 ? entry.offset : -1, entry.offset, first};
    if (entry.offset < 0 && first >= 0) {
      entry.offset = first;
    } else if (entry.offset < 0) {
      entry.offset = m_settings->startsAtEnd ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING;
    }
  }
  if (const auto error = rd_kafka_assign(m_client.get(), list)) {
    return Error{"E-3103",
                 std::string("Kafka refuses the assignment: ") + rd_kafka_err2str(error),
                 {},
                 Retry::Later};
  }
  m_isRewinding = false;
  m_assigned.reset(rd_kafka_topic_partition_list_copy(list));
  if (list->cnt > 0) m_listener->onAssigned(numbers(*list));
  return {};
}

Status GroupReader::findGaps(std::span<const stage::Position> next) {
  auto gaps = gapsOf(m_client.get(), m_settings->topic, next, m_remembered);
  if (!gaps) return positionsUnknown(RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (gaps->empty()) return {};
  // Other lanes' partitions have them too: one report for all.
  auto all = committedPositions(*m_connection, m_settings->topic, m_settings->group);
  if (all) {
    auto more = gapsOf(m_client.get(), m_settings->topic, *all, m_remembered);
    if (more && !more->empty()) gaps = std::move(more);
  }
  return Error{"E-3104",
               "Kafka does not have what group \"" + m_settings->group + "\" reads next: " + *gaps +
                   ". Retention has deleted it, or the topic was made anew. Start over with "
                   "--fresh, or set the group's positions.",
               "topic", Retry::Fatal};
}

stage::Transaction* GroupReader::transaction() {
  if (m_connection->isInert()) return nullptr;
  m_transaction = std::make_unique<LaneTransaction>(
      m_connection,
      TransactionSettings{transactionalId(*m_context, m_settings->group, m_lane), m_settings->topic,
                          m_settings->transactionTimeoutMs},
      m_client.get(), *m_context);
  return m_transaction.get();
}

Result<std::vector<stage::Position>> GroupReader::committed(
    std::span<const std::int32_t> partitions) {
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const std::int32_t partition : partitions)
    rd_kafka_topic_partition_list_add(list.get(), m_settings->topic.c_str(), partition);
  if (const auto error = rd_kafka_committed(m_client.get(), list.get(), kCommittedMs))
    return positionsUnknown(error);
  return positionsOf(*list);
}

/// Everything since the last commit is read again: the same partitions as if just assigned.
void GroupReader::rewind() {
  dropMessages();
  if (!m_assigned || m_isRevoking || m_change != Change::None) return;
  m_change = Change::Assign;
  m_changed.reset(rd_kafka_topic_partition_list_copy(m_assigned.get()));
  m_isRewinding = true;
}

Error GroupReader::positionsUnknown(rd_kafka_resp_err_t error) const {
  if (m_watch->isAway()) return m_connection->brokersAway(*m_watch);
  return {"E-3103",
          "The positions of group \"" + m_settings->group +
              "\" cannot be read: " + rd_kafka_err2str(error) + "; it is tried again.",
          "group", Retry::Later};
}

void GroupReader::revoke() {
  tellRevoked(rd_kafka_assignment_lost(m_client.get()) != 0);
  rd_kafka_assign(m_client.get(), nullptr);
}

void GroupReader::tellRevoked(bool isLost) {
  m_isRevoking = true;
  if (m_assigned && m_assigned->cnt > 0) m_listener->onRevoked(numbers(*m_assigned), isLost);
  m_isRevoking = false;
  m_assigned.reset();
  m_places.clear();
  m_isPaused = false;
}

/// Another member has our fixed place, and librdkafka calls that fatal: this client reads no more.
Status GroupReader::rejoin() {
  if (!m_client) return connect();
  char words[512] = "";
  const rd_kafka_resp_err_t error = rd_kafka_fatal_error(m_client.get(), words, sizeof words);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (error != RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
    return Error{"E-3105", "Kafka's client reads no more: " + std::string(words), {}, Retry::Fatal};
  if (auto taken = m_fences.note(*m_context, m_watch->downs() > 0)) return *taken;
  m_change = Change::None;
  m_changed.reset();
  tellRevoked(true);
  disconnect();
  return connect();
}

std::size_t GroupReader::take(std::size_t most, int waitMs) {
  m_messages.resize(most);
  const std::size_t early = std::min(m_early.size(), most);
  if (early > 0) {
    std::copy_n(m_early.begin(), early, m_messages.begin());
    m_early.erase(m_early.begin(), m_early.begin() + static_cast<std::ptrdiff_t>(early));
    return early;
  }
  const auto batch = [&](std::size_t from) {
    const auto got =
        rd_kafka_consume_batch_queue(m_queue.get(), 0, m_messages.data() + from, most - from);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  };
  std::size_t count = batch(0);
  if (count > 0 || m_change != Change::None || waitMs <= 0) return count;
  // The batch call would wait for a full batch; this one returns with the first message.
  m_messages[0] = rd_kafka_consumer_poll(m_client.get(), waitMs);
  if (!m_messages[0]) return 0;
  return 1 + (m_change == Change::None && most > 1 ? batch(1) : 0);
}

Result<stage::Polled> GroupReader::poll(Arena& arena, std::size_t most, int waitMs) {
  if (auto status = rejoin(); !status) return status.error();
  resumePaused();
  if (auto status = applyChange(); !status) return status.error();
  if (m_error) return *std::exchange(m_error, std::nullopt);
  const std::size_t count = take(std::max<std::size_t>(most, 1), waitMs);
  m_messages.resize(count);
  m_polledNs = monotonicNs();
  stage::Polled polled;
  if (m_change != Change::None) {
    if (auto status = applyChange(); !status) return status.error();
    return polled;
  }
  polled.events.reserve(count);
  for (rd_kafka_message_t*& message : m_messages) {
    if (message->err) {
      noteError(*message);
    } else {
      accept(*message, arena, polled);
    }
    rd_kafka_message_destroy(message);
  }
  m_messages.clear();
  if (polled.events.empty() && m_error) return *std::exchange(m_error, std::nullopt);
  if (polled.events.empty() && m_watch->isAway()) return m_connection->brokersAway(*m_watch);
  return polled;
}

void GroupReader::accept(const rd_kafka_message_t& message, Arena& arena, stage::Polled& polled) {
  Place& at = place(message.partition);
  // Stale ones are handed out around a seek, a pause or a rebalance.
  if (!at.isMine || message.offset < at.next) return;
  at.next = message.offset + 1;
  if (at.first < 0) at.first = message.offset;
  stage::Polled::Event event;
  event.bytes = arena.copy(bytesOf(message.payload, message.len), record::kJsonPadding);
  event.key = arena.copy(bytesOf(message.key, message.key_len));
  event.partition = message.partition;
  event.offset = message.offset;
  rd_kafka_timestamp_type_t kind;
  const std::int64_t time = rd_kafka_message_timestamp(&message, &kind);
  event.timeMs = kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? 0 : time;

  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const std::size_t count = rd_kafka_header_cnt(headers);
    const auto copies = arena.array<record::Header>(count);
    for (std::size_t i = 0; i < count; ++i) {
      const char* name = nullptr;
      const void* value = nullptr;
      std::size_t size = 0;
      if (rd_kafka_header_get_all(headers, i, &name, &value, &size)) break;
      copies[i] = {arena.copy(name), arena.copy(bytesOf(value, size))};
    }
    event.headers = copies;
  }
  polled.events.push_back(event);
}

void GroupReader::noteError(const rd_kafka_message_t& message) {
  const std::string where = m_settings->topic + '/' + std::to_string(message.partition);
  switch (message.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:  // a rebalance follows
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      m_error = gapAt(message.partition);
      return;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      m_error = Error{"E-3102",
                      where + " is gone from Kafka at " + m_connection->brokers() +
                          "; create it, or correct the topic's name.",
                      "topic", Retry::Later};
      return;
    default:
      m_error = Error{"E-3105", where + " cannot be read: " + rd_kafka_message_errstr(&message),
                      "topic", Retry::Later};
  }
}

Error GroupReader::gapAt(std::int32_t partition) {
  const stage::Position next{partition, place(partition).next, {}};
  const Status gaps = findGaps({&next, 1});
  if (!gaps) return gaps.error();
  return {"E-3104",
          "Kafka does not have offset " + std::to_string(place(partition).next) + " of " +
              m_settings->topic + '/' + std::to_string(partition) + ", which is to be read next.",
          "topic", Retry::Fatal};
}

void GroupReader::dropMessages() {
  for (rd_kafka_message_t* message : m_messages) rd_kafka_message_destroy(message);
  for (rd_kafka_message_t* message : m_early) rd_kafka_message_destroy(message);
  m_messages.clear();
  m_early.clear();
}

Status GroupReader::commit(std::span<const stage::Position> positions) {
  if (m_connection->isInert()) return {};
  if (auto status = awaitCommits(kCommitMs); !status) return status;
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const stage::Position& position : positions) {
    Place& at = place(position.partition);
    if (!at.isMine || position.offset <= at.committed) continue;
    at.committed = position.offset;
    rd_kafka_topic_partition_list_add(list.get(), m_settings->topic.c_str(), position.partition)
        ->offset = position.offset;
  }
  if (list->cnt == 0) return {};
  if (const auto error = rd_kafka_commit_queue(m_client.get(), list.get(), m_commitReplies.get(),
                                               nullptr, nullptr)) {
    for (int i = 0; i < list->cnt; ++i) place(list->elems[i].partition).committed = -1;
    return Error{"E-3107", std::string("Positions cannot be committed: ") + rd_kafka_err2str(error),
                 "group", Retry::Later};
  }
  ++m_commitsUnderWay;
  // Elsewhere the answer is looked at before the next commit; here there is no next one.
  return m_isRevoking ? awaitCommits(kCommitMs) : Status();
}

Status GroupReader::awaitCommits(int mostMs) {
  const std::int64_t until = monotonicNs() + std::int64_t{mostMs} * 1'000'000;
  while (m_commitsUnderWay > 0) {
    const auto leftMs = static_cast<int>((until - monotonicNs()) / 1'000'000);
    rd_kafka_event_t* reply = rd_kafka_queue_poll(m_commitReplies.get(), std::max(0, leftMs));
    if (!reply) {
      if (leftMs > 0) continue;
      return Error{"E-3107",
                   "Kafka does not answer the commit of group \"" + m_settings->group +
                       "\"; it is asked again.",
                   "group", Retry::Later};
    }
    const rd_kafka_resp_err_t error = rd_kafka_event_error(reply);
    rd_kafka_event_destroy(reply);
    --m_commitsUnderWay;
    if (!error) continue;
    for (Place& at : m_places) at.committed = -1;  // all positions go with the next one
    switch (error) {
      // The group has moved on: whoever owns the partitions now reads these events again.
      case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
      case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
      case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
      case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
        break;
      default:
        return Error{"E-3107",
                     std::string("Positions cannot be committed: ") + rd_kafka_err2str(error),
                     "group", Retry::Later};
    }
  }
  return {};
}

void GroupReader::service() {
  const std::int64_t now = monotonicNs();
  if (!m_client) return;
  if (!m_isPaused) {
    if (!m_assigned || now - m_polledNs < kPatienceNs) return;
    rd_kafka_pause_partitions(m_client.get(), m_assigned.get());
    m_isPaused = true;
  }
  if (rd_kafka_message_t* message = rd_kafka_consumer_poll(m_client.get(), 0)) {
    m_early.push_back(message);
  }
  m_polledNs = now;
}

void GroupReader::resumePaused() {
  if (!m_isPaused) return;
  m_isPaused = false;
  if (m_assigned) rd_kafka_resume_partitions(m_client.get(), m_assigned.get());
}

}  // namespace freshet::kafka
