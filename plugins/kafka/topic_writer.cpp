// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/topic_writer.h"

#include <algorithm>

#include "plugins/kafka/lane_transaction.h"

namespace freshet::kafka {
namespace {

constexpr std::int64_t kPatienceNs = 3'000'000'000;
constexpr int kWaitMs = 50;
constexpr std::size_t kMostAtOnce = 1024;
// While more requests wait than may be in flight (five), 2.0.2's thread polls without pause: a core
// for nothing. Two requests of 1 MB keep a broker busy; what comes behind them waits with us, and
// the memory that batches live in stays small enough for the caches.
constexpr std::size_t kMostBytesInClient = 2 << 20;

std::size_t bytesOf(const Outgoing& message) {
  return message.key.size() + message.value.size();
}

bool isRefused(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
         error == RD_KAFKA_RESP_ERR_INVALID_RECORD || error == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE;
}

/// Where a message comes from; the same when its event is read again.
std::string placeOf(const Outgoing& message) {
  const record::Origin& origin = *message.record->origin;
  return std::to_string(origin.shard) + '/' + std::to_string(origin.offset) + '/' +
         std::to_string(message.ordinal);
}

}  // namespace

Result<std::unique_ptr<TopicWriter>> TopicWriter::open(
    std::shared_ptr<const KafkaConnection> connection, WriterSettings settings,
    stage::StageContext& context, LaneTransaction* transaction) {
  std::unique_ptr<TopicWriter> writer(
      new TopicWriter(std::move(connection), std::move(settings), context, transaction));
  if (transaction) {
    transaction->attach(*writer);
  } else if (!writer->m_connection->isInert()) {
    if (auto status = writer->openClient(); !status) return status.error();
  }
  return writer;
}

// The client goes first (members are destroyed in reverse): its threads read from the parcels.
TopicWriter::~TopicWriter() {
  if (m_transaction) m_transaction->detach(*this);
}

rd_kafka_t* TopicWriter::client() const {
  return m_transaction ? m_transaction->client() : m_client.get();
}

const BrokerWatch& TopicWriter::watch() const {
  return m_transaction ? m_transaction->watch() : m_watch;
}

bool TopicWriter::isSpoiled() const {
  return m_transaction && m_transaction->isSpoiled();
}

Status TopicWriter::openClient() {
  ClientSettings settings = m_connection->settings();
  const auto add = [&](const char* name, std::string value) {
    settings.emplace_back(name, std::move(value));
  };
  add("acks", "all");
  add("enable.idempotence", "true");
  add("partitioner", "murmur2_random");
  add("linger.ms", std::to_string(m_settings.lingerMs));
  add("message.timeout.ms", "0");  // the lane decides how long to wait; nothing is given up
  add("message.max.bytes", "8388608");
  add("queue.buffering.max.messages", "1000000");
  add("queue.buffering.max.kbytes", "65536");
  auto conf = makeConf(settings, m_watch);
  if (!conf) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), &TopicWriter::onDelivery);
  auto client = makeClient(RD_KAFKA_PRODUCER, std::move(*conf));
  if (!client) return client.error();
  m_client = std::move(*client);
  return useClient(m_client.get());
}

Status TopicWriter::useClient(rd_kafka_t* client) {
  rd_kafka_topic_conf_t* conf = rd_kafka_topic_conf_new();
  rd_kafka_topic_conf_set(conf, "compression.codec", m_settings.compression.c_str(), nullptr, 0);
  // The client's default for topics does not reach one with a configuration of its own.
  rd_kafka_topic_conf_set(conf, "partitioner", "murmur2_random", nullptr, 0);
  // At once: otherwise the first message of a topic waits a second in 2.0.2.
  m_topic.reset(rd_kafka_topic_new(client, m_settings.topic.c_str(), conf));
  if (!m_topic) {
    return Error{"E-3100", "Kafka's client refuses the topic \"" + m_settings.topic + '"', "topic",
                 Retry::Never};
  }
  return {};
}

