// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/stage/sink.h"
#include "plugins/kafka/connection.h"

namespace freshet::kafka {

struct WriterSettings {
  std::string topic;
  std::int64_t lingerMs = 5;
  std::string compression = "none";
};

class LaneTransaction;
class TopicWriter;

/// A message on its way; lives in its parcel until the broker has answered.
struct Outgoing {
  struct Parcel* parcel = nullptr;
  record::Record* record = nullptr;
  std::string_view key;    ///< null data: no key
  std::string_view value;  ///< null data: no value
  std::span<const record::Header> headers;
  std::uint32_t ordinal = 0;  ///< among the messages of the same event
};

/// The messages of one write and the memory they point into: the batch (by its lease) and an arena
/// of its own. Free again when the last of them is answered.
struct Parcel {
  TopicWriter* writer = nullptr;
  std::uint64_t number = 0;  ///< rises; with the place in `messages` it is the order of sending
  stage::BatchLease lease;
  Arena arena;
  std::vector<Outgoing> messages;
  std::size_t open = 0;
};

/// One lane's way into one topic, by an idempotent producer of its own or by the lane's
/// transaction. Lane's thread only. Payloads stay where they are until their delivery report. What
/// the broker refuses for good is collected; everything else is sent until it arrives, in order. In
/// a transaction what does not arrive spoils it, and all is written again; what the broker has
/// refused is then refused here. Without a client (inert) all arrives at once.
class TopicWriter {
 public:
  static Result<std::unique_ptr<TopicWriter>> open(
      std::shared_ptr<const KafkaConnection> connection, WriterSettings settings,
      stage::StageContext& context, LaneTransaction* transaction = nullptr);
  ~TopicWriter();

  /// Room for more, or "E-3101", "E-3102", "E-3108" where earlier messages cannot leave.
  Status makeRoom();
  /// An empty parcel to fill; give it to `send`.
  Parcel& newParcel(const stage::BatchLease& lease);
  void send(Parcel& parcel);
  /// A record that never became a message.
  void refuse(const stage::Failure& failure, const stage::BatchLease& lease);
  /// Until all is answered; Retry::Later after some seconds without progress. Failures stay valid
  /// until the next call of any method.
  Status flush(std::vector<stage::Failure>& refused);

  // For the transaction, whose producers come and go.
  std::int64_t lingerMs() const { return m_settings.lingerMs; }
  Status useClient(rd_kafka_t* client);
  void dropTopic() { m_topic.reset(); }
  /// The producer is gone with all that was on its way.
  void forget();
  static void onDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*);

 private:
  TopicWriter(std::shared_ptr<const KafkaConnection> connection, WriterSettings settings,
              stage::StageContext& context, LaneTransaction* transaction)
      : m_connection(std::move(connection)),
        m_settings(std::move(settings)),
        m_context(context),
        m_transaction(transaction) {}
  Status openClient();
  void renewClient();
  rd_kafka_t* client() const;
  const BrokerWatch& watch() const;
  bool isSpoiled() const;
  void answer(Outgoing& message, rd_kafka_resp_err_t error);
  void answerInTransaction(Outgoing& message, rd_kafka_resp_err_t error);
  void refuseMessage(Outgoing& message, rd_kafka_resp_err_t error);
  void settle(Outgoing& message);
  void sendAgain();
  bool pump();
  std::size_t offer();
  rd_kafka_resp_err_t offerWithHeaders(Outgoing& message);
  void serve(int waitMs);
  Error trouble() const;

  std::shared_ptr<const KafkaConnection> m_connection;
  WriterSettings m_settings;
  stage::StageContext& m_context;
  LaneTransaction* m_transaction;
  std::map<std::string, rd_kafka_resp_err_t> m_refusedBefore;  ///< by place of the event
  std::vector<std::unique_ptr<Parcel>> m_parcels;
  std::vector<Parcel*> m_free;
  std::uint64_t m_nextNumber = 0;
  std::deque<Outgoing*> m_waiting;  ///< not taken by the client yet, in order
  std::vector<Outgoing*> m_again;   ///< given back by the client
  std::size_t m_open = 0;           ///< messages without an answer
  std::size_t m_bytesInClient = 0;
  std::vector<rd_kafka_message_t> m_batch;
  rd_kafka_resp_err_t m_lastError = RD_KAFKA_RESP_ERR_NO_ERROR;
  struct Refused {
    stage::Failure failure;
    stage::BatchLease lease;
    std::string message;
  };
  std::deque<Refused> m_refused;
  std::deque<Refused> m_reported;
  BrokerWatch m_watch;
  ClientPtr m_client;
  TopicPtr m_topic;
};

}  // namespace freshet::kafka
