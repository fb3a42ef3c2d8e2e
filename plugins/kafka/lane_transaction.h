// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/stage/source.h"
#include "core/stage/stage_context.h"
#include "plugins/kafka/connection.h"
#include "plugins/kafka/transaction_errors.h"

namespace freshet::kafka {

class TopicWriter;

struct TransactionSettings {
  std::string id;     ///< transactional.id: pipeline/group/slot-lane
  std::string topic;  ///< whose positions are committed
  int timeoutMs = 60'000;
};

/// pipeline/group/slot-lane: one producer at a time has it; whoever comes later fences the others.
std::string transactionalId(const stage::StageContext& context, const std::string& group, int lane);
/// Whether who takes our place is somebody else. Once it may be our own late past, or a broker died
/// with its answer on the way; twice within a minute, with no broker away, it is not: "E-3116".
class Fences {
 public:
  std::optional<Error> note(const stage::StageContext& context, bool wasBrokerAway);

 private:
  std::int64_t m_lastNs = 0;
};

/// One lane's transactional producer, shared by the sinks that joined. Lane's thread only.
/// librdkafka 2.0.2 sends an EndTxn again when a connection breaks, and says it succeeded although
/// the first may still arrive later: after a commit or abort during which a broker went away, that
/// was slow or not clean, the producer is replaced before the next begin, which fences what is
/// late.
class LaneTransaction final : public stage::Transaction {
 public:
  LaneTransaction(std::shared_ptr<const KafkaConnection> connection, TransactionSettings settings,
                  rd_kafka_t* consumer, stage::StageContext& context);
  ~LaneTransaction() override;
  /// The lane reads by another client from now on; between two transactions.
  void setConsumer(rd_kafka_t* consumer) { m_consumer = consumer; }

  Status open() override;
  Status begin() override;
  Result<Outcome> commit(std::span<const stage::Position> positions) override;
  Status abort() override;
  /// Two transactions' time, for a commit and then an abort, and a new producer.
  std::int64_t longestMs() const override { return 2 * m_settings.timeoutMs + 15'000; }

  const KafkaConnection& connection() const { return *m_connection; }
  /// Before `open`.
  void attach(TopicWriter& writer);
  /// The writer goes; what it has under way is given up.
  void detach(TopicWriter& writer);
  rd_kafka_t* client() { return m_client.get(); }
  const BrokerWatch& watch() const { return m_watch; }
  /// Something that was written did not arrive: the transaction can only be aborted.
  void spoil(rd_kafka_resp_err_t error);
  bool isSpoiled() const { return m_isSpoiled; }
  /// How often the producer was replaced; for tests and figures.
  int recycles() const { return m_recycles; }

 private:
  /// Closed: no producer that works. Ending: it is given up or in doubt until a new one fences it.
  enum class State { Closed, Ready, Open, Ending };

  Status openClient();
  void closeClient();
  Status recycle();
  Status initialise();
  std::optional<TransactionAction> call(TransactionCall which,
                                        const std::function<rd_kafka_error_t*()>& make);
  Result<Outcome> giveUp();
  Result<Outcome> decide(Outcome verdict);
  Result<Outcome> follow(TransactionAction action, Outcome verdict);
  rd_kafka_error_t* sendOffsets(std::span<const stage::Position> positions);
  void pause();
  Error trouble(const char* code, const std::string& what, Retry retry) const;
  std::string brokersLimit();

  std::shared_ptr<const KafkaConnection> m_connection;
  TransactionSettings m_settings;
  rd_kafka_t* m_consumer;
  stage::StageContext& m_context;
  std::vector<TopicWriter*> m_writers;
  State m_state = State::Closed;
  Outcome m_verdict = Outcome::Aborted;  ///< of Ending
  bool m_isInitialised = false;
  bool m_needsRecycle = false;
  bool m_isSpoiled = false;
  TransactionError m_lastError;
  int m_downs = 0;  ///< of the watch, when the transaction began
  std::int64_t m_beganNs = 0;
  Fences m_fences;
  std::int64_t m_pausedUntilNs = 0;
  std::int64_t m_pauseNs = 0;
  int m_recycles = 0;
  BrokerWatch m_watch;
  ClientPtr m_client;
};

}  // namespace freshet::kafka