/// After a fatal error: everything comes back from the old client and is sent again by a new one.
void TopicWriter::renewClient() {
  rd_kafka_purge(m_client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  for (int round = 0; round < 20 && rd_kafka_outq_len(m_client.get()) > 0; ++round) {
    serve(kWaitMs);
  }
  m_topic.reset();
  m_client.reset();
  if (auto status = openClient(); !status) m_lastError = RD_KAFKA_RESP_ERR__FATAL;
}

Parcel& TopicWriter::newParcel(const stage::BatchLease& lease) {
  m_reported.clear();
  if (m_free.empty()) {
    m_parcels.push_back(std::make_unique<Parcel>());
    m_free.push_back(m_parcels.back().get());
  }
  Parcel& parcel = *m_free.back();
  m_free.pop_back();
  parcel.writer = this;
  parcel.number = m_nextNumber++;
  parcel.lease = lease;
  return parcel;
}

void TopicWriter::send(Parcel& parcel) {
  parcel.open = parcel.messages.size() + 1;  // one for ourselves, so that it outlives this call
  m_open += parcel.messages.size();
  for (Outgoing& message : parcel.messages) {
    message.parcel = &parcel;
    const auto before = m_refusedBefore.empty() || !message.record
                            ? m_refusedBefore.end()
                            : m_refusedBefore.find(placeOf(message));
    if (before != m_refusedBefore.end()) {
      refuseMessage(message, before->second);
      settle(message);
    } else if (isSpoiled()) {
      settle(message);
    } else if (client()) {
      m_waiting.push_back(&message);
    } else {
      settle(message);
    }
  }
  // The lane goes on with its next batch while earlier messages are on their way.
  if (client()) serve(0);
  while (!m_waiting.empty() && offer() > 0) {
  }
  Outgoing ours{&parcel, nullptr, {}, {}, {}};
  ++m_open;
  settle(ours);
}

void TopicWriter::settle(Outgoing& message) {
  --m_open;
  Parcel& parcel = *message.parcel;
  if (--parcel.open > 0) return;
  parcel.lease.reset();
  parcel.arena.reset();
  parcel.messages.clear();
  m_free.push_back(&parcel);
}

void TopicWriter::refuse(const stage::Failure& failure, const stage::BatchLease& lease) {
  m_refused.push_back({failure, lease, std::string(failure.message)});
}

void TopicWriter::refuseMessage(Outgoing& message, rd_kafka_resp_err_t error) {
  refuse({message.record, "E-3112", "", ""}, message.parcel->lease);
  m_refused.back().message = std::string("Kafka refuses the message of ") +
                             std::to_string(message.value.size()) +
                             " bytes: " + rd_kafka_err2str(error);
}

void TopicWriter::answer(Outgoing& message, rd_kafka_resp_err_t error) {
  if (error && m_transaction) return answerInTransaction(message, error);
  if (error && !isRefused(error)) {
    m_lastError = error;
    m_again.push_back(&message);
    return;
  }
  if (error) refuseMessage(message, error);
  settle(message);
}

/// The transaction is lost with this message; written again, a refused one is left out.
void TopicWriter::answerInTransaction(Outgoing& message, rd_kafka_resp_err_t error) {
  if (isRefused(error)) {
    if (message.record) m_refusedBefore.emplace(placeOf(message), error);
    m_transaction->spoil(RD_KAFKA_RESP_ERR_NO_ERROR);
  } else if (error != RD_KAFKA_RESP_ERR__PURGE_QUEUE &&
             error != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
    m_lastError = error;
    m_transaction->spoil(error);
  }
  settle(message);
}

void TopicWriter::forget() {
  m_waiting.clear();
  m_again.clear();
  m_bytesInClient = 0;
  for (auto& parcel : m_parcels) {
    if (parcel->open == 0) continue;
    parcel->open = 0;
    parcel->lease.reset();
    parcel->arena.reset();
    parcel->messages.clear();
    m_free.push_back(parcel.get());
  }
  m_open = 0;
}

void TopicWriter::onDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto& outgoing = *static_cast<Outgoing*>(message->_private);
  TopicWriter& writer = *outgoing.parcel->writer;
  writer.m_bytesInClient -= bytesOf(outgoing);
  writer.answer(outgoing, message->err);
}

void TopicWriter::sendAgain() {
  if (m_again.empty()) return;
  std::ranges::sort(m_again, [](const Outgoing* a, const Outgoing* b) {
    return std::pair(a->parcel->number, a) < std::pair(b->parcel->number, b);
  });
  m_waiting.insert(m_waiting.begin(), m_again.begin(), m_again.end());
  m_again.clear();
}

void TopicWriter::serve(int waitMs) {
  rd_kafka_poll(client(), waitMs);
  if (waitMs > 0) m_context.service();
}

rd_kafka_resp_err_t TopicWriter::offerWithHeaders(Outgoing& message) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(message.headers.size());
  for (const record::Header& header : message.headers) {
    rd_kafka_header_add(headers, header.name.data(), static_cast<ssize_t>(header.name.size()),
                        header.value.data(), static_cast<ssize_t>(header.value.size()));
  }
  const auto error = rd_kafka_producev(
      client(), RD_KAFKA_V_RKT(m_topic.get()), RD_KAFKA_V_MSGFLAGS(0),
      RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
      RD_KAFKA_V_VALUE(const_cast<char*>(message.value.data()), message.value.size()),
      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(&message), RD_KAFKA_V_END);
  if (error) rd_kafka_headers_destroy(headers);
  return error;
}

