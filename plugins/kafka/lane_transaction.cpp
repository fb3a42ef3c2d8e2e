// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/kafka/lane_transaction.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "core/base/clock.h"
#include "core/base/failpoint.h"
#include "core/base/text.h"
#include "plugins/kafka/topic.h"
#include "plugins/kafka/topic_writer.h"

namespace freshet::kafka {
namespace {

using Action = TransactionAction;
using Call = TransactionCall;

constexpr int kSocketTimeoutMs = 60'000;
// Each wait for the coordinator; between two of them the group is kept patient.
constexpr int kInitMs = 5000;
// Behind a message that the broker refused, 2.0.2 may wait for others until the transaction's time
// is over; a new producer aborts as well.
constexpr int kAbortMs = 5000;
constexpr int kLastAbortMs = 2000;
constexpr int kRetryMs = 100;
constexpr std::int64_t kFencedTwiceNs = 60'000'000'000;
constexpr std::int64_t kFirstPauseNs = 1'000'000'000;
constexpr std::int64_t kLongestPauseNs = 10'000'000'000;

std::int64_t milliseconds(std::int64_t number) {
  return number * 1'000'000;
}

}  // namespace

std::optional<Error> Fences::note(const stage::StageContext& context, bool wasBrokerAway) {
  const std::int64_t now = monotonicNs();
  const std::int64_t before = std::exchange(m_lastNs, now);
  if (before == 0 || now - before > kFencedTwiceNs || wasBrokerAway) return std::nullopt;
  return Error{"E-3116",
               "Another process works as slot " +
                   std::string(context.slot().empty() ? "0" : context.slot()) + " of pipeline " +
                   context.pipeline() + ". Give each worker of the group its own --slot.",
               "", Retry::Fatal};
}

std::string transactionalId(const stage::StageContext& context, const std::string& group,
                            int lane) {
  const std::string_view slot = context.slot().empty() ? "0" : context.slot();
  return context.pipeline() + '/' + group + '/' + std::string(slot) + '-' + std::to_string(lane);
}

LaneTransaction::LaneTransaction(std::shared_ptr<const KafkaConnection> connection,
                                 TransactionSettings settings, rd_kafka_t* consumer,
                                 stage::StageContext& context)
    : m_connection(std::move(connection)),
      m_settings(std::move(settings)),
      m_consumer(consumer),
      m_context(context) {}

LaneTransaction::~LaneTransaction() {
  closeClient();
}

void LaneTransaction::attach(TopicWriter& writer) {
  m_writers.push_back(&writer);
}

void LaneTransaction::detach(TopicWriter& writer) {
  closeClient();
  std::erase(m_writers, &writer);
}

void LaneTransaction::spoil(rd_kafka_resp_err_t error) {
  m_isSpoiled = true;
  m_lastError = {error, false, true, false, rd_kafka_err2str(error)};
}

Status LaneTransaction::open() {
  if (m_state == State::Ready) return {};
  return recycle();
}

Status LaneTransaction::openClient() {
  ClientSettings settings = m_connection->settings();
  const auto add = [&](const char* name, std::string value) {
    settings.emplace_back(name, std::move(value));
  };
  std::int64_t lingerMs = 5;
  for (const TopicWriter* writer : m_writers) lingerMs = std::min(lingerMs, writer->lingerMs());
  add("transactional.id", m_settings.id);
  add("transaction.timeout.ms", std::to_string(m_settings.timeoutMs));
  add("message.timeout.ms", std::to_string(m_settings.timeoutMs));
  add("socket.timeout.ms", std::to_string(std::min(kSocketTimeoutMs, m_settings.timeoutMs)));
  add("acks", "all");
  add("partitioner", "murmur2_random");
  add("linger.ms", std::to_string(lingerMs));
  add("message.max.bytes", "8388608");
  // What is purged may still be on its way out, and its memory is used again.
  add("message.copy.max.bytes", "8388608");
  add("queue.buffering.max.messages", "1000000");
  add("queue.buffering.max.kbytes", "65536");
  auto conf = makeConf(settings, m_watch);
  if (!conf) return conf.error();
  rd_kafka_conf_set_dr_msg_cb(conf->get(), &TopicWriter::onDelivery);
  auto client = kafka::makeClient(RD_KAFKA_PRODUCER, std::move(*conf));
  if (!client) return client.error();
  m_client = std::move(*client);
  for (TopicWriter* writer : m_writers) {
    if (auto status = writer->useClient(m_client.get()); !status) return status;
  }
  return {};
}

void LaneTransaction::closeClient() {
  if (!m_client) return;
  if (m_state == State::Open)
    (void)TransactionError::take(rd_kafka_abort_transaction(m_client.get(), kLastAbortMs));
  rd_kafka_purge(m_client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(m_client.get(), 0);
  for (TopicWriter* writer : m_writers) writer->dropTopic();
  m_client.reset();
  for (TopicWriter* writer : m_writers) writer->forget();
  if (m_state != State::Ending) m_state = State::Closed;
  m_isInitialised = false;
}

/// A new producer in place of the old one. What the old one left open is aborted by it.
Status LaneTransaction::recycle() {
  if (!m_client || m_isInitialised) {
    if (m_client) ++m_recycles;
    closeClient();
    if (auto status = openClient(); !status) return status;
  }
  if (auto status = initialise(); !status) return status;
  m_isInitialised = true;
  m_needsRecycle = false;
  m_isSpoiled = false;
  m_downs = m_watch.downs();
  m_state = State::Ready;
  return {};
}

Status LaneTransaction::initialise() {
  const auto error = TransactionError::take(rd_kafka_init_transactions(m_client.get(), kInitMs));
  if (!error) return {};
  m_lastError = error;
  const Action action = actionFor(Call::Init, error);
  if (action == Action::Retry) {
    if (m_watch.isAway()) return m_connection->brokersAway(m_watch);
    return trouble("E-3114", "does not begin", Retry::Later);
  }
  closeClient();
  if (action == Action::Refuse) {
    return Error{"E-3113",
                 "The broker takes no transactions of " + std::to_string(m_settings.timeoutMs) +
                     " ms: its transaction.max.timeout.ms is " + brokersLimit() +
                     ". Lower \"transactionTimeout\" of the source, or raise the broker's.",
                 "transactionTimeout", Retry::Never};
  }
  if (action == Action::Pause)
    return trouble("E-3115", "is not allowed; it goes on when that is mended", Retry::Later);
  return trouble("E-3114", "does not begin", Retry::Later);
}

std::string LaneTransaction::brokersLimit() {
  const auto limit = brokerSetting(*m_connection, "transaction.max.timeout.ms");
  return limit ? *limit + " ms" : "lower";
}

Error LaneTransaction::trouble(const char* code, const std::string& what, Retry retry) const {
  return {code,
          "The transaction " + m_settings.id + ' ' + what + ": " + oneLine(m_lastError.text, 200) +
              (retry == Retry::Later ? "; it is tried again." : "."),
          "", retry};
}

/// Calls, and again where that can help. Nothing: it succeeded.
std::optional<TransactionAction> LaneTransaction::call(
    TransactionCall which, const std::function<rd_kafka_error_t*()>& make) {
  const std::int64_t began = monotonicNs();
  const std::int64_t until = which == Call::Abort ? began + milliseconds(kAbortMs)
                                                  : m_beganNs + milliseconds(m_settings.timeoutMs);
  for (int attempt = 0;; ++attempt) {
    const auto error = TransactionError::take(make());
    const std::int64_t now = monotonicNs();
    if (attempt > 0 || now - began > milliseconds(kSocketTimeoutMs) / 2) m_needsRecycle = true;
    if (!error) return std::nullopt;
    m_needsRecycle = true;
    m_lastError = error;
    const Action action = actionFor(which, error);
    if (action != Action::Retry) return action;
    if (now > until) return Action::Recycle;
    m_context.service();
    std::this_thread::sleep_for(std::chrono::milliseconds(kRetryMs));
  }
}

Status LaneTransaction::begin() {
  if (m_state == State::Open) return {};
  if (monotonicNs() < m_pausedUntilNs)
    return trouble("E-3115", "cannot go on; it does when that is mended", Retry::Later);
  if (m_state == State::Ending || m_state == State::Closed || m_needsRecycle ||
      m_watch.downs() != m_downs) {
    if (auto status = recycle(); !status) return status;
  }
  m_beganNs = monotonicNs();
  m_isSpoiled = false;
  const auto failed = call(Call::Begin, [&] { return rd_kafka_begin_transaction(m_client.get()); });
  if (!failed) {
    m_state = State::Open;
    return {};
  }
  m_needsRecycle = true;
  m_state = State::Closed;
  if (*failed == Action::Fenced) {
    if (auto error = m_fences.note(m_context, m_watch.downs() != m_downs)) return *error;
  }
  return trouble("E-3114", "does not begin", Retry::Later);
}

rd_kafka_error_t* LaneTransaction::sendOffsets(std::span<const stage::Position> positions) {
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const stage::Position& position : positions) {
    auto* entry =
        rd_kafka_topic_partition_list_add(list.get(), m_settings.topic.c_str(), position.partition);
    entry->offset = position.offset;
    // The list frees it.
    entry->metadata = strndup(position.note.c_str(), position.note.size());
    entry->metadata_size = position.note.size();
  }
  rd_kafka_consumer_group_metadata_t* group = rd_kafka_consumer_group_metadata(m_consumer);
  rd_kafka_error_t* error =
      rd_kafka_send_offsets_to_transaction(m_client.get(), list.get(), group, -1);
  rd_kafka_consumer_group_metadata_destroy(group);
  return error;
}

Result<stage::Transaction::Outcome> LaneTransaction::commit(
    std::span<const stage::Position> positions) {
  if (m_state == State::Ending) return decide(m_verdict);
  if (m_state != State::Open) return Outcome::Aborted;
  if (m_isSpoiled) return giveUp();
  if (auto failed = call(Call::SendOffsets, [&] { return sendOffsets(positions); }))
    return follow(*failed, Outcome::Aborted);
  failpoint("after_send_offsets");
  if (auto failed =
          call(Call::Commit, [&] { return rd_kafka_commit_transaction(m_client.get(), -1); }))
    return follow(*failed, Outcome::InDoubt);
  m_state = State::Ready;
  m_pauseNs = 0;
  return Outcome::Committed;
}

Result<stage::Transaction::Outcome> LaneTransaction::follow(TransactionAction action,
                                                            Outcome verdict) {
  switch (action) {
    case Action::Pause:
      pause();
      break;
    case Action::Fenced:
      if (auto error = m_fences.note(m_context, m_watch.downs() != m_downs)) return *error;
      return decide(verdict);
    case Action::Abort:
    case Action::Wait:
      break;
    case Action::Recycle:
    case Action::Retry:
    case Action::Refuse:
      return decide(verdict);
  }
  if (verdict == Outcome::Aborted) return giveUp();
  (void)TransactionError::take(rd_kafka_abort_transaction(m_client.get(), kAbortMs));
  return decide(verdict);
}

void LaneTransaction::pause() {
  m_pauseNs = std::clamp(m_pauseNs * 2, kFirstPauseNs, kLongestPauseNs);
  m_pausedUntilNs = monotonicNs() + m_pauseNs;
}

/// Aborts where nothing was committed.
Result<stage::Transaction::Outcome> LaneTransaction::giveUp() {
  // A message that could not be delivered may not be the next time either: not in a tight loop.
  if (m_isSpoiled && m_lastError.code != RD_KAFKA_RESP_ERR_NO_ERROR) pause();
  const auto failed =
      call(Call::Abort, [&] { return rd_kafka_abort_transaction(m_client.get(), kAbortMs); });
  m_needsRecycle = true;
  if (failed) return decide(Outcome::Aborted);
  m_state = State::Ready;
  return Outcome::Aborted;
}

/// Whatever the old producer has left on its way is decided once a new one has its place.
Result<stage::Transaction::Outcome> LaneTransaction::decide(Outcome verdict) {
  m_state = State::Ending;
  m_verdict = verdict;
  if (auto status = recycle(); !status) return status.error();
  return verdict;
}

Status LaneTransaction::abort() {
  if (m_state != State::Open && m_state != State::Ending) return {};
  auto outcome = m_state == State::Open ? giveUp() : decide(m_verdict);
  return outcome ? Status() : Status(outcome.error());
}

}  // namespace freshet::kafka