/// Gives the client the messages at the front, alike in having headers or not. How many it took.
std::size_t TopicWriter::offer() {
  if (m_bytesInClient >= kMostBytesInClient) return 0;
  if (!m_waiting.front()->headers.empty()) {
    Outgoing& message = *m_waiting.front();
    const auto error = offerWithHeaders(message);
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return 0;
    m_waiting.pop_front();
    if (error) {
      answer(message, error);
    } else {
      m_bytesInClient += bytesOf(message);
    }
    return 1;
  }
  m_batch.clear();
  std::size_t bytes = m_bytesInClient;
  for (Outgoing* message : m_waiting) {
    if (m_batch.size() == kMostAtOnce || !message->headers.empty() || bytes >= kMostBytesInClient)
      break;
    bytes += bytesOf(*message);
    rd_kafka_message_t& next = m_batch.emplace_back();
    next.payload = const_cast<char*>(message->value.data());
    next.len = message->value.size();
    next.key = const_cast<char*>(message->key.data());
    next.key_len = message->key.size();
    next._private = message;
  }
  rd_kafka_produce_batch(m_topic.get(), RD_KAFKA_PARTITION_UA, 0, m_batch.data(),
                         static_cast<int>(m_batch.size()));
  std::size_t taken = 0;
  for (const rd_kafka_message_t& message : m_batch) {
    // Once the queue is full all that follow find it full.
    if (message.err == RD_KAFKA_RESP_ERR__QUEUE_FULL) break;
    ++taken;
    auto& outgoing = *static_cast<Outgoing*>(message._private);
    if (message.err) {
      answer(outgoing, message.err);
    } else {
      m_bytesInClient += bytesOf(outgoing);
    }
  }
  m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(taken));
  return taken;
}

/// Hands over all that waits; false after some seconds without progress.
bool TopicWriter::pump() {
  if (!client()) return true;
  serve(0);
  std::int64_t progressNs = monotonicNs();
  while (!m_waiting.empty()) {
    if (isSpoiled()) {
      for (Outgoing* message : std::exchange(m_waiting, {})) settle(*message);
      break;
    }
    const std::size_t before = m_open;
    const std::size_t taken = offer();
    if (taken == 0) serve(kWaitMs);
    if (taken > 0 || m_open < before) {
      progressNs = monotonicNs();
    } else if (monotonicNs() - progressNs > kPatienceNs) {
      return false;
    }
  }
  return true;
}

Status TopicWriter::makeRoom() {
  m_reported.clear();
  if (m_waiting.empty() || pump()) return {};
  return trouble();
}

Status TopicWriter::flush(std::vector<stage::Failure>& refused) {
  m_reported.clear();
  std::int64_t progressNs = monotonicNs();
  std::size_t least = m_open;
  // What is left of a spoiled transaction goes with it.
  while (m_open > 0 && !isSpoiled()) {
    if (const auto error = rd_kafka_fatal_error(client(), nullptr, 0)) {
      if (m_transaction) {
        m_transaction->spoil(error);
        break;
      }
      renewClient();
    }
    if (!client()) return trouble();
    if (!m_again.empty()) {
      serve(kWaitMs);
      sendAgain();
    }
    if (!pump()) return trouble();
    rd_kafka_flush(client(), kWaitMs);
    m_context.service();
    if (m_open < least) {
      least = m_open;
      progressNs = monotonicNs();
    } else if (monotonicNs() - progressNs > kPatienceNs) {
      return trouble();
    }
  }
  m_lastError = RD_KAFKA_RESP_ERR_NO_ERROR;
  m_reported = std::move(m_refused);
  m_refused.clear();
  for (Refused& each : m_reported) {
    each.failure.message = each.message;
    refused.push_back(each.failure);
  }
  return {};
}

Error TopicWriter::trouble() const {
  if (m_lastError == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
      m_lastError == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC) {
    return {"E-3102",
            "Kafka at " + m_connection->brokers() + " has no topic \"" + m_settings.topic +
                "\" to write to. Create it, or correct the topic's name; it is tried again.",
            "topic", Retry::Later};
  }
  if (m_lastError == RD_KAFKA_RESP_ERR_NO_ERROR || watch().isAway()) {
    return m_connection->brokersAway(watch());
  }
  return {"E-3108",
          "Kafka does not take messages for \"" + m_settings.topic +
              "\": " + rd_kafka_err2str(m_lastError) + "; they are sent again.",
          "topic", Retry::Later};
}

}  // namespace freshet::kafka
